public import EventModel

/// What a reload of the configuration changed, or would change.
public struct ConfigurationChanges: Hashable, Sendable {
  /// Paths of settings that are different now, such as `log.level`; never a value.
  public var changed: [String]
  /// Those among them that count only after a restart.
  public var needsRestart: [String]

  /// Makes it.
  public init(changed: [String] = [], needsRestart: [String] = []) {
    self.changed = changed
    self.needsRestart = needsRestart
  }
}

/// Reads the agent's configuration and its secrets again.
public protocol ConfigurationReloader: Sendable {
  /// Takes all of it, or nothing.
  /// - Parameter dryRun: says what would change, and changes nothing.
  /// - Throws: every fault at once, its field the path of the setting; the old configuration goes on.
  func reload(dryRun: Bool) async throws(ModelError) -> ConfigurationChanges
}
