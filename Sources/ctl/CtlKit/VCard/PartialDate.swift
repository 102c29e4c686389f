/// A date of the proleptic Gregorian calendar whose year may be unknown, as birthdays have it.
struct PartialDate: Sendable, Hashable, CustomStringConvertible {
  /// 1 to 9999, or nil when unknown.
  let year: Int?
  /// 1 to 12.
  let month: Int
  /// 1 to 31; 29 February exists when the year is unknown.
  let day: Int

  /// Nil when there is no such day.
  init?(year: Int?, month: Int, day: Int) {
    guard 1...12 ~= month, 1...Self.days(inMonth: month, ofYear: year) ~= day else { return nil }
    if let year, !(1...9_999 ~= year) { return nil }
    self.year = year
    self.month = month
    self.day = day
  }

  private static func days(inMonth month: Int, ofYear year: Int?) -> Int {
    guard month == 2 else { return [4, 6, 9, 11].contains(month) ? 30 : 31 }
    guard let year else { return 29 }
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
  }

  /// `1990-05-04`, or `--05-04` without a year (ISO 8601:2000, as RFC 6350 writes it).
  var description: String {
    var text: [UInt8] = []
    text.reserveCapacity(10)
    if let year { Self.append(year, 4, to: &text) } else { text.append(Byte.dash) }
    text.append(Byte.dash)
    Self.append(month, 2, to: &text)
    text.append(Byte.dash)
    Self.append(day, 2, to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  /// At least `width` digits.
  private static func append(_ number: Int, _ width: Int, to text: inout [UInt8]) {
    var unit = 1
    for _ in 1..<width { unit *= 10 }
    while unit > 0 {
      text.append(UInt8(ascii: "0") + UInt8(number / unit % 10))
      unit /= 10
    }
  }
}
