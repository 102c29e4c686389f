/// Base64 (RFC 4648, section 4), with padding.
enum Base64 {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  /// The longest line of a body (RFC 2045, section 6.8), as bytes before the coding.
  private static let lineBytes = 57

  static func text(_ bytes: [UInt8]) -> String { String(decoding: encoded(bytes[...]), as: UTF8.self) }

  /// Lines of at most 76 characters, each with CRLF.
  static func lines(_ bytes: [UInt8]) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count / lineBytes * 78 + 80)
    for start in stride(from: 0, to: bytes.count, by: lineBytes) {
      output += encoded(bytes[start..<min(start + lineBytes, bytes.count)])
      output += [0x0D, 0x0A]
    }
    return output
  }

  private static func encoded(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity((bytes.count + 2) / 3 * 4)
    var index = bytes.startIndex
    while index < bytes.endIndex {
      let count = min(3, bytes.endIndex - index)
      let second = count > 1 ? bytes[index + 1] : 0
      let third = count > 2 ? bytes[index + 2] : 0
      output.append(alphabet[Int(bytes[index] >> 2)])
      output.append(alphabet[Int((bytes[index] & 0x03) << 4 | second >> 4)])
      output.append(count > 1 ? alphabet[Int((second & 0x0F) << 2 | third >> 6)] : UInt8(ascii: "="))
      output.append(count > 2 ? alphabet[Int(third & 0x3F)] : UInt8(ascii: "="))
      index += count
    }
    return output
  }
}
