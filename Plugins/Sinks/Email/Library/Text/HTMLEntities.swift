/// Character references in HTML: numbers, and the names that people write.
enum HTMLEntities {
  private static let named: [String: Unicode.Scalar] = [
    "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": "\u{A0}", "copy": "©", "reg": "®",
    "trade": "™",
    "hellip": "…", "mdash": "—", "ndash": "–", "lsquo": "‘", "rsquo": "’", "ldquo": "“", "rdquo": "”", "laquo": "«",
    "raquo": "»", "euro": "€", "bull": "•", "middot": "·", "times": "×", "deg": "°", "auml": "ä", "ouml": "ö",
    "uuml": "ü",
    "Auml": "Ä", "Ouml": "Ö", "Uuml": "Ü", "szlig": "ß", "eacute": "é", "egrave": "è", "agrave": "à", "ccedil": "ç",
    "ntilde": "ñ", "shy": "\u{AD}", "zwnj": "\u{200C}",
  ]
  /// `&#x10FFFF;` and the longest name, without `&` and `;`.
  private static let longest = 10

  /// What is no reference that we know stays as it is.
  static func decoded(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "&")) else { return text }
    var output = String.UnicodeScalarView()
    var rest = text.unicodeScalars[...]
    while let first = rest.popFirst() {
      guard first == "&", let end = rest.prefix(longest + 1).firstIndex(of: ";"),
        let scalar = scalar(String(rest[..<end]))
      else {
        output.append(first)
        continue
      }
      output.append(scalar)
      rest = rest[rest.index(after: end)...]
    }
    return String(output)
  }

  private static func scalar(_ name: String) -> Unicode.Scalar? {
    guard name.hasPrefix("#") else { return named[name] }
    let digits = name.dropFirst()
    let isHexadecimal = digits.first == "x" || digits.first == "X"
    let number = isHexadecimal ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
    guard let scalar = number.flatMap(Unicode.Scalar.init) else { return nil }
    // A reference to a control character is an error in HTML.
    return scalar.properties.generalCategory == .control ? " " : scalar
  }
}
