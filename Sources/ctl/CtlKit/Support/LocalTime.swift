/// A date and a time of day as a clock on the wall shows them: ISO 8601 without an offset.
struct LocalTime: Sendable, Hashable {
  private static let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]

  let date: PartialDate
  let hour: Int
  let minute: Int
  let second: Int

  /// Reads `2026-12-24T10:00`; a space is as good as the `T`, seconds and a fraction may follow. The fraction is left out.
  init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard 16...29 ~= bytes.count, bytes[4] == Byte.dash, bytes[7] == Byte.dash, "Tt ".utf8.contains(bytes[10]),
      bytes[13] == Byte.colon
    else { return nil }
    func number(_ range: Range<Int>) -> Int? {
      guard range.upperBound <= bytes.count, bytes[range].allSatisfy(Byte.isDigit) else { return nil }
      return Int(String(decoding: bytes[range], as: UTF8.self))
    }
    guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10), let hour = number(11..<13),
      let minute = number(14..<16), let second = Self.second(bytes, number), hour < 24, minute < 60, second < 60,
      let date = PartialDate(year: year, month: month, day: day)
    else { return nil }
    (self.date, self.hour, self.minute, self.second) = (date, hour, minute, second)
  }

  private static func second(_ bytes: [UInt8], _ number: (Range<Int>) -> Int?) -> Int? {
    guard bytes.count > 16 else { return 0 }
    guard bytes[16] == Byte.colon, let second = number(17..<19) else { return nil }
    guard bytes.count > 19 else { return second }
    return bytes[19] == Byte.dot && bytes.count > 20 && bytes[20...].allSatisfy(Byte.isDigit) ? second : nil
  }

  /// As the API takes it: `2026-12-24T10:00:00`.
  var iso: String { "\(date)T\(clock):\(padded(second))" }

  /// As people read it: `Thu 2026-12-24 10:00`.
  var friendly: String { "\(weekday) \(date) \(clock)" + (second == 0 ? "" : ":\(padded(second))") }

  private var clock: String { "\(padded(hour)):\(padded(minute))" }

  /// 1 January 1970 was a Thursday.
  private var weekday: String {
    let days = CivilFields.daysSinceEpoch(
      year: Int64(date.year ?? 1970), month: Int64(date.month), day: Int64(date.day))
    return Self.weekdays[Int((days % 7 + 7) % 7)]
  }

  private func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
}

extension LocalTime {
  /// What the API says of a local time, for people; itself, if it is none.
  static func friendly(_ text: String) -> String { LocalTime(text)?.friendly ?? text }
}

/// How far ahead something is, in the unit that people would say.
enum Ahead {
  private static let units: [(name: String, milliseconds: Int64)] = [
    ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000),
  ]

  /// `in 5d`, `in 3h`; `now` for what is due.
  static func text(_ milliseconds: Int64, from now: Int64) -> String {
    let (span, isTooLong) = milliseconds.subtractingReportingOverflow(now)
    guard !isTooLong, let unit = units.first(where: { span >= $0.milliseconds }) else { return "now" }
    return "in \(span / unit.milliseconds)\(unit.name)"
  }
}
