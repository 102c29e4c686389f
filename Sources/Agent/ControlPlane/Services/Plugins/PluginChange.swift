import ControlAPI
import EventModel
import GRPCCore
import Logging
import Store

/// What is to be done with a plugin.
struct PluginChange: Sendable {
  let action: PluginRecord.Action
  /// The plugin's; when a file is loaded, the file's, since nobody knows yet what is in it.
  let name: ResourceName
  /// Nil when it is not loaded yet.
  let before: PluginFacts?
  let reason: String

  init(_ action: PluginRecord.Action, _ name: ResourceName, before: PluginFacts?, reason: String = "") {
    self.action = action
    self.name = name
    self.before = before
    self.reason = reason
  }

  /// What the audit keeps of it.
  /// - Parameters:
  ///   - after: the plugin as it is now.
  ///   - configurationJSON: the configuration that it was given; nil when that did not change.
  func record(_ after: PluginFacts, configurationJSON: String?) -> PluginRecord {
    var state = PluginRecord.State(after)
    state.configurationJSON = configurationJSON ?? ""
    return PluginRecord(
      action: action, plugin: after.name, reason: reason, before: before.map(PluginRecord.State.init), after: state)
  }
}

extension PluginRecord.State {
  /// Without the configuration: what is shown of it is not what it is.
  fileprivate init(_ facts: PluginFacts) {
    self.init(
      version: facts.version, sha256: facts.sha256, isolation: facts.isolation?.rawValue ?? "",
      state: "\(facts.state)")
  }
}

extension PluginsService {
  /// - Throws: NOT_FOUND with the names that there are.
  func existing(_ name: ResourceName) async throws -> PluginFacts {
    let plugins = await environment.plugins.plugins()
    guard let plugin = plugins.first(where: { $0.name == name.id }) else {
      let more = plugins.count > Environment.shownNames ? ", …" : ""
      let known = plugins.prefix(Environment.shownNames).map(\.name).joined(separator: ", ") + more
      throw Failure.notFound(name, hint: known.isEmpty ? "; there are none" : "; there are: " + known)
    }
    return plugin
  }

  /// What is to be done with a plugin that there is.
  func change(
    _ action: PluginRecord.Action, _ name: ResourceName, reason: String = ""
  ) async throws -> PluginChange {
    PluginChange(action, name, before: try await existing(name), reason: reason)
  }

  func operations() throws -> any PluginOperations {
    guard let operations = environment.operations else {
      throw Failure.precondition("NO_PLUGIN_OPERATIONS", "this agent's plugins stay as they were at its start")
    }
    return operations
  }

  /// Does it, and leaves its record; only looks at it when the call says so. With a store that takes no records nothing is
  /// done; one that fails in between is told, and the log has what was done.
  /// - Parameters:
  ///   - path: where the fields stand in the request that faults are about.
  ///   - configurationJSON: the configuration that is given; nil when it stays.
  func make(
    _ change: PluginChange, _ call: PluginCall, path: FieldPath = .root, configurationJSON: String? = nil,
    _ body: (any PluginOperations) async throws(PluginOperationError) -> PluginFacts
  ) async throws -> Carillon_V1_Plugin {
    let operations = try operations()
    let context = call.context
    _ = try await keep(change.record(PluginFacts(name: change.name.id), configurationJSON: nil), call, dryRun: true)
    let facts = try await naming(change.name, path: path) { () throws(PluginOperationError) in
      try await body(operations)
    }
    guard !call.dryRun else { return try Carillon_V1_Plugin(facts) }
    environment.logger.notice(
      "changed a plugin",
      metadata: [
        "action": "\(change.action.rawValue)", "plugin": "\(facts.name)", "version": "\(facts.version)",
        "sha256": "\(facts.sha256)", "caller": "\(environment.actor(context).name)",
      ])
    _ = try await keep(change.record(facts, configurationJSON: configurationJSON), call, dryRun: false)
    return try Carillon_V1_Plugin(facts)
  }

  /// An error of the agent's plugins names the resource, and its faults the request's fields.
  func naming<Value: Sendable>(
    _ name: ResourceName, path: FieldPath = .root, _ body: () async throws(PluginOperationError) -> Value
  ) async throws -> Value {
    do throws(PluginOperationError) {
      return try await body()
    } catch {
      if error.code == .invalid, !error.violations.isEmpty {
        var violations = Violations()
        violations.keep(ModelError(violations: error.violations), under: path)
        try violations.check()
      }
      throw Failure.plugin(error, resource: name)
    }
  }
}
