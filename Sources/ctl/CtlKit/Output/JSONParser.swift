extension JSONValue {
  /// What a document may not be.
  struct ParseError: Error {
    var offset: Int
    var reason: String
  }

  /// Nesting that is read; deeper documents are refused before the stack ends.
  static let maxDepth = 64

  /// Reads one document (RFC 8259).
  init(parsing text: some Sequence<UInt8>) throws(ParseError) {
    var parser = JSONParser(bytes: Array(text))
    self = try parser.document()
  }
}

private struct JSONParser {
  let bytes: [UInt8]
  var index = 0

  mutating func document() throws(JSONValue.ParseError) -> JSONValue {
    let value = try value(depth: 0)
    skipSpace()
    guard index == bytes.count else { throw error("more after the end of the document") }
    return value
  }

  private func error(_ reason: String) -> JSONValue.ParseError { .init(offset: index, reason: reason) }

  private mutating func skipSpace() {
    while index < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[index]) { index += 1 }
  }

  private var current: UInt8? { index < bytes.count ? bytes[index] : nil }

  private mutating func take(_ sign: Unicode.Scalar) -> Bool {
    skipSpace()
    guard current == UInt8(ascii: sign) else { return false }
    index += 1
    return true
  }

  private mutating func value(depth: Int) throws(JSONValue.ParseError) -> JSONValue {
    guard depth < JSONValue.maxDepth else { throw error("nested deeper than \(JSONValue.maxDepth)") }
    skipSpace()
    switch current {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return try number()
    }
  }

  private mutating func word(_ word: String, _ value: JSONValue) throws(JSONValue.ParseError) -> JSONValue {
    guard bytes[index...].starts(with: word.utf8) else { throw error("no value") }
    index += word.utf8.count
    return value
  }

  private mutating func object(depth: Int) throws(JSONValue.ParseError) -> JSONValue {
    index += 1
    var members: [(String, JSONValue)] = []
    if take("}") { return .object(members) }
    repeat {
      skipSpace()
      guard current == UInt8(ascii: "\"") else { throw error("no member name") }
      let key = try string()
      guard take(":") else { throw error("no colon after a member name") }
      members.append((key, try value(depth: depth + 1)))
    } while take(",")
    guard take("}") else { throw error("an object does not end") }
    return .object(members)
  }

  private mutating func array(depth: Int) throws(JSONValue.ParseError) -> JSONValue {
    index += 1
    var items: [JSONValue] = []
    if take("]") { return .array(items) }
    repeat { items.append(try value(depth: depth + 1)) } while take(",")
    guard take("]") else { throw error("an array does not end") }
    return .array(items)
  }

  private mutating func number() throws(JSONValue.ParseError) -> JSONValue {
    let start = index
    while let byte = current, Byte.isDigit(byte) || "+-.eE".utf8.contains(byte) { index += 1 }
    let text = String(decoding: bytes[start..<index], as: UTF8.self)
    guard Self.isNumber(bytes[start..<index]), Double(text) != nil else { throw error("no value") }
    return Int64(text).map(JSONValue.integer) ?? .number(text)
  }

  /// RFC 8259, section 6: `007`, `.5` and `1.` are none.
  private static func isNumber(_ text: ArraySlice<UInt8>) -> Bool {
    var rest = text.first == Byte.dash ? text.dropFirst() : text
    let whole = rest.prefix(while: Byte.isDigit)
    guard let first = whole.first, first != UInt8(ascii: "0") || whole.count == 1 else { return false }
    rest = rest.dropFirst(whole.count)
    if rest.first == Byte.dot {
      let fraction = rest.dropFirst().prefix(while: Byte.isDigit)
      guard !fraction.isEmpty else { return false }
      rest = rest.dropFirst(fraction.count + 1)
    }
    guard let mark = rest.first else { return true }
    rest = rest.dropFirst()
    if let sign = rest.first, "+-".utf8.contains(sign) { rest = rest.dropFirst() }
    return "eE".utf8.contains(mark) && !rest.isEmpty && rest.allSatisfy(Byte.isDigit)
  }

  private mutating func string() throws(JSONValue.ParseError) -> String {
    index += 1
    var result: [UInt8] = []
    while let byte = current {
      index += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let text = String(validating: result, as: UTF8.self) else { throw error("a string is not valid UTF-8") }
        return text
      case Byte.backslash: result += Array(String(try escape()).utf8)
      case 0..<0x20: throw error("a control character in a string")
      default: result.append(byte)
      }
    }
    throw error("a string does not end")
  }

  private mutating func escape() throws(JSONValue.ParseError) -> Unicode.Scalar {
    guard let byte = current else { throw error("a string does not end") }
    index += 1
    switch byte {
    case UInt8(ascii: "\""): return "\""
    case Byte.backslash: return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try unicode()
    default: throw error("an unknown escape")
    }
  }

  private mutating func unicode() throws(JSONValue.ParseError) -> Unicode.Scalar {
    let first = try codeUnit()
    var code = UInt32(first)
    if 0xD800...0xDBFF ~= first {
      guard current == Byte.backslash, index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "u") else {
        throw error("half a surrogate pair")
      }
      index += 2
      let second = try codeUnit()
      guard 0xDC00...0xDFFF ~= second else { throw error("half a surrogate pair") }
      code = 0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00)
    }
    guard let scalar = Unicode.Scalar(code) else { throw error("half a surrogate pair") }
    return scalar
  }

  private mutating func codeUnit() throws(JSONValue.ParseError) -> UInt16 {
    guard index + 4 <= bytes.count else { throw error("an escape does not end") }
    var value: UInt16 = 0
    for byte in bytes[index..<(index + 4)] {
      guard let digit = Byte.hexValue(byte) else { throw error("an escape is not hexadecimal") }
      value = value << 4 | UInt16(digit)
    }
    index += 4
    return value
  }
}
