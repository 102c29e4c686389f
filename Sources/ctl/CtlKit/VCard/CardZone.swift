/// Reads TZ: RFC 6350 section 6.5.1 (text, normally an IANA name; utc-offset; uri) and RFC 2426
/// section 3.4.1 (utc-offset; text such as `-05:00; EST; Raleigh/North America`).
enum CardZone: Equatable {
  /// An IANA name in form; whether there is such a zone the agent knows.
  case named(String)
  /// A whole-hour offset, as the fixed zone of that offset.
  case fixed(String, offset: String)

  /// Why a value names no zone; completes "TZ: …".
  struct Failure: Error, Equatable {
    var reason: String
  }

  static func parse(_ line: ContentLine) throws(Failure) -> CardZone {
    if line.valueType == "URI" {
      throw Failure(reason: "is a URI (VALUE=uri), which names no IANA zone")
    }
    let text: String
    do { text = try TextValue.decode(line) } catch { throw Failure(reason: error.reason) }
    return try parse(text)
  }

  static func parse(_ text: String) throws(Failure) -> CardZone {
    let parts = text.split(separator: ";").map { TextValue.singleLine(TextValue.unescape(String($0))) }
    if let name = parts.first(where: isZoneName) { return .named(name) }
    for part in parts {
      guard let minutes = offsetMinutes(part) else { continue }
      guard let zone = fixedZone(minutes) else {
        throw Failure(reason: "\(Excerpt.of(part)) is an offset, not a zone; write an IANA name such as Asia/Kolkata")
      }
      return .fixed(zone, offset: part)
    }
    throw Failure(reason: "\(Excerpt.of(text)) is no IANA zone name such as Europe/Paris")
  }

  /// `Area/City` in the characters that the zone database uses, or `UTC`.
  static func isZoneName(_ text: String) -> Bool {
    if text == "UTC" || text == "GMT" { return true }
    var strokes = 0
    var begins = true
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "/") where !begins:
        strokes += 1
        begins = true
      case _ where Byte.isLetter(byte): begins = false
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), Byte.dash, UInt8(ascii: "+"):
        if begins { return false }
      default: return false
      }
    }
    return 1...2 ~= strokes && !begins && text.utf8.count <= 64
  }

  /// Minutes east of Greenwich of `Z`, `-05`, `-0500` or `-05:00`.
  private static func offsetMinutes(_ text: String) -> Int? {
    if text.uppercased() == "Z" { return 0 }
    guard let sign = text.first, sign == "+" || sign == "-" else { return nil }
    let digits = text.dropFirst().filter { $0 != ":" }
    guard [2, 4].contains(digits.count), digits.utf8.allSatisfy(Byte.isDigit),
      let hours = Int(digits.prefix(2)), let minutes = digits.count == 4 ? Int(digits.suffix(2)) : 0,
      hours <= 14, minutes < 60
    else { return nil }
    return (hours * 60 + minutes) * (sign == "-" ? -1 : 1)
  }

  /// The zone database counts these westward: `Etc/GMT+5` is five hours behind Greenwich.
  private static func fixedZone(_ minutes: Int) -> String? {
    guard minutes % 60 == 0, -12...14 ~= minutes / 60 else { return nil }
    let hours = minutes / 60
    return hours == 0 ? "UTC" : "Etc/GMT\(hours > 0 ? "-" : "+")\(abs(hours))"
  }
}
