/// What kept a run from being made or measured.
public struct HarnessError: Error, CustomStringConvertible, Sendable {
  /// What kind of failure it is.
  public enum Code: String, Sendable {
    /// A program, a plugin or a file is not there.
    case missing
    /// A condition did not come true in time.
    case timedOut
    /// A program ended otherwise than it should have.
    case failed
    /// The system refused something: a folder, a socket.
    case system
    /// What was measured is not what was meant to be: a row of it would be a lie.
    case notMeasured
  }

  /// What kind of failure it is.
  public var code: Code
  /// A sentence for people.
  public var message: String
  /// What caused it.
  public var cause: (any Error)?

  /// Makes an error.
  public init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
    self.code = code
    self.message = message
    self.cause = cause
  }

  /// `code: message`, and the cause.
  public var description: String {
    cause.map { "\(code.rawValue): \(message): \($0)" } ?? "\(code.rawValue): \(message)"
  }
}
