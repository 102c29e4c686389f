import Crypto
import SwiftASN1

/// The SHA-256 of a certificate's DER form, by which it is denied.
enum CertificateDigest {
  private static let hexDigits = 64

  /// - Parameter text: the digest itself, with or without colons, or the path of a PEM file.
  static func of(_ text: String) throws(CtlError) -> String {
    let digest = text.filter { $0 != ":" }.lowercased()
    if digest.utf8.count == hexDigits, digest.utf8.allSatisfy({ Byte.hexValue($0) != nil }) { return digest }
    let certificates = try PEMFile.certificates(text, field: "--certificate")
    guard let certificate = certificates.first else {
      throw .invalid("--certificate", "\(Excerpt.of(text)) holds no certificate")
    }
    var serializer = DER.Serializer()
    do { try serializer.serialize(certificate) } catch {
      throw .invalid("--certificate", "cannot be read: \(error)")
    }
    return Byte.hex(SHA256.hash(data: serializer.serializedBytes))
  }
}
