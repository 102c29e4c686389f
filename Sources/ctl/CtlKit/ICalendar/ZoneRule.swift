/// When a zone changes its offset every year, as an RRULE in a VTIMEZONE says it.
struct ZoneRule: Equatable, Sendable {
  enum Day: Equatable, Sendable {
    /// This day of the month.
    case fixed(Int64)
    /// The nth weekday of the month (0 is Sunday), counted from its end when negative.
    case weekday(nth: Int64, weekday: Int64)
    /// The first such weekday on or after this day of the month.
    case weekdayFrom(day: Int64, weekday: Int64)
  }

  var month: Int64
  var day: Day
  /// The last instant (seconds since 1970) at which it holds; nil: for ever.
  var until: Int64?

  private static let weekdays = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"]
  private static let parts: Set<String> = ["FREQ", "BYMONTH", "BYDAY", "BYMONTHDAY", "UNTIL", "INTERVAL", "WKST"]

  /// The rule in an RRULE's text, or nil when it is none that zones have.
  /// - Parameter start: DTSTART, which gives month and day where the rule names none.
  init?(_ text: String, start: CalendarTime) {
    var values: [String: String] = [:]
    for part in text.uppercased().split(separator: ";") {
      let sides = part.split(separator: "=", maxSplits: 1)
      guard sides.count == 2, Self.parts.contains(String(sides[0])) else { return nil }
      values[String(sides[0])] = String(sides[1])
    }
    guard values["FREQ"] == "YEARLY", values["INTERVAL"] ?? "1" == "1" else { return nil }
    let fields = CivilFields(epochMilliseconds: start.seconds * 1_000)
    guard let month = values["BYMONTH"].map({ Int64($0) }) ?? fields.month, 1...12 ~= month,
      let day = Self.day(values, fields.day)
    else { return nil }
    self.month = month
    self.day = day
    if let text = values["UNTIL"] {
      guard let time = CalendarTime(text) else { return nil }
      until = time.seconds
    }
  }

  private static func day(_ values: [String: String], _ startDay: Int64) -> Day? {
    let days = (values["BYMONTHDAY"] ?? "").split(separator: ",").map { Int64($0) ?? 0 }
    guard days.allSatisfy({ 1...31 ~= $0 }) else { return nil }
    guard let text = values["BYDAY"] else {
      return days.count <= 1 ? .fixed(days.first ?? startDay) : nil
    }
    guard let weekday = weekdays.firstIndex(of: String(text.suffix(2))).map(Int64.init) else { return nil }
    if text.utf8.count == 2 {
      // Seven days in a row and a weekday: the first such weekday from the first of them on.
      guard days.count == 7, let first = days.min(), Set(days) == Set(first..<(first + 7)) else { return nil }
      return .weekdayFrom(day: first, weekday: weekday)
    }
    guard let nth = Int64(text.dropLast(2)), nth != 0, -5...5 ~= nth, days.isEmpty else { return nil }
    return .weekday(nth: nth, weekday: weekday)
  }

  /// The day it names in a year, counted from 1970-01-01.
  func day(in year: Int64) -> Int64 {
    let first = CivilFields.daysSinceEpoch(year: year, month: month, day: 1)
    switch day {
    case .fixed(let day): return first + day - 1
    case .weekdayFrom(let day, let weekday): return Self.next(weekday, from: first + day - 1)
    case .weekday(let nth, let weekday):
      if nth > 0 { return Self.next(weekday, from: first) + (nth - 1) * 7 }
      let nextMonth =
        month == 12
        ? CivilFields.daysSinceEpoch(year: year + 1, month: 1, day: 1)
        : CivilFields.daysSinceEpoch(year: year, month: month + 1, day: 1)
      return Self.next(weekday, from: nextMonth - 7) + (nth + 1) * 7
    }
  }

  /// 1970-01-01 was a Thursday.
  private static func next(_ weekday: Int64, from day: Int64) -> Int64 {
    let current = ((day + 4) % 7 + 7) % 7
    return day + (weekday - current + 7) % 7
  }
}
