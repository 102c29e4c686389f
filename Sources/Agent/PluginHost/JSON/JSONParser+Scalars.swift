/// Strings and numbers.
extension JSONParser {
  /// A string; the position is at its opening quote.
  mutating func string() throws(PluginHostError) -> String {
    position += 1
    let start = position
    while let byte, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { position += 1 }
    var bytes = Array(input[start..<position])
    while true {
      guard let byte else { throw error("the string does not end") }
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: bytes, as: UTF8.self)  // the input is a String: valid UTF-8
      case UInt8(ascii: "\\"): bytes.append(contentsOf: Array(String(try escape()).utf8))
      case 0..<0x20:
        position -= 1
        throw error("a control character must be escaped")
      default: bytes.append(byte)
      }
    }
  }

  private mutating func escape() throws(PluginHostError) -> Character {
    guard let byte else { throw error("the string does not end") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return Character(try unicode())
    default: throw error("\\ must be followed by one of \" \\ / b f n r t u")
    }
  }

  /// `\uXXXX`, or two of them for a surrogate pair (RFC 8259, section 7).
  private mutating func unicode() throws(PluginHostError) -> Unicode.Scalar {
    let first = try fourDigits()
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard first < 0xdc00, byte == UInt8(ascii: "\\") else { throw error("a lone surrogate") }
    position += 1
    guard byte == UInt8(ascii: "u") else { throw error("a lone surrogate") }
    position += 1
    let second = try fourDigits()
    guard (0xdc00...0xdfff).contains(second),
      let scalar = Unicode.Scalar(0x10000 + (first - 0xd800) << 10 + (second - 0xdc00))
    else { throw error("a lone surrogate") }
    return scalar
  }

  private mutating func fourDigits() throws(PluginHostError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte, let digit = Hex.value(byte) else { throw error("\\u needs four hexadecimal digits") }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }

  /// A number, as RFC 8259 section 6 writes it: no leading zero, no `+`, digits on both sides of the point.
  mutating func number() throws(PluginHostError) -> JSONValue {
    let start = position
    var isInteger = true
    if byte == UInt8(ascii: "-") { position += 1 }
    let first = byte
    guard digits() > 0 else { throw error("no JSON value begins like this") }
    if first == UInt8(ascii: "0"), position - start > (input[start] == UInt8(ascii: "-") ? 2 : 1) {
      throw error("a number must not begin with 0")
    }
    if byte == UInt8(ascii: ".") {
      isInteger = false
      position += 1
      guard digits() > 0 else { throw error("digits are missing after '.'") }
    }
    if byte == UInt8(ascii: "e") || byte == UInt8(ascii: "E") {
      isInteger = false
      position += 1
      if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") { position += 1 }
      guard digits() > 0 else { throw error("digits are missing in the exponent") }
    }
    let text = String(decoding: input[start..<position], as: UTF8.self)
    if isInteger, let value = Int64(text) { return .integer(value) }
    guard let value = Double(text), value.isFinite else { throw error("the number is out of range") }
    return .double(value)
  }

  private mutating func digits() -> Int {
    let start = position
    while let byte, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
    return position - start
  }
}

/// Hexadecimal digits.
enum Hex {
  /// The digits, lower case.
  static let digits = Array("0123456789abcdef".utf8)

  /// What a digit stands for; nil when it is none.
  static func value(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
