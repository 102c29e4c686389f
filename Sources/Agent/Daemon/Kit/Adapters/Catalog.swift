import ControlPlane
import EventModel
import PluginHost

/// The plugin host, as the control plane wants it.
struct PluginCatalogAdapter: PluginCatalog {
  let registry: PluginRegistry

  func plugins() async -> [PluginFacts] {
    registry.listing.map(facts).sorted { $0.name < $1.name }
  }

  private func facts(_ info: PluginInfo) -> PluginFacts {
    // A refused file has no name and no manifest.
    let manifest = registry.plugin(named: info.name)?.manifest
    let state: PluginFacts.State =
      switch info.state {
      case .loaded: .loaded
      case .disabled: .disabled
      case .refused: .refused
      }
    return PluginFacts(
      name: info.name.isEmpty ? info.file.split(separator: "/").last.map(String.init) ?? info.file : info.name,
      id: info.id, version: info.version, summary: info.summary, vendor: info.vendor,
      license: manifest?.license ?? "", provides: info.provides, reads: manifest?.reads ?? [],
      permissions: manifest?.permissions ?? [], file: info.file, state: state, problem: info.problem,
      configurationSchemaJSON: manifest?.configurationSchemaJSON ?? "",
      definitionSchemaJSON: manifest?.definitionSchemaJSON ?? "",
      wording: manifest.map(BuiltInWording.init) ?? .none)
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

extension BuiltInWording {
  /// What a manifest says.
  init(_ manifest: PluginManifest) {
    self.init(takesTemplates: manifest.takesTemplates, locale: manifest.builtInLocale)
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
