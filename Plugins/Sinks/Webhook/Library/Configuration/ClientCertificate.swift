import HTTPTransport
import PluginKit0

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The configured client certificate; its key is a file, or a reference still.
struct ClientCertificate: Sendable {
  private let file: String
  private let key: String

  /// nil without one; a violation when one half of it is missing.
  init?(_ object: JSONObject, _ violations: inout Violations) {
    switch (object["client_certificate"]?.string, object["client_key"]?.string) {
    case (nil, nil): return nil
    case (let file?, let key?):
      self.file = file
      self.key = key
    case (_?, nil):
      violations.add("/client_certificate", "required", "needs client_key")
      return nil
    case (nil, _?):
      violations.add("/client_key", "required", "needs client_certificate")
      return nil
    }
  }

  /// The identity, its key at hand.
  ///
  /// - Throws: `notFound` for a file that cannot be read, `invalid` for a key that is encrypted or no PEM.
  func resolved(_ reader: inout SecretReader) throws(PluginError) -> HTTPClientIdentity {
    try Self.checkReadable(file)
    guard SecretReference.isLike(key) else {
      try Self.checkReadable(key)
      return HTTPClientIdentity(certificateFile: file, key: .file(key))
    }
    let text = try reader.text(of: key)
    guard text.contains("PRIVATE KEY-----") else { throw PluginError(.invalid, "client_key is no private key in PEM") }
    guard !text.contains("ENCRYPTED") else {
      throw PluginError(.invalid, "client_key is encrypted, and must not be")
    }
    return HTTPClientIdentity(certificateFile: file, key: .pem(Array((text + "\n").utf8)))
  }

  private static func checkReadable(_ path: String) throws(PluginError) {
    guard FileManager.default.isReadableFile(atPath: path) else {
      throw PluginError(.notFound, "the file \(path) cannot be read")
    }
  }
}
