/// Percent-encodings, each byte as `%` and two upper-case hexadecimal digits.
enum PercentEncoding {
  private static let hexadecimal = Array("0123456789ABCDEF".utf8)

  /// For a header's value after the HTTP protocol binding of CloudEvents 1.0, section 3.1.3.2: space, `"`, `%` and what
  /// is not printable ASCII.
  static func headerValue(_ text: String) -> String {
    encoded(text) { 0x21...0x7E ~= $0 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "%") }
  }

  /// For one segment of a URL's path: all but the unreserved characters (RFC 3986, section 2.3).
  static func pathSegment(_ text: String) -> String { encoded(text, keeping: isUnreserved) }

  /// For a name or value in `application/x-www-form-urlencoded`.
  static func form(_ text: String) -> String { encoded(text, keeping: isUnreserved) }

  private static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
      UInt8(ascii: "~"):
      true
    default: false
    }
  }

  private static func encoded(_ text: String, keeping isKept: (UInt8) -> Bool) -> String {
    if text.utf8.allSatisfy(isKept) { return text }
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      if isKept(byte) {
        bytes.append(byte)
      } else {
        bytes += [UInt8(ascii: "%"), hexadecimal[Int(byte >> 4)], hexadecimal[Int(byte & 15)]]
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
