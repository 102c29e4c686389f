/// A bit of untrusted text, fit to stand in a message: short, quoted, without control characters.
enum Excerpt {
  static func of(_ text: String) -> String {
    let cut = text.prefix(VCardLimits.maxExcerptBytes)
    return "\"" + Printable.escaped(String(cut)) + (cut.endIndex < text.endIndex ? "…" : "") + "\""
  }

  static func of(_ bytes: some Collection<UInt8>) -> String {
    of(String(decoding: bytes.prefix(VCardLimits.maxExcerptBytes + 1), as: UTF8.self))
  }
}

/// Text made harmless for a terminal.
enum Printable {
  /// Control and bidirectional-override characters as `\u{…}`: what comes from outside must not
  /// move the cursor, colour the screen or reorder the line.
  static func escaped(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isUnsafe), !isOnlyIsolated(text) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      if isUnsafe(scalar) {
        result += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Whether nothing but closed first-strong isolates (Unicode, annex 9) would be escaped: they keep a name's direction to
  /// the name, and reorder nothing outside of it.
  private static func isOnlyIsolated(_ text: String) -> Bool {
    var depth = 0
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x2068: depth += 1
      case 0x2069: depth -= 1
      default: if isUnsafe(scalar) { return false }
      }
      if depth < 0 { return false }
    }
    return depth == 0
  }

  private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}
