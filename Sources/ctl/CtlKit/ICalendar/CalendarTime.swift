/// A DATE or DATE-TIME value (RFC 5545 sections 3.3.4 and 3.3.5): `20261123`, `20261123T093000`, `20261123T093000Z`.
struct CalendarTime: Hashable, Sendable {
  /// Days since 1970-01-01 of the proleptic Gregorian calendar.
  var day: Int64
  /// Seconds since the day's 00:00; nil: a date.
  var second: Int64?
  var isUTC = false

  /// The value in a text, or nil.
  init?(_ text: String) {
    let bytes = Array(text.uppercased().utf8)
    guard bytes.count == 8 || bytes.count == 15 || bytes.count == 16, let year = Self.number(bytes, 0..<4),
      let month = Self.number(bytes, 4..<6), let dayOfMonth = Self.number(bytes, 6..<8),
      PartialDate(year: Int(year), month: Int(month), day: Int(dayOfMonth)) != nil
    else { return nil }
    day = CivilFields.daysSinceEpoch(year: year, month: month, day: dayOfMonth)
    guard bytes.count > 8 else { return }
    guard bytes[8] == UInt8(ascii: "T"), let hour = Self.number(bytes, 9..<11), hour < 24,
      let minute = Self.number(bytes, 11..<13), minute < 60, let second = Self.number(bytes, 13..<15), second <= 60
    else { return nil }
    // A leap second is read as the one before it (section 3.3.12).
    self.second = hour * 3_600 + minute * 60 + min(second, 59)
    isUTC = bytes.count == 16
    if isUTC, bytes[15] != UInt8(ascii: "Z") { return nil }
  }

  init(day: Int64, second: Int64?, isUTC: Bool = false) {
    self.day = day
    self.second = second
    self.isUTC = isUTC
  }

  private static func number(_ bytes: [UInt8], _ range: Range<Int>) -> Int64? {
    bytes[range].allSatisfy(Byte.isDigit) ? Int64(String(decoding: bytes[range], as: UTF8.self)) : nil
  }

  var isDate: Bool { second == nil }

  /// Seconds since 1970 as if the local time were UTC.
  var seconds: Int64 { day * 86_400 + (second ?? 0) }

  /// `2026-11-23`.
  var date: String { String(fields.text.prefix(10)) }

  /// `2026-11-23T09:30`, seconds only where there are some; a date as ``date``; `Z` after a time in UTC.
  var text: String {
    guard let second else { return date }
    let time = fields.timeOfDay
    return "\(date)T\(time.prefix(second % 60 == 0 ? 5 : 8))\(isUTC ? "Z" : "")"
  }

  private var fields: CivilFields { CivilFields(epochMilliseconds: seconds * 1_000) }
}

/// A span of time (RFC 5545 section 3.3.6): `-PT15M`, `P1DT12H`, `P2W`.
enum CalendarDuration {
  /// 10,000 years of days: far more than anybody means, and far from an overflow.
  private static let maxSeconds: Int64 = 3_652_500 * 86_400
  private static let units: [UInt8: (seconds: Int64, isTime: Bool)] = [
    UInt8(ascii: "W"): (604_800, false), UInt8(ascii: "D"): (86_400, false), UInt8(ascii: "H"): (3_600, true),
    UInt8(ascii: "M"): (60, true), UInt8(ascii: "S"): (1, true),
  ]

  /// Seconds, a day counted as 24 hours; nil when it is no span of time.
  static func seconds(_ text: String) -> Int64? {
    var rest = Array(text.uppercased().utf8)[...]
    let sign: Int64 = rest.first == Byte.dash ? -1 : 1
    if rest.first == Byte.dash || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
    guard rest.first == UInt8(ascii: "P") else { return nil }
    rest = rest.dropFirst()
    var total: Int64 = 0
    var isTime = false
    var isEmpty = true
    while let first = rest.first {
      if first == UInt8(ascii: "T"), !isTime {
        isTime = true
        rest = rest.dropFirst()
        continue
      }
      let digits = rest.prefix(while: Byte.isDigit)
      rest = rest.dropFirst(digits.count)
      guard 1...12 ~= digits.count, let count = Int64(String(decoding: digits, as: UTF8.self)),
        let unit = rest.first.flatMap({ units[$0] }), unit.isTime == isTime
      else { return nil }
      let (product, isTooLong) = count.multipliedReportingOverflow(by: unit.seconds)
      guard !isTooLong, product <= maxSeconds - total else { return nil }
      total += product
      isEmpty = false
      rest = rest.dropFirst()
    }
    return isEmpty ? nil : sign * total
  }
}
