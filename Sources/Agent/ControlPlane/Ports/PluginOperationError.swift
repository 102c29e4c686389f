public import EventModel

/// Why something was not done with a plugin. The plugin is as it was before.
public struct PluginOperationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kind of fault.
  public enum Code: Hashable, Sendable {
    /// There is no such plugin, or no such file in the plugin folders.
    case notFound
    /// Values at fault; `violations` has all of them.
    case invalid
    /// Its state, or the file's, forbids it.
    case failedPrecondition(Reason)
    /// It cannot be done now, and may be later.
    case unavailable
    /// It has another etag than the caller said.
    case etagMismatch
  }

  /// What forbids it.
  public enum Reason: String, Hashable, Sendable, CaseIterable {
    /// As many files were loaded into the agent's process as may be in one run of it.
    case reloadLimit = "reload-limit"
    /// Only plugins with a process of their own can do this.
    case notIsolated = "not-isolated"
    /// The file's digest is another one than was asked for.
    case digestMismatch = "digest-mismatch"
    /// The configuration lists digests, and the file's is not among them.
    case digestNotListed = "digest-not-listed"
    /// Nothing was there before.
    case noPreviousVersion = "no-previous-version"
    /// The version before is on trial: wait for its end, or roll back.
    case trialRunning = "trial-running"
    /// The agent was started in safe mode.
    case safeMode = "safe-mode"
    /// The configuration disables it by name.
    case disabledByConfiguration = "disabled-by-configuration"
    /// A plugin of that name is loaded: reload it.
    case alreadyLoaded = "already-loaded"
    /// The file has another plugin than the one that is to be reloaded.
    case otherPlugin = "other-plugin"
    /// Others can write to the file, or to its folder.
    case unsafeFile = "unsafe-file"
    /// The file is no plugin that this agent can load; the message says why.
    case notLoadable = "not-loadable"
    /// It is a sink's: its configuration is changed with the sink.
    case configuredBySinks = "configured-by-sinks"
  }

  /// The kind of fault.
  public var code: Code
  /// A sentence for people.
  public var message: String
  /// The values at fault, by the API's field names (`file`, `digest`); at least one when the code is `.invalid`.
  public var violations: [ModelError.Violation]

  /// Makes an error of any kind but `.invalid`.
  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
    self.violations = []
  }

  /// Makes an error of values at fault.
  public init(_ error: ModelError) {
    code = .invalid
    message = error.description
    violations = error.violations
  }

  /// Its message.
  public var description: String { message }
}
