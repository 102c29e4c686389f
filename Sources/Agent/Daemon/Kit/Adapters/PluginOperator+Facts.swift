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
      statistics: statistics(plugin), loadedAt: plugin.loadedAt,
      isDisabledByChoice: plugin.disabledReason != nil && !plugin.isDisabledForFaults)
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
    for (verdict, count) in counts.verdicts { deliveries[verdict.rawValue] = count }
    return PluginStatistics(deliveries: deliveries)
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
