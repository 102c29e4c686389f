public import EventModel

/// What the control plane tells about a plugin: its manifest, and how it fares in this agent.
public struct PluginFacts: Hashable, Sendable {
  /// How it fares.
  public enum State: Hashable, Sendable {
    /// In use.
    case loaded
    /// Not taken; `problem` says why.
    case refused
    /// Taken out of use; `problem` says why.
    case disabled
    /// Its process ended, and is about to be started again; `problem` says why.
    case stopped
    /// Its process ended too often, and is started again when ``PluginProcess/quarantinedUntil`` is over; `problem` says why.
    case quarantined
  }

  /// What stands in ``configurationJSON`` for a value that is not shown.
  public static let hiddenValue = "(hidden)"

  /// Its name, `webhook`; for a refused one its file's name.
  public var name: String
  /// Reverse-domain id.
  public var id: String
  /// Its own version.
  public var version: String
  /// One sentence.
  public var summary: String
  /// Who made it.
  public var vendor: String
  /// SPDX expression.
  public var license: String
  /// Interface ids that it has.
  public var provides: [String]
  /// What of a user it reads.
  public var reads: [String]
  /// What it is allowed to do.
  public var permissions: [String]
  /// Its file.
  public var file: String
  /// How it fares.
  public var state: State
  /// Why it is not loaded; empty when it is.
  public var problem: String
  /// What took it out of use; nil: it is in use, or was refused.
  public var disabledBy: PluginDisabler?
  /// Whether it is disabled because somebody wants it so: a person, the configuration, safe mode; and not for its faults.
  public var isDisabledByChoice: Bool { disabledBy == .call || disabledBy == .configuration }
  /// What it says of its own words; of an event type.
  public var wording: BuiltInWording
  /// JSON Schema of a sink's configuration; empty when it has none.
  public var configurationSchemaJSON: String
  /// JSON Schema of a schedule's definition; empty when it has none.
  public var definitionSchemaJSON: String
  /// SHA-256 of its file, 64 lower-case hexadecimal digits; empty: not known.
  public var sha256: String
  /// The ABI that it was made for: `0.4`; empty: not known.
  public var abiVersion: String
  /// Where it runs; nil: nowhere.
  public var isolation: PluginIsolation?
  /// An event type's configuration, with every value hidden that its schema marks `writeOnly`; empty: it has none.
  public var configurationJSON: String
  /// The process that it has for itself; nil: none.
  public var process: PluginProcess?
  /// What ``PluginOperations/rollBack(_:)`` would put in its place; empty: nothing.
  public var previousVersion: String
  /// The same one's SHA-256, in hexadecimal.
  public var previousSHA256: String
  /// How the last reload's trial stands; nil: there was none.
  public var trial: PluginTrial?
  /// How often it was reloaded in this run of the agent.
  public var reloads: Int
  /// How many files may be loaded into the agent's process in this run of it still; nil: there is no bound for this plugin.
  public var reloadsLeft: Int?
  /// What it did; nil: nothing is counted.
  public var statistics: PluginStatistics?
  /// When this version of it came into use; nil: it did not.
  public var loadedAt: Timestamp?
  /// Changes with every change by ``PluginOperations``, and with the end of a trial; empty: it was refused.
  public var etag: String
  /// What of it counts only until the agent ends, by the API's names: `version`, `isolation`, `configuration`, `state`.
  public var untilRestart: [String]

  /// Makes facts.
  public init(
    name: String, id: String = "", version: String = "", summary: String = "", vendor: String = "",
    license: String = "", provides: [String] = [], reads: [String] = [], permissions: [String] = [],
    file: String = "", state: State = .loaded, problem: String = "", configurationSchemaJSON: String = "",
    definitionSchemaJSON: String = "", wording: BuiltInWording = .none, sha256: String = "", abiVersion: String = "",
    isolation: PluginIsolation? = nil, configurationJSON: String = "", process: PluginProcess? = nil,
    previousVersion: String = "", previousSHA256: String = "", trial: PluginTrial? = nil, reloads: Int = 0,
    reloadsLeft: Int? = nil, statistics: PluginStatistics? = nil, loadedAt: Timestamp? = nil,
    disabledBy: PluginDisabler? = nil, etag: String = "", untilRestart: [String] = []
  ) {
    self.name = name
    self.id = id
    self.version = version
    self.summary = summary
    self.vendor = vendor
    self.license = license
    self.provides = provides
    self.reads = reads
    self.permissions = permissions
    self.file = file
    self.state = state
    self.problem = problem
    self.configurationSchemaJSON = configurationSchemaJSON
    self.definitionSchemaJSON = definitionSchemaJSON
    self.wording = wording
    self.sha256 = sha256
    self.abiVersion = abiVersion
    self.isolation = isolation
    self.configurationJSON = configurationJSON
    self.process = process
    self.previousVersion = previousVersion
    self.previousSHA256 = previousSHA256
    self.trial = trial
    self.reloads = reloads
    self.reloadsLeft = reloadsLeft
    self.statistics = statistics
    self.loadedAt = loadedAt
    self.disabledBy = disabledBy
    self.etag = etag
    self.untilRestart = untilRestart
  }
}

/// The plugins of this agent, as the control plane needs them.
///
/// Violations that the two `validate` functions throw name their field as a JSON Pointer (RFC 6901) *below* the document
/// (`/at`; empty for the whole), and repeat no value that the schema marks `writeOnly`.
public protocol PluginCatalog: Sendable {
  /// Every plugin found, the refused ones too, by name.
  func plugins() async -> [PluginFacts]

  /// Names of the event types that can be scheduled, in order.
  func eventTypes() async -> [String]

  /// Names of the plugins that a sink can be made of, in order.
  func sinkPlugins() async -> [String]

  /// Checks a definition by the event type's schema and by the plugin itself. `eventType` is one of ``eventTypes()``.
  /// - Throws: `.invalid` with all violations at once; `.unavailable` when the plugin cannot be asked now, which says
  ///   nothing about the definition.
  func validateDefinition(eventType: String, definitionJSON: String) async throws(PluginOperationError)

  /// Checks a sink's configuration by the plugin's schema. `plugin` is one of ``sinkPlugins()``.
  /// - Throws: all violations at once.
  func validateSinkConfiguration(plugin: String, json: String) async throws(ModelError)

  /// The configuration with every value hidden that the schema marks `writeOnly`: same shape, other values. For a plugin
  /// that is not loaded (so that its schema is unknown) every value is hidden.
  func redactedConfiguration(plugin: String, json: String) async -> String
}
