/// Why something of the plugin host failed. One type for the module: what a caller does depends on `code`, what a
/// person reads is `message`.
public struct PluginHostError: Error, Sendable, CustomStringConvertible {
  /// What kind of failure it is.
  public enum Code: String, Hashable, Sendable, CaseIterable {
    /// A text is no JSON, or beyond the parser's limits.
    case malformedJSON = "malformed-json"
    /// A schema is malformed, or uses what this validator does not have.
    case unsupportedSchema = "unsupported-schema"
    /// A configuration or definition breaks its schema, or the plugin refused it; see `violations`.
    case invalidDocument = "invalid-document"
    /// A folder cannot be read, or others may write to it.
    case unsafeFolder = "unsafe-folder"
    /// Others may write to a plugin's file.
    case unsafeFile = "unsafe-file"
    /// A file is no shared library for this machine, or cut short.
    case notALibrary = "not-a-library"
    /// The dynamic loader refused the file.
    case notLoadable = "not-loadable"
    /// The library does not export `carillon_plugin_v1`.
    case missingSymbol = "missing-symbol"
    /// The plugin was built for another major version of the ABI.
    case wrongVersion = "wrong-version"
    /// The plugin's tables or manifest break the ABI's rules.
    case malformedPlugin = "malformed-plugin"
    /// The plugin requires an interface that this host does not have.
    case missingInterface = "missing-interface"
    /// A plugin of this name is loaded already.
    case duplicateName = "duplicate-name"
    /// No plugin of this name, or not of this kind.
    case notFound = "not-found"
    /// A call that the instance's state does not allow.
    case illegalState = "illegal-state"
    /// A call ran into its time limit; its thread was abandoned.
    case timeLimit = "time-limit"
    /// The plugin is disabled, after too many calls over their limit.
    case pluginDisabled = "plugin-disabled"
    /// Too many calls wait already.
    case busy = "busy"
    /// The plugin answered INVALID: trying again cannot help.
    case refused = "refused"
    /// The plugin answered with any other error: trying again later may help.
    case failed = "failed"
    /// The plugin broke its contract.
    case contractBroken = "contract-broken"
    /// The agent's process has loaded as many plugins anew as it may.
    case reloadLimit = "reload-limit"
    /// The file's digest is not the one that was asked for.
    case digest
    /// The configuration lists digests, and the file's is not among them.
    case digestNotListed = "digest-not-listed"
    /// The file has another plugin than the one that is to be reloaded.
    case otherPlugin = "other-plugin"
    /// The plugin is on the configuration's disabled list.
    case notWanted = "not-wanted"
    /// The agent runs in safe mode, which loads Carillon's own plugins only.
    case safeMode = "safe-mode"
    /// A secret cannot be resolved.
    case secret = "secret"

    /// Whether the configuration, or safe mode, leaves the plugin out: nothing is wrong with it.
    public var isByChoice: Bool { self == .notWanted || self == .safeMode }
  }

  /// One fault of a document.
  public struct Violation: Hashable, Sendable {
    /// JSON Pointer (RFC 6901) to the value at fault; empty for the whole document.
    public var pointer: String
    /// A stable word: the schema's keyword, or the plugin's own.
    public var code: String
    /// What is wrong, and what is allowed.
    public var message: String

    /// Makes a violation.
    public init(pointer: String, code: String, message: String) {
      self.pointer = pointer
      self.code = code
      self.message = message
    }
  }

  /// Most violations that one error carries; the ABI's own bound.
  public static let maximumViolations = 64

  /// What kind of failure it is.
  public var code: Code
  /// A sentence for people. Never holds a secret.
  public var message: String
  /// The faults of a document, if that is what failed.
  public var violations: [Violation]
  /// What led to it, if something did.
  public var cause: (any Error)?

  /// Makes an error.
  public init(_ code: Code, _ message: String, violations: [Violation] = [], cause: (any Error)? = nil) {
    self.code = code
    self.message = message
    self.violations = violations
    self.cause = cause
  }

  /// Whether the same call would fail again: the fault is in what was asked, not in the moment.
  public var isPermanent: Bool {
    switch code {
    case .timeLimit, .pluginDisabled, .busy, .failed, .illegalState: false
    default: true
    }
  }

  /// Code, message, and each violation.
  public var description: String {
    let faults = violations.map { "\n  \($0.pointer.isEmpty ? "(document)" : $0.pointer): \($0.message)" }.joined()
    return "\(code.rawValue): \(message)\(faults)"
  }
}
