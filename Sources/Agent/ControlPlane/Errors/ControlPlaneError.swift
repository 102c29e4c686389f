/// Why the control plane could not be started or kept running.
public struct ControlPlaneError: Error, Sendable, CustomStringConvertible {
  /// What kind of failure it is.
  public enum Code: String, Hashable, Sendable {
    /// A path or number in the configuration cannot be used.
    case invalidConfiguration
    /// Another agent serves this socket.
    case inUse
    /// The folder of the socket lets others in.
    case unsafeFolder
    /// The system refused a call.
    case system
    /// The server ended by itself.
    case serverFailed
  }

  /// What kind of failure it is.
  public var code: Code
  /// A sentence for people.
  public var message: String
  /// What led to it.
  public var cause: (any Error)?

  /// Makes an error.
  public init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
    self.code = code
    self.message = message
    self.cause = cause
  }

  /// `code: message`.
  public var description: String { "\(code.rawValue): \(message)" }
}
