import ControlPlane
import EventModel
import PluginHost

/// The plugin host, as the control plane wants it.
struct PluginCatalogAdapter: PluginCatalog {
  let registry: PluginRegistry

  func plugins() async -> [PluginFacts] {
    let loaded = registry.plugins.map { plugin in
      let manifest = plugin.manifest
      return PluginFacts(
        name: manifest.name, id: manifest.id, version: manifest.version, summary: manifest.summary,
        vendor: manifest.vendor, license: manifest.license, provides: manifest.provides, reads: manifest.reads,
        permissions: manifest.permissions, file: plugin.file, state: plugin.disabledReason == nil ? .loaded : .disabled,
        problem: plugin.disabledReason ?? "", configurationSchemaJSON: manifest.configurationSchemaJSON,
        definitionSchemaJSON: manifest.definitionSchemaJSON)
    }
    let refused = registry.problems.map { problem in
      PluginFacts(
        name: problem.file.split(separator: "/").last.map(String.init) ?? problem.file, file: problem.file,
        state: .refused, problem: problem.description)
    }
    return (loaded + refused).sorted { $0.name < $1.name }
  }

  func eventTypes() async -> [String] { registry.eventTypeNames }

  func sinkPlugins() async -> [String] {
    registry.plugins.filter(\.manifest.isSink).map(\.manifest.name).sorted()
  }

  func validateDefinition(eventType: String, definitionJSON: String) async throws(ModelError) {
    do throws(PluginHostError) {
      try await registry.validateDefinition(eventType: eventType, definitionJSON: definitionJSON)
    } catch {
      throw ModelError(error)
    }
  }

  func validateSinkConfiguration(plugin: String, json: String) async throws(ModelError) {
    do throws(PluginHostError) {
      try registry.validateSink(plugin: plugin, configurationJSON: json)
    } catch {
      throw ModelError(error)
    }
  }

  func redactedConfiguration(plugin: String, json: String) async -> String {
    guard let schema = registry.plugin(named: plugin)?.manifest.configuration else { return #"{"hidden":true}"# }
    return schema.redacted(json)
  }
}

extension ModelError {
  /// The violations by their pointers; a failure without any stands for the whole document.
  init(_ error: PluginHostError) {
    guard !error.violations.isEmpty else {
      self.init(field: "", error.message)
      return
    }
    self.init(violations: error.violations.map { .init(field: $0.pointer, message: $0.message) })
  }
}
