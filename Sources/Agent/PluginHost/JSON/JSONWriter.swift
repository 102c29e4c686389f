/// Writes JSON, and JSON Pointers.
enum JSONWriter {
  /// A value as compact JSON.
  static func text(_ value: JSONValue) -> String {
    var bytes: [UInt8] = []
    write(value, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// A value as compact JSON, cut for a message.
  static func excerpt(_ value: JSONValue, maximumCharacters: Int = 80) -> String {
    let text = text(value)
    return text.count <= maximumCharacters ? text : text.prefix(maximumCharacters) + "…"
  }

  private static func write(_ value: JSONValue, to bytes: inout [UInt8]) {
    switch value {
    case .null: bytes += "null".utf8
    case .bool(let flag): bytes += (flag ? "true" : "false").utf8
    case .integer(let number): bytes += "\(number)".utf8
    case .double(let number): bytes += "\(number)".utf8
    case .string(let text): quote(text, to: &bytes)
    case .array(let values): list(values, "[", "]", to: &bytes) { write($0, to: &$1) }
    case .object(let object):
      list(object.members, "{", "}", to: &bytes) { member, bytes in
        quote(member.name, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        write(member.value, to: &bytes)
      }
    }
  }

  private static func list<T>(
    _ items: [T], _ open: Unicode.Scalar, _ close: Unicode.Scalar, to bytes: inout [UInt8],
    _ body: (T, inout [UInt8]) -> Void
  ) {
    bytes.append(UInt8(ascii: open))
    for (index, item) in items.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      body(item, &bytes)
    }
    bytes.append(UInt8(ascii: close))
  }

  /// A string in quotes, escaped as RFC 8259 demands and no further.
  static func quote(_ text: String, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
      case 0..<0x20: bytes += Array("\\u00".utf8) + [Hex.digits[Int(byte >> 4)], Hex.digits[Int(byte & 15)]]
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}

/// A place in a document, as a JSON Pointer (RFC 6901).
enum JSONPointer {
  /// The pointer to a member.
  static func member(_ pointer: String, _ name: String) -> String {
    guard name.utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }) else {
      return pointer + "/" + name
    }
    var escaped = ""
    for scalar in name.unicodeScalars {
      switch scalar {
      case "~": escaped += "~0"
      case "/": escaped += "~1"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return pointer + "/" + escaped
  }

  /// The pointer to an array's item.
  static func item(_ pointer: String, _ index: Int) -> String { pointer + "/\(index)" }

  /// The tokens of a pointer; nil when it is malformed.
  static func tokens(_ pointer: some StringProtocol) -> [String]? {
    if pointer.isEmpty { return [] }
    guard pointer.utf8.first == UInt8(ascii: "/") else { return nil }
    var tokens: [String] = []
    for part in pointer.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
      guard let token = unescape(part) else { return nil }
      tokens.append(token)
    }
    return tokens
  }

  private static func unescape(_ part: some StringProtocol) -> String? {
    var result = ""
    var scalars = part.unicodeScalars.makeIterator()
    while let scalar = scalars.next() {
      guard scalar == "~" else {
        result.unicodeScalars.append(scalar)
        continue
      }
      switch scalars.next() {
      case "0": result += "~"
      case "1": result += "/"
      default: return nil
      }
    }
    return result
  }
}
