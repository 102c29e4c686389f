/// What a person did with a plugin of a running agent, for the audit. It stands in the chain of that agent.
public struct PluginRecord: Hashable, Sendable {
  /// What was done.
  public enum Action: String, Hashable, Sendable, CaseIterable {
    /// A file was loaded.
    case load
    /// Another file took its place.
    case reload
    /// The version before came back.
    case rollBack = "roll-back"
    /// It was taken out of use.
    case disable
    /// It was taken into use again.
    case enable
    /// It was given another configuration.
    case configure
  }

  /// A plugin as it was before, or is after.
  public struct State: Hashable, Sendable {
    /// Its own version.
    public var version: String
    /// SHA-256 of its file, in hexadecimal.
    public var sha256: String
    /// `in-process` or `process`.
    public var isolation: String
    /// `loaded`, `disabled`.
    public var state: String
    /// JSON; the audit keeps a keyed hash of it.
    public var configurationJSON: String

    /// Makes it; what is empty is not known.
    public init(
      version: String = "", sha256: String = "", isolation: String = "", state: String = "",
      configurationJSON: String = ""
    ) {
      self.version = version
      self.sha256 = sha256
      self.isolation = isolation
      self.state = state
      self.configurationJSON = configurationJSON
    }
  }

  /// What was done.
  public var action: Action
  /// The plugin's name.
  public var plugin: String
  /// Why, as a person said; may be empty.
  public var reason: String
  /// Nil: it was not loaded.
  public var before: State?
  /// As it is.
  public var after: State

  /// Makes a record.
  public init(action: Action, plugin: String, reason: String = "", before: State?, after: State) {
    self.action = action
    self.plugin = plugin
    self.reason = reason
    self.before = before
    self.after = after
  }
}
