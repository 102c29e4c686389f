/// A client certificate and its key. Never describes the key.
public struct HTTPClientIdentity: Sendable, Hashable, CustomStringConvertible, CustomReflectable {
  /// Where the key is.
  public enum Key: Sendable, Hashable {
    /// A PEM file, read anew for each connection, so that a renewed key is taken up.
    case file(String)
    /// The bytes of a PEM file.
    case pem([UInt8])
  }

  /// A PEM file of the certificate, and of those between it and its authority.
  public let certificateFile: String
  /// The key of the certificate, not encrypted.
  public let key: Key

  /// A certificate and its key.
  public init(certificateFile: String, key: Key) {
    self.certificateFile = certificateFile
    self.key = key
  }

  /// The certificate's file.
  public var description: String { "<client certificate \(certificateFile)>" }
  /// Shows nothing.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
