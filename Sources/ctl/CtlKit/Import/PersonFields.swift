/// Forms of the values that people have, the same for every source.
enum PersonFields {
  /// `name@domain`, no longer than a mail address may be (RFC 5321 section 4.5.3.1).
  static func isEmail(_ text: String) -> Bool {
    var count = 0
    var marks = 0
    var mark = 0
    var isASCII = true
    for byte in text.utf8 {
      count += 1
      if byte == UInt8(ascii: "@") {
        marks += 1
        mark = count
      }
      if byte == Byte.space || 0x09...0x0D ~= byte { return false }
      if byte >= 0x80 { isASCII = false }
    }
    return marks == 1 && mark > 1 && mark < count && count <= 254
      && (isASCII || !text.contains { $0.isWhitespace })
  }

  /// The characters of a language tag (BCP 47).
  static func isLocale(_ text: String) -> Bool {
    1...35 ~= text.utf8.count && text.utf8.allSatisfy { Byte.isLetter($0) || Byte.isDigit($0) || $0 == Byte.dash }
  }

  /// An http or https URL in printable ASCII.
  static func isWebhook(_ text: String) -> Bool {
    let lower = text.lowercased()
    return ["http://", "https://"].contains { lower.hasPrefix($0) && lower.utf8.count > $0.utf8.count }
      && text.utf8.count <= VCardLimits.maxAddressBytes && text.utf8.allSatisfy { 0x21...0x7E ~= $0 }
  }

  /// The name of a date, an address or an attribute.
  static func isKey(_ text: String) -> Bool {
    1...63 ~= text.utf8.count
      && text.utf8.allSatisfy { Byte.isLetter($0) || Byte.isDigit($0) || "-_.".utf8.contains($0) }
  }

  /// A label that people wrote, as the name of a date: `First day at work` → `first-day-at-work`; nil when nothing is
  /// left.
  static func key(_ label: String) -> String? {
    let words = label.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
    let key = String(words.joined(separator: "-").prefix(40))
    return key.isEmpty ? nil : key
  }
}
