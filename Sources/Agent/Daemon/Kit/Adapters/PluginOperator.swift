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

  init(
    registry: PluginRegistry, directory: PluginDirectoryAdapter, ring: LogRing, logger: Logger
  ) {
    self.registry = registry
    self.directory = directory
    self.ring = ring
    self.logger = logger
  }

  func load(_ request: PluginLoadRequest) async throws(PluginOperationError) -> PluginFacts {
    let plugin = try await host { () throws(PluginHostError) in
      try await self.registry.prepare(
        try self.registry.find(request.file), as: nil, digest: request.digest.map { "sha256:" + $0.hexadecimal },
        isolation: request.isolation.map(PluginHost.PluginIsolation.init))
    }
    try await exclusively(plugin.manifest.name) { () async throws(PluginOperationError) in
      try await self.put(plugin, instead: nil)
    }
    return facts(plugin)
  }

  func reload(_ request: PluginReloadRequest) async throws(PluginOperationError) -> PluginFacts {
    let old = try plugin(request.name)
    return try await exclusively(request.name) { () async throws(PluginOperationError) in
      guard self.records.withLock({ $0[request.name]?.trial == nil }) else {
        throw PluginOperationError(
          .failedPrecondition(.trialRunning), "the last reload of \(request.name) is on trial: wait, or roll it back")
      }
      let isolation = request.isolation.map(PluginHost.PluginIsolation.init) ?? old.isolation
      let new = try await self.host { () throws(PluginHostError) in
        let path = if let file = request.file { try self.registry.find(file) } else { old.file }
        return try await self.registry.prepare(
          path, as: request.name, digest: request.digest.map { "sha256:" + $0.hexadecimal }, isolation: isolation)
      }
      let baseline = old.tally.current
      try await self.put(new, instead: old)
      let dropped = self.note(new, after: old)
      await self.registry.discard(dropped)
      if let settings = request.trial { self.beginTrial(new, settings, baseline) }
      return self.facts(new)
    }
  }

  func rollBack(_ name: String) async throws(PluginOperationError) -> PluginFacts {
    _ = try plugin(name)
    return try await exclusively(name) { () async throws(PluginOperationError) in
      self.endTrial(name, .worse("somebody rolled it back"))
      return self.facts(try await self.putPrevious(name))
    }
  }

  func disable(_ name: String, reason: String) async throws(PluginOperationError) -> PluginFacts {
    let plugin = try plugin(name)
    plugin.disable(reason.isEmpty ? "somebody disabled it" : reason)
    return facts(plugin)
  }

  func enable(_ name: String) async throws(PluginOperationError) -> PluginFacts {
    let plugin = try plugin(name)
    plugin.enable()
    return facts(plugin)
  }

  func configure(_ name: String, json: String) async throws(PluginOperationError) -> PluginFacts {
    let plugin = try plugin(name)
    guard plugin.manifest.isEventType else {
      throw PluginOperationError(
        .failedPrecondition(.configuredBySinks), "\(name) is a sink plugin: its configuration is that of each sink")
    }
    try await exclusively(name) { () async throws(PluginOperationError) in
      try await self.host { () throws(PluginHostError) in try await self.registry.configure(name, json: json) }
    }
    return facts(plugin)
  }

  func logs(_ name: String, limit: Int) async throws(PluginOperationError) -> [PluginLogLine] {
    _ = try plugin(name)
    return ring.newest(where: "plugin", is: name, limit: limit).map { line in
      PluginLogLine(
        at: line.at, level: line.level, instance: line.fields["instance"] ?? "", message: line.message,
        fields: line.fields.filter { !["plugin", "instance"].contains($0.key) })
    }
  }

  /// A plugin in use.
  private func plugin(_ name: String) throws(PluginOperationError) -> LoadedPlugin {
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
  /// - Throws: `.unavailable` when somebody does.
  private func exclusively<Value>(
    _ name: String, _ body: () async throws(PluginOperationError) -> Value
  ) async throws(PluginOperationError) -> Value {
    let isFree = records.withLock { records in
      let isFree = records[name]?.isBusy != true
      records[name, default: PluginRecord()].isBusy = true
      return isFree
    }
    guard isFree else { throw PluginOperationError(.unavailable, "\(name) is being changed by somebody else") }
    defer { records.withLock { $0[name]?.isBusy = false } }
    return try await body()
  }
}
