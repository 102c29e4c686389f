import Crypto

/// Tells whether two values are the same without keeping either. It never leaves the process.
enum Fingerprint {
  /// SHA-256 over the values' lengths and bytes, hexadecimal.
  static func of(_ values: [String]) -> String { of(values.map { Array($0.utf8) }) }

  /// The same for values that are no texts.
  static func of(_ values: [[UInt8]]) -> String {
    var hash = SHA256()
    for value in values {
      withUnsafeBytes(of: UInt64(value.count).littleEndian) { hash.update(bufferPointer: $0) }
      value.withUnsafeBytes { hash.update(bufferPointer: $0) }
    }
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: hash.finalize().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
