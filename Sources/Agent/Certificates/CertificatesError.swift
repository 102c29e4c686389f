/// Why a certificate cannot be made or read. Never holds a key.
public struct CertificatesError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What kind of failure it is.
  public enum Code: String, Hashable, Sendable {
    /// A text is no PEM, or not of what is wanted.
    case malformed
    /// It can be read, and is refused: a weak key, a signature that does not fit, a name that is none.
    case refused
    /// Things that do not belong together: a key and a certificate, a certificate and an authority.
    case mismatch
    /// The cryptographic library failed.
    case failed
  }

  /// What kind of failure it is.
  public var code: Code
  /// A sentence for people.
  public var message: String

  /// Makes an error.
  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// The sentence.
  public var description: String { message }
}
