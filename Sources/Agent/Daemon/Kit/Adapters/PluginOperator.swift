import ControlPlane
import EventModel
import Logging
import PluginHost
import Synchronization
import Telemetry

/// Changes the plugins of the running agent: one change of a plugin at a time.
final class PluginOperator: PluginOperations {
  let registry: PluginRegistry
  let directory: PluginDirectoryAdapter
  let ring: LogRing
  let logger: Logger
  let records = Mutex<[String: PluginRecord]>([:])

  /// Which plugins stay out of use when the agent starts anew.
  let disabled: DisabledPlugins

  /// Takes those plugins out of use that were so when the agent ended.
  init(
    registry: PluginRegistry, directory: PluginDirectoryAdapter, ring: LogRing,
    disabled: DisabledPlugins = DisabledPlugins(), logger: Logger
  ) {
    self.registry = registry
    self.directory = directory
    self.ring = ring
    self.disabled = disabled
    self.logger = logger
    for plugin in registry.plugins { settle(plugin) }
  }

  func load(_ request: PluginLoadRequest, dryRun: Bool = false) async throws(PluginOperationError) -> PluginFacts {
    if dryRun { return try await foreseen(request) }
    let plugin = try await host { () throws(PluginHostError) in
      try await self.registry.prepare(
        try self.registry.find(request.file), as: nil, digest: request.digest.map { "sha256:" + $0.hexadecimal },
        isolation: request.isolation.map(PluginHost.PluginIsolation.init))
    }
    try await exclusively(plugin.manifest.name) { () async throws(PluginOperationError) in
      try await self.put(plugin, instead: nil)
    }
    noteChange(plugin.manifest.name)
    return facts(plugin)
  }

  func reload(
    _ request: PluginReloadRequest, on terms: PluginTerms = PluginTerms()
  ) async throws(PluginOperationError) -> PluginFacts {
    _ = try plugin(request.name)
    return try await exclusively(request.name, terms) { () async throws(PluginOperationError) in
      guard self.records.withLock({ $0[request.name]?.trial == nil }) else {
        throw PluginOperationError(
          .failedPrecondition(.trialRunning), "the last reload of \(request.name) is on trial: wait, or roll it back")
      }
      let old = try self.plugin(request.name)
      if terms.dryRun { return try await self.foreseen(request, instead: old) }
      let isolation = request.isolation.map(PluginHost.PluginIsolation.init) ?? old.isolation
      let new = try await self.host { () throws(PluginHostError) in
        try await self.registry.prepare(
          try self.path(request, old), as: request.name, digest: request.digest.map { "sha256:" + $0.hexadecimal },
          isolation: isolation)
      }
      let baseline = old.tally.current
      try await self.put(new, instead: old)
      let dropped = self.note(new, after: old)
      await self.registry.retire(dropped)
      if let settings = request.trial { self.beginTrial(new, settings, baseline) }
      return self.facts(new)
    }
  }

  func rollBack(
    _ name: String, on terms: PluginTerms = PluginTerms()
  ) async throws(PluginOperationError) -> PluginFacts {
    _ = try plugin(name)
    return try await exclusively(name, terms) { () async throws(PluginOperationError) in
      if terms.dryRun { return try self.foreseenRollBack(name) }
      self.endTrial(name, .worse("somebody rolled it back"))
      return self.facts(try await self.putPrevious(name))
    }
  }

  func disable(
    _ name: String, reason: String, on terms: PluginTerms = PluginTerms()
  ) async throws(PluginOperationError) -> PluginFacts {
    let plugin = try plugin(name)
    try check(plugin, terms)
    let reason = reason.isEmpty ? "somebody disabled it" : reason
    if terms.dryRun { return foreseenState(plugin, .disabled, reason) }
    keep { () throws(FileError) in try self.disabled.add(name, reason) }
    if plugin.disable(reason) { noteChange(name) }
    return facts(plugin)
  }

  func enable(
    _ name: String, on terms: PluginTerms = PluginTerms()
  ) async throws(PluginOperationError) -> PluginFacts {
    let plugin = try plugin(name)
    try check(plugin, terms)
    if terms.dryRun { return foreseenState(plugin, .loaded, "") }
    keep { () throws(FileError) in try self.disabled.remove(name) }
    let wasOut = plugin.disabledReason != nil || plugin.process?.quarantineLeft != nil
    plugin.enable()
    if wasOut { noteChange(name) }
    return facts(plugin)
  }

  func configure(
    _ name: String, json: String, on terms: PluginTerms = PluginTerms()
  ) async throws(PluginOperationError) -> PluginFacts {
    let plugin = try plugin(name)
    guard plugin.manifest.isEventType else {
      throw PluginOperationError(
        .failedPrecondition(.configuredBySinks), "\(name) is a sink plugin: its configuration is that of each sink")
    }
    return try await exclusively(name, terms) { () async throws(PluginOperationError) in
      if terms.dryRun { return try await self.foreseenConfiguration(name, json) }
      try await self.host { () throws(PluginHostError) in try await self.registry.configure(name, json: json) }
      self.noteChange(name)
      return self.facts(try self.plugin(name))
    }
  }

  func logs(_ name: String, limit: Int) async throws(PluginOperationError) -> [PluginLogLine] {
    _ = try plugin(name)
    return ring.newest(where: LogRing.pluginField, is: name, limit: limit).map { PluginLogLine(LogEntry($0)) }
  }

  /// A plugin in use.
  func plugin(_ name: String) throws(PluginOperationError) -> LoadedPlugin {
    guard let plugin = registry.plugin(named: name) else {
      throw PluginOperationError(.notFound, "no plugin \"\(name)\" is loaded")
    }
    return plugin
  }

  /// Makes a call of the plugin host, with its errors in the terms of the API.
  func host<Value>(
    _ body: () async throws(PluginHostError) -> Value
  ) async throws(PluginOperationError) -> Value {
    do throws(PluginHostError) { return try await body() } catch { throw PluginOperationError(error) }
  }

  /// Runs while nobody else changes the plugin.
  /// - Throws: `.unavailable` when somebody does, `.etagMismatch` when somebody did.
  private func exclusively<Value>(
    _ name: String, _ terms: PluginTerms = PluginTerms(), _ body: () async throws(PluginOperationError) -> Value
  ) async throws(PluginOperationError) -> Value {
    let isFree = records.withLock { records in
      let isFree = records[name]?.isBusy != true
      records[name, default: PluginRecord()].isBusy = true
      return isFree
    }
    guard isFree else { throw PluginOperationError(.unavailable, "\(name) is being changed by somebody else") }
    defer { records.withLock { $0[name]?.isBusy = false } }
    if let plugin = registry.plugin(named: name) { try check(plugin, terms) }
    return try await body()
  }
}
