import ControlPlane
import EventModel
import PluginHost
import Synchronization

/// What calls would answer: all is checked that can be without taking anything into use, and nothing is changed.
extension PluginOperator {
  /// The file of a reload.
  func path(_ request: PluginReloadRequest, _ old: LoadedPlugin) throws(PluginHostError) -> String {
    if let file = request.file { try registry.find(file) } else { old.file }
  }

  func foreseen(_ request: PluginLoadRequest) async throws(PluginOperationError) -> PluginFacts {
    let checked = try await host { () throws(PluginHostError) in
      try await self.registry.check(
        try self.registry.find(request.file), as: nil, digest: request.digest.map { "sha256:" + $0.hexadecimal },
        isolation: request.isolation.map(PluginHost.PluginIsolation.init))
    }
    var facts = PluginFacts(name: checked.manifest?.name ?? request.file)
    facts.take(checked)
    guard let manifest = checked.manifest else { return facts }
    if manifest.isEventType {
      facts.configurationJSON = manifest.configuration.redacted(registry.configuration(of: manifest.name))
    }
    if let reason = disabled.reason(of: manifest.name) {
      (facts.state, facts.problem, facts.disabledBy) = (.disabled, reason, .call)
    }
    return facts
  }

  func foreseen(
    _ request: PluginReloadRequest, instead old: LoadedPlugin
  ) async throws(PluginOperationError) -> PluginFacts {
    let checked = try await host { () throws(PluginHostError) in
      let checked = try await self.registry.check(
        try self.path(request, old), as: request.name, digest: request.digest.map { "sha256:" + $0.hexadecimal },
        isolation: request.isolation.map(PluginHost.PluginIsolation.init) ?? old.isolation)
      if let manifest = checked.manifest { try self.directory.check(manifest) }
      return checked
    }
    var facts = facts(old)
    (facts.previousVersion, facts.previousSHA256) = (facts.version, facts.sha256)
    facts.reloads += 1
    facts.take(checked)
    facts.process = nil
    facts.statistics = nil
    facts.trial = request.trial.map {
      PluginTrial(
        state: .running, version: facts.version, startedAt: SystemClock.now(), wantedDeliveries: $0.deliveries,
        baselineFailureRate: old.tally.current.failureRate)
    }
    if old.isDisabledForFaults { (facts.state, facts.problem, facts.disabledBy) = (.loaded, "", nil) }
    return facts
  }

  func foreseenRollBack(_ name: String) throws(PluginOperationError) -> PluginFacts {
    let (current, previous) = try versions(name)
    var facts = facts(previous)
    (facts.previousVersion, facts.previousSHA256) = (current.manifest.version, current.sha256)
    let standing = self.facts(current)
    (facts.state, facts.problem, facts.disabledBy) = (standing.state, standing.problem, standing.disabledBy)
    return facts
  }

  func foreseenState(_ plugin: LoadedPlugin, _ state: PluginFacts.State, _ problem: String) -> PluginFacts {
    var facts = facts(plugin)
    guard state == .loaded || facts.disabledBy != .call else { return facts }
    (facts.state, facts.problem, facts.disabledBy) = (state, problem, state == .disabled ? .call : nil)
    return facts
  }

  func foreseenConfiguration(_ name: String, _ json: String) async throws(PluginOperationError) -> PluginFacts {
    let plugin = try plugin(name)
    try await host { () throws(PluginHostError) in try plugin.validateConfiguration(json) }
    var facts = facts(plugin)
    facts.configurationJSON = plugin.manifest.configuration.redacted(json)
    return facts
  }

  /// The version in use, and the one that was before.
  func versions(_ name: String) throws(PluginOperationError) -> (current: LoadedPlugin, previous: LoadedPlugin) {
    guard let current = registry.plugin(named: name), let previous = records.withLock({ $0[name]?.previous }) else {
      throw PluginOperationError(
        .failedPrecondition(.noPreviousVersion), "\(name) was not reloaded: there is no version to go back to")
    }
    return (current, previous)
  }
}

extension LoadedPlugin {
  /// The digest of its file in hexadecimal.
  var sha256: String { String(digest.dropFirst("sha256:".count)) }
}

extension PluginFacts {
  /// What a file says that was looked at.
  fileprivate mutating func take(_ checked: CheckedPlugin) {
    file = checked.file
    sha256 = String(checked.digest.dropFirst("sha256:".count))
    abiVersion = checked.abiVersion
    isolation = .init(checked.isolation)
    guard let manifest = checked.manifest else {
      version = ""
      return
    }
    (id, version, summary) = (manifest.id, manifest.version, manifest.summary)
    (vendor, license) = (manifest.vendor, manifest.license)
    (provides, reads, permissions) = (manifest.provides, manifest.reads, manifest.permissions)
    configurationSchemaJSON = manifest.configurationSchemaJSON
    definitionSchemaJSON = manifest.definitionSchemaJSON
    wording = BuiltInWording(manifest)
  }
}
