/// Why the transport takes no mail, or cannot start.
public struct SMTPError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What is wrong.
  public enum Code: String, Sendable, Hashable {
    /// No address that may be sent to.
    case invalidAddress = "invalid-address"
    /// A host's name that cannot be one.
    case invalidHost = "invalid-host"
    /// A setting beyond its bounds.
    case invalidSetting = "invalid-setting"
    /// The credentials cannot be had.
    case noCredentials = "no-credentials"
    /// Too much waits already.
    case full
    /// The session is closed.
    case closed
    /// The system or libcurl refuses what the transport needs.
    case system
  }

  /// What is wrong.
  public let code: Code
  /// A sentence for people; never an address, never a secret.
  public let message: String

  /// An error.
  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// The sentence.
  public var description: String { message }
}
