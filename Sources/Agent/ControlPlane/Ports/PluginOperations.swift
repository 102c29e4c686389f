public import EventModel
public import Logging

/// What a person can do with the plugins of a running agent.
///
/// The control plane has checked every field by its form (see the request values) and the caller's role before it calls; it
/// writes the audit record after. Plugins are told by their name, as ``PluginFacts/name`` has it. Each answers with the
/// plugin as it is then; of a dry run, as it would be.
public protocol PluginOperations: Sendable {
  /// Loads a file from one of the agent's plugin folders.
  func load(_ request: PluginLoadRequest, dryRun: Bool) async throws(PluginOperationError) -> PluginFacts

  /// Puts a file in a loaded plugin's place without losing a delivery: new work goes to new instances, the old ones finish
  /// theirs. Answers when new work goes to the new version; its trial goes on and shows in ``PluginFacts/trial``.
  /// A plugin that a person disabled stays disabled.
  func reload(_ request: PluginReloadRequest, on terms: PluginTerms) async throws(PluginOperationError) -> PluginFacts

  /// Puts the version in place that was there before the last reload. Ends a trial that runs.
  func rollBack(_ name: String, on terms: PluginTerms) async throws(PluginOperationError) -> PluginFacts

  /// Takes a plugin out of use until it is enabled, also when the agent starts anew: nothing of it is called any more.
  /// Unchanged when a person disabled it already.
  /// - Parameter reason: for people, of at most 500 bytes; may be empty.
  func disable(_ name: String, reason: String, on terms: PluginTerms) async throws(PluginOperationError) -> PluginFacts

  /// Takes a plugin into use again, one in quarantine too. Unchanged when it is in use.
  func enable(_ name: String, on terms: PluginTerms) async throws(PluginOperationError) -> PluginFacts

  /// Gives an event type another configuration, which counts at once; a sink's configuration is its sink's.
  /// - Parameter json: a JSON object, all of it: what is left out has no value any more.
  /// - Throws: `.invalid` with fields as JSON Pointers below the configuration (`/at`).
  func configure(
    _ name: String, json: String, on terms: PluginTerms
  ) async throws(PluginOperationError) -> PluginFacts

  /// What a plugin logged, as far as it is kept: the last lines of it, the newest first.
  /// - Parameter limit: 1 to ``PluginLogLine/maximumCount``.
  func logs(_ name: String, limit: Int) async throws(PluginOperationError) -> [PluginLogLine]
}

/// On what terms something is done with a plugin.
public struct PluginTerms: Hashable, Sendable {
  /// The plugin must have this etag still, else it is `.etagMismatch`; empty: whatever it has.
  public var etag: String
  /// Only checks it.
  public var dryRun: Bool

  /// Makes them.
  public init(etag: String = "", dryRun: Bool = false) {
    self.etag = etag
    self.dryRun = dryRun
  }
}

/// A file to load.
public struct PluginLoadRequest: Hashable, Sendable {
  /// Its name in one of the agent's plugin folders; no path. The first folder that has it counts.
  public var file: String
  /// What its digest must be; nil: what the configuration asks for, if anything.
  public var digest: SHA256Digest?
  /// Where it runs; nil: as the configuration says.
  public var isolation: PluginIsolation?

  /// Makes it.
  public init(file: String, digest: SHA256Digest? = nil, isolation: PluginIsolation? = nil) {
    self.file = file
    self.digest = digest
    self.isolation = isolation
  }
}

/// A new version of a loaded plugin.
public struct PluginReloadRequest: Hashable, Sendable {
  /// The plugin.
  public var name: String
  /// A file's name as in ``PluginLoadRequest/file``; nil: the file that it was loaded from, as it is now.
  public var file: String?
  /// What the file's digest must be; nil: what the configuration asks for, if anything.
  public var digest: SHA256Digest?
  /// Where the new version runs; nil: where the old one does.
  public var isolation: PluginIsolation?
  /// How long the new version is on trial; nil: it is not.
  public var trial: PluginTrialSettings?

  /// Makes it.
  public init(
    name: String, file: String? = nil, digest: SHA256Digest? = nil, isolation: PluginIsolation? = nil,
    trial: PluginTrialSettings? = PluginTrialSettings()
  ) {
    self.name = name
    self.file = file
    self.digest = digest
    self.isolation = isolation
    self.trial = trial
  }
}

/// How long a new version's failure rate is compared with the old one's: until one of the two is reached.
public struct PluginTrialSettings: Hashable, Sendable {
  /// The most that a trial may take.
  public static let maximumDeliveries = 100_000
  /// The longest trial.
  public static let maximumDuration = TimeSpan.hours(24)

  /// Deliveries that it takes: 1 to ``maximumDeliveries``. Of an event type its calls count.
  public var deliveries: Int
  /// How long it takes at most: 1 s to ``maximumDuration``. A new version without any delivery until then passes.
  public var duration: TimeSpan

  /// Makes it.
  public init(deliveries: Int = 200, duration: TimeSpan = .seconds(600)) {
    self.deliveries = deliveries
    self.duration = duration
  }
}

/// One line that a plugin logged.
public struct PluginLogLine: Hashable, Sendable {
  /// The most lines that are asked for at once.
  public static let maximumCount = 1_000

  /// When, by the machine's clock.
  public var at: Timestamp
  /// Its level.
  public var level: Logger.Level
  /// Which instance said it: `default/partner#7`; empty: the plugin itself.
  public var instance: String
  /// What it says.
  public var message: String
  /// Its fields.
  public var fields: [String: String]

  /// Makes a line.
  public init(
    at: Timestamp, level: Logger.Level, instance: String = "", message: String, fields: [String: String] = [:]
  ) {
    self.at = at
    self.level = level
    self.instance = instance
    self.message = message
    self.fields = fields
  }
}
