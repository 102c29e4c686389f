/// Why the transport takes no request, or cannot start.
public struct HTTPTransportError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What is wrong.
  public enum Code: String, Sendable, Hashable {
    /// No URL that may be sent to.
    case invalidURL = "invalid-url"
    /// A header's name or value that must not be sent.
    case invalidHeader = "invalid-header"
    /// No address range.
    case invalidRange = "invalid-range"
    /// A setting beyond its bounds.
    case invalidSetting = "invalid-setting"
    /// Too many requests are open already.
    case full
    /// The transport or the session is shut down.
    case closed
    /// The system or libcurl refuses what the transport needs.
    case system
  }

  /// What is wrong.
  public let code: Code
  /// A sentence for people; never a header's value.
  public let message: String

  /// An error.
  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// The sentence.
  public var description: String { message }
}
