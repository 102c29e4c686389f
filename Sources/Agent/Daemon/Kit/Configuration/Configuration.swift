public import EventModel
public import Pipeline
public import PluginHost

/// The agent's bootstrap settings; everything else lives in the store and changes through the API.
public struct Configuration: Sendable {
  /// A setting as it counts, for `agent print-config`.
  public struct Entry: Sendable {
    /// `store.path`
    public var path: String
    /// The value as text.
    public var value: String
    /// `default`, a file and line, an environment variable, or `--set`.
    public var origin: String
    /// Whether a reload takes a change of it; else a restart does.
    public var isLive: Bool
    /// Tells whether the value is the same in two configurations, secrets too, without showing it.
    var fingerprint: String
  }

  /// Most identities of `access.admins`.
  public static let maximumAdmins = 100

  /// Identity in the store.
  public var agentName: String
  /// Folder of the agent's own files.
  public var stateDirectory: String
  /// How long the agent's lease runs without renewal.
  public var lease: TimeSpan
  /// Where the data is.
  public var store: StoreSetting
  /// Folders with plugins; the first one wins.
  public var pluginFolders: [String]
  /// Whether plugins that others can write to are loaded.
  public var allowsWritablePlugins: Bool
  /// Where plugins run.
  public var isolation: IsolationOptions
  /// Which plugins are loaded at all.
  public var pluginPolicy: LoadingPolicy
  /// Unix socket of the control API.
  public var socketPath: String
  /// The control API in plain text on loopback.
  public var tcp: ListenAddress?
  /// The control API over mutual TLS.
  public var tls: TLSSetting
  /// Identities of client certificates that may do everything.
  public var admins: [String]
  /// `/livez`, `/readyz`, `/metrics`.
  public var ops: ListenAddress?
  /// The system's time zone files.
  public var timeZoneFolder: String
  /// How far ahead events are planned.
  public var horizon: TimeSpan
  /// How long sends in flight may take to finish at shutdown.
  public var drainTimeout: TimeSpan
  /// How long events and receipts are kept.
  public var history: TimeSpan
  /// How long dead letters are kept.
  public var deadLetters: TimeSpan
  /// How the time by which events are due runs.
  public var pace: Pace
  /// Least level that is written.
  public var logLevel: String
  /// `auto`, `logfmt` or `json`.
  public var logFormat: String
  /// Shards to work on first.
  public var prefers: ShardPreference
  /// Every setting as it counts.
  public var entries: [Entry]
  /// What is valid and had better be otherwise, a sentence each.
  public var warnings: [String]

  /// Reads all sources.
  /// - Parameters:
  ///   - file: name and text of the YAML file, if there is one.
  ///   - environment: of the process.
  ///   - flags: `path=value`, as given with `--set`.
  ///   - programFolder: where the program stands, for the plugins beside it.
  ///   - hostName: the identity when none is set.
  ///   - secrets: finds what references stand for.
  /// - Throws: `ConfigurationError` with every fault of every source at once.
  public init(
    file: (name: String, text: String)?, environment: [String: String], flags: [String], programFolder: String,
    hostName: String, secrets: SecretResolver = SecretResolver()
  ) throws(ConfigurationError) {
    var faults: [ConfigurationError.Fault] = []
    var raw: [String: RawSetting] = [:]
    if let file { raw = ConfigurationSource.yaml(file.text, file: file.name, faults: &faults) }
    raw.merge(ConfigurationSource.environment(environment)) { $1 }
    raw.merge(ConfigurationSource.flags(flags, faults: &faults)) { $1 }
    var reader = SettingReader(raw: raw, faults: faults, secrets: secrets)

    let agentName = reader.text("agent.name")
    self.agentName = agentName.isEmpty ? Self.identity(hostName) : agentName
    self.stateDirectory = reader.text("agent.state_directory")
    self.lease = reader.duration("agent.lease")
    self.store = reader.store(stateDirectory: stateDirectory)
    let folders = reader.list("plugins.folders")
    self.pluginFolders = folders.isEmpty ? [programFolder + "/../lib/carillon/plugins"] : folders
    self.allowsWritablePlugins = reader.flag("plugins.allow_writable")
    self.isolation = reader.isolation(programFolder: programFolder)
    self.pluginPolicy = reader.pluginPolicy()
    self.socketPath = reader.text("listen.socket")
    self.tcp = reader.loopback("listen.tcp")
    self.ops = reader.loopback("listen.ops")
    self.tls = reader.tls()
    self.admins = reader.identities("access.admins")
    self.timeZoneFolder = reader.text("time_zones.folder")
    self.horizon = reader.duration("planner.horizon")
    self.drainTimeout = reader.duration("drain.timeout")
    self.history = reader.duration("retention.history")
    self.deadLetters = reader.duration("retention.dead_letters")
    self.pace = reader.pace()
    self.logLevel = reader.text("log.level")
    self.logFormat = reader.text("log.format")
    self.prefers = reader.shards("agent.prefers")
    self.entries = reader.entries
    self.warnings = reader.warnings
    do throws(ModelError) {
      try Names.checkID(self.agentName, field: "agent.name")
    } catch {
      reader.faults.append(.init("agent.name", "\(reader.origin("agent.name")): \(error)"))
    }
    guard reader.faults.isEmpty else { throw ConfigurationError(faults: reader.faults) }
  }

  /// A host's name as an identity: what is not allowed becomes `-`.
  static func identity(_ hostName: String) -> String {
    let cleaned = String(
      hostName.prefix(Names.maximumIDBytes).map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" })
    return cleaned.isEmpty ? "agent" : cleaned
  }
}
