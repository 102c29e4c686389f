/// Turns the raw value of a property into text: transfer encoding, character set, escapes.
enum TextValue {
  /// Why a value is no text.
  enum Failure: Error, Equatable {
    case binary
    case badQuotedPrintable
    case unknownCharset(String)
    case notInCharset(String)

    var reason: String {
      switch self {
      case .binary: "is binary (base64), not text"
      case .badQuotedPrintable: "is not valid quoted-printable"
      case .unknownCharset(let name): "is in the unknown character set \(Excerpt.of(name))"
      case .notInCharset(let name): "is not valid \(name)"
      }
    }
  }

  /// The value with its transfer encoding and character set undone, escapes still in place.
  static func decode(_ line: ContentLine) throws(Failure) -> String {
    let encoding = line.parameter("ENCODING")?.uppercased()
    var bytes = line.value
    switch encoding {
    case "QUOTED-PRINTABLE": bytes = try quotedPrintable(bytes)[...]
    case "B", "BASE64": throw .binary
    default: break
    }
    return try text(bytes, charset: line.parameter("CHARSET"))
  }

  private static func quotedPrintable(_ bytes: ArraySlice<UInt8>) throws(Failure) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var index = bytes.startIndex
    while index < bytes.endIndex {
      guard bytes[index] == Byte.equals else {
        result.append(bytes[index])
        index += 1
        continue
      }
      guard index + 2 < bytes.endIndex, let high = Byte.hexValue(bytes[index + 1]),
        let low = Byte.hexValue(bytes[index + 2])
      else { throw .badQuotedPrintable }
      result.append(high << 4 | low)
      index += 3
    }
    return result
  }

  private static func text(_ bytes: ArraySlice<UInt8>, charset: String?) throws(Failure) -> String {
    let name = charset?.uppercased() ?? "UTF-8"
    switch name {
    case "UTF-8", "UTF8", "US-ASCII", "ASCII":
      guard let text = String(validating: bytes, as: UTF8.self) else { throw .notInCharset("UTF-8") }
      return text
    case "ISO-8859-1", "LATIN1":
      return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    case "WINDOWS-1252", "CP1252":
      return try windows1252(bytes)
    default:
      throw .unknownCharset(name)
    }
  }

  /// 0x80 to 0x9F of Windows-1252, nil where it assigns nothing; the rest is ISO 8859-1.
  private static let windows1252Upper: [UInt32?] = [
    0x20AC, nil, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, nil, 0x017D,
    nil, nil, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, nil,
    0x017E, 0x0178,
  ]

  private static func windows1252(_ bytes: ArraySlice<UInt8>) throws(Failure) -> String {
    var scalars = String.UnicodeScalarView()
    for byte in bytes {
      guard let scalar = windows1252(byte) else { throw .notInCharset("WINDOWS-1252") }
      scalars.append(scalar)
    }
    return String(scalars)
  }

  /// The character of a byte of Windows-1252, nil where it assigns none.
  static func windows1252(_ byte: UInt8) -> Unicode.Scalar? {
    guard 0x80...0x9F ~= byte else { return Unicode.Scalar(byte) }
    return windows1252Upper[Int(byte) - 0x80].flatMap { Unicode.Scalar($0) }
  }
}

extension TextValue {
  /// Undoes the escapes of RFC 6350 section 3.4: `\n`, `\N`, `\,`, `\;`, `\\`; and `\:`, which
  /// exporters write though no version asks for it.
  static func unescape(_ text: some StringProtocol) -> String {
    guard text.utf8.contains(Byte.backslash) else { return String(text) }
    var result = String.UnicodeScalarView()
    var isEscaped = false
    for scalar in text.unicodeScalars {
      guard isEscaped else {
        if scalar == "\\" { isEscaped = true } else { result.append(scalar) }
        continue
      }
      isEscaped = false
      switch scalar {
      case "n", "N": result.append("\n")
      case ",", ";", ":", "\\": result.append(scalar)
      default:
        result.append("\\")
        result.append(scalar)
      }
    }
    if isEscaped { result.append("\\") }
    return String(result)
  }

  /// Splits at each `separator` that no backslash precedes; the parts are unescaped.
  static func split(_ text: String, at separator: Unicode.Scalar) -> [String] {
    var parts: [String] = []
    var part = String.UnicodeScalarView()
    var isEscaped = false
    for scalar in text.unicodeScalars {
      if scalar == separator, !isEscaped {
        parts.append(unescape(String(part)))
        part = String.UnicodeScalarView()
      } else {
        part.append(scalar)
      }
      isEscaped = scalar == "\\" && !isEscaped
    }
    parts.append(unescape(String(part)))
    return parts
  }

  /// Text for a field of one line: runs of white space and control characters become one space,
  /// none at the ends, cut at `maxLength` characters.
  static func singleLine(_ text: String, maxLength: Int = VCardLimits.maxNameLength) -> String {
    if text.utf8.count <= maxLength, isPlain(text) { return text }
    let words = text.split { character in
      character.isWhitespace || character.unicodeScalars.allSatisfy { $0.properties.generalCategory == .control }
    }
    return String(words.joined(separator: " ").prefix(maxLength))
  }

  /// Whether it is a single line as it stands: printable ASCII, with one space at a time between words. Most values are,
  /// and a large file has millions of them.
  private static func isPlain(_ text: String) -> Bool {
    var last = Byte.space
    for byte in text.utf8 {
      guard 0x20...0x7E ~= byte, byte != Byte.space || last != Byte.space else { return false }
      last = byte
    }
    return last != Byte.space || text.isEmpty
  }
}
