import ControlAPI
import SwiftProtobuf

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
      case .stopped: .stopped
      case .quarantined: .quarantined
      }
    problem = plugin.problem
    if !plugin.configurationSchemaJSON.isEmpty {
      configurationSchema = try StructJSON.document(of: plugin.configurationSchemaJSON)
    }
    if !plugin.definitionSchemaJSON.isEmpty {
      definitionSchema = try StructJSON.document(of: plugin.definitionSchemaJSON)
    }
    if !plugin.configurationJSON.isEmpty { configuration = try StructJSON.document(of: plugin.configurationJSON) }
    sha256 = plugin.sha256
    abiVersion = plugin.abiVersion
    takeLife(of: plugin)
  }

  /// How it runs in this agent.
  private mutating func takeLife(of plugin: PluginFacts) {
    isolation = Isolation(plugin.isolation)
    if let process = plugin.process { self.process = Carillon_V1_PluginProcess(process) }
    previousVersion = plugin.previousVersion
    previousSha256 = plugin.previousSHA256
    if let trial = plugin.trial { self.trial = Carillon_V1_PluginTrial(trial) }
    reloads = Int32(clamping: plugin.reloads)
    if let left = plugin.reloadsLeft { reloadsLeft = Int32(clamping: left) }
    if let statistics = plugin.statistics { self.statistics = Carillon_V1_PluginStatistics(statistics) }
    if let loadedAt = plugin.loadedAt { loadTime = Google_Protobuf_Timestamp(loadedAt) }
    etag = plugin.etag
    disabledBy = DisabledBy(plugin.disabledBy)
    untilRestart = plugin.untilRestart
  }

  /// Without what is another at each look, so that a watch has something to say when something has happened.
  var withoutCounts: Self {
    var shown = self
    shown.clearStatistics()
    if shown.hasProcess { shown.process.residentBytes = 0 }
    return shown
  }
}
