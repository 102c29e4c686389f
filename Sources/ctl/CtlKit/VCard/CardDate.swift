/// Reads BDAY and ANNIVERSARY.
///
/// Forms of RFC 6350 section 4.3.1 (basic `19900504`, `--0504`) and of RFC 2426 (extended
/// `1990-05-04`, `--05-04`), each with or without a time, which is set aside: a birthday is a date.
enum CardDate {
  /// The year that Apple's address book writes for an unknown one; it says so in the parameter
  /// X-APPLE-OMIT-YEAR, which other programs drop when they pass the card on.
  static let omittedYear = 1604

  /// Why a value gives no date; completes "BDAY: …".
  struct Failure: Error, Equatable {
    var reason: String
  }

  static func parse(_ line: ContentLine) throws(Failure) -> PartialDate {
    if line.valueType == "TEXT" { throw Failure(reason: "is free text (VALUE=text), not a date") }
    if let calendar = line.parameter("CALSCALE"), calendar.uppercased() != "GREGORIAN" {
      throw Failure(reason: "is in the calendar \(Excerpt.of(calendar)); only gregorian is read")
    }
    let text: String
    do { text = try TextValue.decode(line) } catch { throw Failure(reason: error.reason) }
    let omitted = line.parameter("X-APPLE-OMIT-YEAR").flatMap { Int($0) } ?? omittedYear
    return try parse(text, omittedYear: omitted)
  }

  static func parse(_ text: String, omittedYear: Int) throws(Failure) -> PartialDate {
    let value = TextValue.singleLine(TextValue.unescape(text))
    guard !value.isEmpty else { throw Failure(reason: "is empty") }
    let (date, time) = split(value)
    guard isTime(time) else { throw notADate(value) }
    guard !date.isEmpty else { throw Failure(reason: "has a time but no date: \(Excerpt.of(value))") }
    guard let fields = fields(date) else { throw notADate(value) }
    guard let month = fields.month, let day = fields.day else {
      throw Failure(reason: "has no \(fields.month == nil ? "month" : "day"): \(Excerpt.of(value))")
    }
    // Year 0 is how exporters without a notion of a missing year write one.
    let year = fields.year.flatMap { $0 == omittedYear || $0 == 0 ? nil : $0 }
    guard let result = PartialDate(year: year, month: month, day: day) else {
      throw Failure(reason: "is no day of the calendar: \(Excerpt.of(value))")
    }
    return result
  }

  private static func notADate(_ value: String) -> Failure {
    Failure(reason: "is not a date: \(Excerpt.of(value)); write 1990-05-04, or --05-04 without the year")
  }

  private static func split(_ value: String) -> (date: [UInt8], time: [UInt8]) {
    let bytes = Array(value.utf8)
    guard let mark = bytes.firstIndex(where: { Byte.uppercased($0) == UInt8(ascii: "T") || $0 == Byte.space }) else {
      return (bytes, [])
    }
    return (Array(bytes[..<mark]), Array(bytes[(mark + 1)...]))
  }

  /// Only that it looks like a time: which one it is does not matter.
  private static func isTime(_ bytes: [UInt8]) -> Bool {
    bytes.allSatisfy { Byte.isDigit($0) || [":", "-", "+", ".", "Z", "z"].map { UInt8(ascii: $0) }.contains($0) }
  }

  private struct Fields {
    var year: Int?
    var month: Int?
    var day: Int?
  }

  /// `D` stands for a digit of the year, `M` of the month, `T` of the day.
  private static let patterns = [
    "DDDD-MM-TT", "DDDDMMTT", "--MM-TT", "--MMTT", "DDDD-MM", "DDDD", "--MM", "---TT",
  ].map { Array($0.utf8) }

  private static func fields(_ date: [UInt8]) -> Fields? {
    for pattern in patterns where pattern.count == date.count {
      if let fields = match(date, pattern) { return fields }
    }
    return nil
  }

  private static func match(_ date: [UInt8], _ pattern: [UInt8]) -> Fields? {
    var fields = Fields()
    for (byte, sign) in zip(date, pattern) {
      guard sign != Byte.dash else {
        if byte != Byte.dash { return nil }
        continue
      }
      guard Byte.isDigit(byte) else { return nil }
      let digit = Int(byte - UInt8(ascii: "0"))
      switch sign {
      case UInt8(ascii: "D"): fields.year = (fields.year ?? 0) * 10 + digit
      case UInt8(ascii: "M"): fields.month = (fields.month ?? 0) * 10 + digit
      default: fields.day = (fields.day ?? 0) * 10 + digit
      }
    }
    return fields
  }
}
