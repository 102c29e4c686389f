import ControlAPI

extension Carillon_V1_Plugin {
  /// What a client is shown of a plugin.
  /// - Throws: when one of its schemas is no JSON object.
  init(_ plugin: PluginFacts) throws(StructJSONError) {
    self.init()
    name = ResourceName(kind: .plugin, id: plugin.name).text
    id = plugin.id
    version = plugin.version
    summary = plugin.summary
    vendor = plugin.vendor
    license = plugin.license
    provides = plugin.provides
    reads = plugin.reads
    permissions = plugin.permissions
    file = plugin.file
    state =
      switch plugin.state {
      case .loaded: .loaded
      case .refused: .refused
      case .disabled: .disabled
      }
    problem = plugin.problem
    if !plugin.configurationSchemaJSON.isEmpty {
      configurationSchema = try StructJSON.document(of: plugin.configurationSchemaJSON)
    }
    if !plugin.definitionSchemaJSON.isEmpty {
      definitionSchema = try StructJSON.document(of: plugin.definitionSchemaJSON)
    }
  }
}
