/// Reads and writes one level of JSON object whose values are strings, as the store keeps a user's maps.
///
/// Not a general parser: it finds one member without building the others, which routing does for every event.
enum FlatJSON {
  /// The string under a key; nil when it is not there, is not a string, or the text is no such object.
  static func value(_ key: String, in json: String) -> String? {
    var json = json
    return json.withUTF8 { bytes in
      var reader = Reader(bytes: bytes)
      guard reader.take(UInt8(ascii: "{")) else { return nil }
      while let name = reader.string() {
        guard reader.take(UInt8(ascii: ":")), let value = reader.string() else { return nil }
        if name == key { return value }
        guard reader.take(UInt8(ascii: ",")) else { return nil }
      }
      return nil
    }
  }

  /// The object of a map, its keys in order.
  static func object(_ map: [String: String]) -> String {
    var text = "{"
    for (name, value) in map.sorted(by: { $0.key < $1.key }) {
      if text.utf8.count > 1 { text += "," }
      append(name, to: &text)
      text += ":"
      append(value, to: &text)
    }
    return text + "}"
  }

  private static func append(_ value: String, to text: inout String) {
    text += "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\u{0}"..<"\u{20}":
        let hex = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }

  /// Goes through a text from the front.
  struct Reader {
    let bytes: UnsafeBufferPointer<UInt8>
    var place = 0

    /// The byte here; nil at the end.
    var byte: UInt8? { place < bytes.count ? bytes[place] : nil }

    mutating func take(_ byte: UInt8) -> Bool {
      skipSpace()
      guard place < bytes.count, bytes[place] == byte else { return false }
      place += 1
      return true
    }

    /// A string, its escapes resolved; nil when there is none here or it is malformed.
    mutating func string() -> String? {
      guard take(UInt8(ascii: "\"")) else { return nil }
      let start = place
      while place < bytes.count, bytes[place] != UInt8(ascii: "\""), bytes[place] != UInt8(ascii: "\\") { place += 1 }
      guard place < bytes.count else { return nil }
      let plain = String(decoding: bytes[start..<place], as: UTF8.self)
      return bytes[place] == UInt8(ascii: "\"") ? finish(plain) : escaped(after: plain)
    }

    private mutating func finish(_ text: String) -> String {
      place += 1
      return text
    }

    private mutating func escaped(after plain: String) -> String? {
      var units = Array(plain.utf16)
      while place < bytes.count, bytes[place] != UInt8(ascii: "\"") {
        if bytes[place] == UInt8(ascii: "\\") {
          guard let unit = escape() else { return nil }
          units.append(unit)
        } else {
          let start = place
          while place < bytes.count, bytes[place] != UInt8(ascii: "\""), bytes[place] != UInt8(ascii: "\\") {
            place += 1
          }
          units.append(contentsOf: String(decoding: bytes[start..<place], as: UTF8.self).utf16)
        }
      }
      guard place < bytes.count else { return nil }
      return finish(String(decoding: units, as: UTF16.self))
    }

    /// RFC 8259, section 7.
    private mutating func escape() -> UInt16? {
      guard place + 1 < bytes.count else { return nil }
      let letter = bytes[place + 1]
      place += 2
      switch letter {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return UInt16(letter)
      case UInt8(ascii: "b"): return 8
      case UInt8(ascii: "f"): return 12
      case UInt8(ascii: "n"): return 10
      case UInt8(ascii: "r"): return 13
      case UInt8(ascii: "t"): return 9
      case UInt8(ascii: "u"):
        guard place + 4 <= bytes.count else { return nil }
        let digits = String(decoding: bytes[place..<place + 4], as: UTF8.self)
        place += 4
        return UInt16(digits, radix: 16)
      default: return nil
      }
    }

    mutating func skipSpace() {
      while place < bytes.count, [0x20, 0x09, 0x0a, 0x0d].contains(bytes[place]) { place += 1 }
    }
  }
}
