import PluginKit0

/// A month of a year.
struct CalendarMonth {
  /// Months since January of the year 0.
  let index: Int
  let year: Int
  /// 1 to 12
  let month: Int
  /// The number of its first day, counted from 1970-01-01.
  let firstDay: Int
  let length: Int

  /// Beyond the years of `CivilDate` there is none.
  init?(index: Int) {
    year = index.floorDivided(by: 12)
    month = index.modulo(12) + 1
    guard let first = CivilDate(year: year, month: month, day: 1) else { return nil }
    self.index = index
    firstDay = first.dayNumber
    length = CivilDate.days(inMonth: month, of: year)
  }

  /// The month that a day is in.
  init?(day: Int) {
    guard let date = CivilDate(dayNumber: day) else { return nil }
    self.init(index: date.year * 12 + date.month - 1)
  }

  var firstWeekday: Weekday { Weekday(day: firstDay) }

  /// Every day of it, as bits.
  var allDays: UInt32 { UInt32.max >> (32 - length) }

  /// As bits, the days of it from one on.
  func days(from day: Int) -> UInt32 {
    day <= firstDay ? allDays : day >= firstDay + length ? 0 : allDays & ~((1 << (day - firstDay)) - 1)
  }

  /// As bits, the days of it up to one.
  func days(through day: Int) -> UInt32 { allDays & ~days(from: day + 1) }
}

/// The days that bits stand for, earliest first.
struct SetBits: Sequence, IteratorProtocol {
  private var rest: UInt32

  init(_ bits: UInt32) { rest = bits }

  mutating func next() -> Int? {
    guard rest != 0 else { return nil }
    defer { rest &= rest - 1 }
    return rest.trailingZeroBitCount
  }
}

/// Weeks that begin on a given weekday, numbered as RFC 5545 section 3.3.10 does under BYWEEKNO: week 1 is the first
/// with four days or more in its year.
struct WeekNumbering {
  let weekStart: Weekday

  /// The first day of the week that a day is in.
  func firstDay(ofWeekWith day: Int) -> Int { day - (Weekday(day: day).rawValue - weekStart.rawValue).modulo(7) }

  /// The number of the week that a day is in, from the year's start and (negative) from its end.
  func number(ofWeekWith day: Int) -> (fromStart: Int, fromEnd: Int)? {
    let first = firstDay(ofWeekWith: day)
    // The week belongs to the year that has its fourth day.
    guard let year = CivilDate(dayNumber: first + 3)?.year, let begin = firstWeek(of: year),
      let end = firstWeek(of: year + 1)
    else { return nil }
    return ((first - begin) / 7 + 1, (first - end) / 7)
  }

  /// The first day of week 1, which is the one with 4 January in it.
  private func firstWeek(of year: Int) -> Int? {
    CivilDate(year: year, month: 1, day: 4).map { firstDay(ofWeekWith: $0.dayNumber) }
  }
}
