extension FlatJSON {
  /// The text of an object's own member that is a string, a number or a truth value, as it stands there; nil for anything
  /// else, and for a text that is no such object.
  static func scalar(_ member: String, of json: String) -> String? {
    var json = json
    return json.withUTF8 { bytes in
      var reader = Reader(bytes: bytes)
      guard reader.take(UInt8(ascii: "{")) else { return nil }
      while let name = reader.string() {
        guard reader.take(UInt8(ascii: ":")) else { return nil }
        if name == member { return reader.scalar() }
        guard reader.skipValue(), reader.take(UInt8(ascii: ",")) else { return nil }
      }
      return nil
    }
  }

  /// Whether an object's own member of this name is an object, an array or a string that is not empty. Looks into no
  /// other member; false for a text that is no such object.
  static func hasContent(in member: String, of json: String) -> Bool {
    var json = json
    return json.withUTF8 { bytes in
      var reader = Reader(bytes: bytes)
      guard reader.take(UInt8(ascii: "{")) else { return false }
      while let name = reader.string() {
        guard reader.take(UInt8(ascii: ":")) else { return false }
        if name == member, reader.hasContent { return true }
        guard reader.skipValue(), reader.take(UInt8(ascii: ",")) else { return false }
      }
      return false
    }
  }
}

extension FlatJSON.Reader {
  /// Whether the value here is an object, an array or a string with something in it. Stays where it is.
  fileprivate var hasContent: Bool {
    var ahead = self
    if ahead.take(UInt8(ascii: "{")) { return !ahead.take(UInt8(ascii: "}")) }
    if ahead.take(UInt8(ascii: "[")) { return !ahead.take(UInt8(ascii: "]")) }
    return ahead.take(UInt8(ascii: "\"")) && ahead.byte != UInt8(ascii: "\"")
  }

  /// The string, number or truth value here.
  fileprivate mutating func scalar() -> String? {
    skipSpace()
    guard let byte else { return nil }
    if byte == UInt8(ascii: "\"") { return string() }
    let start = place
    skipWord()
    let word = String(decoding: bytes[start..<place], as: UTF8.self)
    return word.isEmpty || word == "null" ? nil : word
  }

  /// Goes behind the value here; false when the text ends within it. No recursion: the text may nest as deep as it likes.
  fileprivate mutating func skipValue() -> Bool {
    var depth = 0
    repeat {
      skipSpace()
      guard let byte else { return false }
      switch byte {
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        depth += 1
        place += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        place += 1
      case UInt8(ascii: "\""): guard skipString() else { return false }
      case UInt8(ascii: ","), UInt8(ascii: ":"): place += 1
      default: skipWord()
      }
    } while depth > 0
    return depth == 0
  }

  private mutating func skipString() -> Bool {
    place += 1
    while let byte, byte != UInt8(ascii: "\"") { place += byte == UInt8(ascii: "\\") ? 2 : 1 }
    place += 1
    return place <= bytes.count
  }

  /// A number, `true`, `false` or `null`.
  private mutating func skipWord() {
    while let byte, !Self.ends.contains(byte) { place += 1 }
  }

  private static let ends = Array(",:[]{}\" \t\r\n".utf8)
}
