import ControlPlane
import EventModel
import PluginHost

/// The plugin host, as the control plane wants it.
struct PluginCatalogAdapter: PluginCatalog {
  let registry: PluginRegistry
  let operations: PluginOperator

  func plugins() async -> [PluginFacts] {
    let loaded = registry.plugins.map { operations.facts($0) }
    return (loaded + registry.problems.map(Self.facts)).sorted { $0.name < $1.name }
  }

  /// A file that was not taken: it has no name but its file's.
  private static func facts(_ problem: PluginProblem) -> PluginFacts {
    PluginFacts(
      name: problem.file.split(separator: "/").last.map(String.init) ?? problem.file, file: problem.file,
      state: problem.code.isByChoice ? .disabled : .refused, problem: problem.description,
      disabledBy: problem.code.isByChoice ? .configuration : nil)
  }

  func eventTypes() async -> [String] { registry.eventTypeNames }

  func sinkPlugins() async -> [String] {
    registry.plugins.filter(\.manifest.isSink).map(\.manifest.name).sorted()
  }

  func validateDefinition(eventType: String, definitionJSON: String) async throws(PluginOperationError) {
    do throws(PluginHostError) {
      try await registry.validateDefinition(eventType: eventType, definitionJSON: definitionJSON)
    } catch {
      switch error.code {
      case .busy, .illegalState, .timeLimit, .pluginDisabled, .failed:
        throw PluginOperationError(.unavailable, "the event type \(eventType) cannot be asked: \(error.message)")
      default: throw PluginOperationError(ModelError(error))
      }
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
