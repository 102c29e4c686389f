import SwiftASN1
import X509

/// Reads PEM files (RFC 7468).
enum PEMFile {
  /// Bytes of a file; a chain of many certificates has fewer.
  static let maxBytes = 256 * 1024

  /// Whether a text is PEM itself, and no path.
  static func isText(_ text: String) -> Bool { text.hasPrefix("-----BEGIN ") }

  /// The certificates of a file, in its order.
  /// - Parameter field: how errors name the file.
  static func certificates(_ path: String, field: String) throws(CtlError) -> [Certificate] {
    let bytes: [UInt8]
    do { bytes = try InputFile(path).readAll(maxBytes: maxBytes) } catch { throw .invalid(field, error.message) }
    return try parse(String(decoding: bytes, as: UTF8.self), field: field)
  }

  static func parse(_ text: String, field: String) throws(CtlError) -> [Certificate] {
    do {
      let documents = try PEMDocument.parseMultiple(pemString: text)
      return try documents.filter { $0.discriminator == "CERTIFICATE" }.map { try Certificate(pemDocument: $0) }
    } catch {
      throw .invalid(field, "holds no certificate in PEM form: \(error)")
    }
  }
}
