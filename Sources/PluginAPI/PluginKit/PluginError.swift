/// Why a call fails. The one error that leaves a plugin: PluginKit hands it to the host with the call's status.
///
/// Never put a secret, or a person's data, in a message.
public struct PluginError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What the caller can make of it. The numbers are the ABI's `carillon_status`.
  public enum Status: Int32, Sendable, Hashable {
    /// An argument, a definition or a configuration is wrong; trying again cannot help.
    case invalid = 1
    /// It went wrong; trying again later may help.
    case failed = 2
    /// The other side does not know this.
    case unsupported = 3
    /// A ticket that was completed before, or was never given out.
    case stale = 4
    /// No room now; nothing was taken.
    case busy = 5
    /// A named thing does not exist.
    case notFound = 6
    /// The caller may not have this.
    case denied = 7
  }

  /// One fault in a document.
  public struct Violation: Sendable, Hashable {
    /// JSON Pointer (RFC 6901) to the value at fault; empty for the whole document.
    public var pointer: String
    /// A stable word such as "range".
    public var code: String
    /// A sentence for people: what is wrong, and what is allowed.
    public var message: String

    /// One fault in a document.
    public init(pointer: String, code: String, message: String) {
      self.pointer = pointer
      self.code = code
      self.message = message
    }
  }

  /// What the caller can make of it.
  public var status: Status
  /// A sentence for people.
  public var message: String
  /// The faults, when a document is at fault. The host keeps 64 of them.
  public var violations: [Violation]

  /// An error with a status and a sentence.
  public init(_ status: Status, _ message: String, violations: [Violation] = []) {
    self.status = status
    self.message = message
    self.violations = violations
  }

  /// A document with faults. Give at least one.
  public init(violations: [Violation]) {
    self.init(
      .invalid, violations.map { "\($0.pointer.isEmpty ? "/" : $0.pointer): \($0.message)" }.joined(separator: "; "),
      violations: violations)
  }

  /// The sentence.
  public var description: String { message }
}
