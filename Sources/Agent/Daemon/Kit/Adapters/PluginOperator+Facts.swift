import ControlPlane
import EventModel
import PluginHost
import Synchronization
import Telemetry

extension PluginOperator {
  /// A plugin as the API shows it.
  func facts(_ plugin: LoadedPlugin) -> PluginFacts {
    let manifest = plugin.manifest
    let record = records.withLock { $0[manifest.name] } ?? PluginRecord()
    let (state, problem) = Self.state(plugin)
    return PluginFacts(
      name: manifest.name, id: manifest.id, version: manifest.version, summary: manifest.summary,
      vendor: manifest.vendor, license: manifest.license, provides: manifest.provides, reads: manifest.reads,
      permissions: manifest.permissions, file: plugin.file, state: state, problem: problem,
      configurationSchemaJSON: manifest.configurationSchemaJSON, definitionSchemaJSON: manifest.definitionSchemaJSON,
      wording: BuiltInWording(manifest), sha256: String(plugin.digest.dropFirst("sha256:".count)),
      abiVersion: plugin.abiVersion, isolation: .init(plugin.isolation), configurationJSON: configuration(plugin),
      process: plugin.process.map(PluginProcess.init), previousVersion: record.previous?.manifest.version ?? "",
      previousSHA256: record.previous.map { String($0.digest.dropFirst("sha256:".count)) } ?? "",
      trial: trial(of: plugin), reloads: record.reloads,
      reloadsLeft: plugin.isolation == .inProcess ? registry.localReloadsLeft : nil,
      statistics: statistics(plugin), loadedAt: plugin.loadedAt, disabledBy: Self.disabler(plugin),
      etag: etag(plugin), untilRestart: untilRestart(plugin, record))
  }

  /// Changes with every change of this run, and is no other run's.
  func etag(_ plugin: LoadedPlugin) -> String {
    let changes = records.withLock { $0[plugin.manifest.name]?.changes ?? 0 }
    return "\(String(plugin.loadedAt.microseconds, radix: 36))-\(changes)"
  }

  private static func disabler(_ plugin: LoadedPlugin) -> PluginDisabler? {
    guard plugin.disabledReason != nil else { return nil }
    return plugin.isDisabledForFaults ? .faults : .call
  }

  /// What the next start of the agent does not know of.
  private func untilRestart(_ plugin: LoadedPlugin, _ record: PluginRecord) -> [String] {
    let name = plugin.manifest.name
    let isOlder = record.previous.map { $0.file == plugin.file && $0.loadedAt > plugin.loadedAt } ?? false
    let isElsewhere = record.firstFile.map { $0 != plugin.file } ?? false
    return [
      (isOlder || isElsewhere, "version"), (plugin.isolation != registry.usualIsolation(of: plugin), "isolation"),
      (registry.isConfigured(name), "configuration"), (!disabled.isKept(name), "state"),
    ].filter(\.0).map(\.1)
  }

  private static func state(_ plugin: LoadedPlugin) -> (PluginFacts.State, String) {
    if let reason = plugin.disabledReason { return (.disabled, reason) }
    guard let process = plugin.process, process.pid == nil else { return (.loaded, "") }
    if process.quarantineLeft != nil { return (.quarantined, "its process died too often: \(process.lastEnd)") }
    return (.stopped, process.lastEnd)
  }

  private func configuration(_ plugin: LoadedPlugin) -> String {
    guard plugin.manifest.isEventType else { return "" }
    return plugin.manifest.configuration.redacted(registry.configuration(of: plugin.manifest.name))
  }

  private func statistics(_ plugin: LoadedPlugin) -> PluginStatistics {
    let counts = plugin.tally.current
    var deliveries: [String: Int64] = [:]
    for (verdict, count) in counts.verdicts { deliveries[verdict.word] = count }
    let calls = plugin.calls.current
    return PluginStatistics(
      calls: calls.calls, callFailures: calls.failures, timeouts: calls.timeouts, deliveries: deliveries,
      callP50: calls.p50, callP99: calls.p99, strikes: plugin.strikes)
  }
}

extension DeliveryResult.Verdict {
  /// As the API and the metrics write it.
  fileprivate var word: String {
    switch self {
    case .endpointDisabled: "endpoint-disabled"
    case .sinkDisabled: "sink-disabled"
    default: rawValue
    }
  }
}

extension PluginProcess {
  init(_ facts: PluginProcessFacts) {
    self.init(
      pid: facts.pid.map(Int.init), restarts: facts.restarts, lastExit: facts.lastEnd,
      quarantinedUntil: facts.quarantineLeft.map { SystemClock.now() + TimeSpan($0) },
      residentBytes: facts.residentBytes, enforced: facts.enforced)
  }
}

extension ControlPlane.PluginIsolation {
  init(_ isolation: PluginHost.PluginIsolation) {
    switch isolation {
    case .inProcess: self = .inProcess
    case .process: self = .process
    }
  }
}

extension PluginHost.PluginIsolation {
  init(_ isolation: ControlPlane.PluginIsolation) {
    switch isolation {
    case .inProcess: self = .inProcess
    case .process: self = .process
    }
  }
}
