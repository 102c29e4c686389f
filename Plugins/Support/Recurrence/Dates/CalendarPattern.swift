import CICal
import PluginKit0
import Synchronization

/// Which days of a month the BY parts of a rule name, by libical. What they name depends on the month's length and the
/// weekday of its first day alone (the latter where weekdays are named), so that there are 28 questions at most, and
/// each is asked once.
final class MonthPattern: Sendable {
  private let parts: String
  private let knowsWeekdays: Bool
  private let known = Mutex([UInt32?](repeating: nil, count: 28))

  init(parts: String) {
    self.parts = parts
    knowsWeekdays = parts.contains("BYDAY")
  }

  func days(of month: CalendarMonth, _ steps: inout Steps) throws(RecurrenceFault) -> UInt32 {
    let kind = (month.length - 28) * 7 + (knowsWeekdays ? month.firstWeekday.rawValue : 0)
    if let days = known.withLock({ $0[kind] }) { return days }
    try steps.take(RecurrenceLimits.patternSteps)
    let days = try LibICal.days(parts, ofMonthLike: month)
    known.withLock { $0[kind] = days }
    return days
  }
}

/// The same for a year: 14 kinds, by its first weekday and whether it has a 29 February.
final class YearPattern: Sendable {
  /// Bit 0 of the first word is 1 January.
  typealias Days = [UInt64]

  private let parts: String
  private let knowsWeekdays: Bool
  private let known = Mutex([Days?](repeating: nil, count: 14))

  init(parts: String) {
    self.parts = parts
    knowsWeekdays = parts.contains("BYDAY")
  }

  /// The days of a month of the year.
  func days(of month: CalendarMonth, _ steps: inout Steps) throws(RecurrenceFault) -> UInt32 {
    let days = try days(ofYear: month.year, &steps)
    guard let first = CivilDate(year: month.year, month: 1, day: 1) else { return 0 }
    let offset = month.firstDay - first.dayNumber
    let (word, bit) = (offset / 64, offset % 64)
    var bits = days[word] >> UInt64(bit)
    if bit > 32, word + 1 < days.count { bits |= days[word + 1] << UInt64(64 - bit) }
    return UInt32(truncatingIfNeeded: bits) & month.allDays
  }

  private func days(ofYear year: Int, _ steps: inout Steps) throws(RecurrenceFault) -> Days {
    guard let first = CivilDate(year: year, month: 1, day: 1) else { return Days(repeating: 0, count: 6) }
    let kind = (knowsWeekdays ? Weekday(day: first.dayNumber).rawValue : 0) + (CivilDate.isLeap(year) ? 7 : 0)
    if let days = known.withLock({ $0[kind] }) { return days }
    try steps.take(10 * RecurrenceLimits.patternSteps)
    let days = try LibICal.days(parts, ofYearLike: year)
    known.withLock { $0[kind] = days }
    return days
  }
}

/// The patterns in use, so that rules that share BY parts share the answers. Two generations: when the young one is
/// full the old one goes.
enum PatternCache {
  static let maxKept = 512

  private struct Generations<Pattern> {
    var young: [String: Pattern] = [:]
    var old: [String: Pattern] = [:]

    mutating func find(_ parts: String, or make: (String) -> Pattern) -> Pattern {
      if let pattern = young[parts] { return pattern }
      let pattern = old[parts] ?? make(parts)
      if young.count >= PatternCache.maxKept {
        old = young
        young = [:]
      }
      young[parts] = pattern
      return pattern
    }
  }

  private static let months = Mutex(Generations<MonthPattern>())
  private static let years = Mutex(Generations<YearPattern>())

  static func month(_ parts: String) -> MonthPattern { months.withLock { $0.find(parts) { MonthPattern(parts: $0) } } }
  static func year(_ parts: String) -> YearPattern { years.withLock { $0.find(parts) { YearPattern(parts: $0) } } }
}

/// libical behind a lock. Its functions would allow calls side by side; what they make at first use would not.
enum LibICal {
  private static let isPrepared = Mutex(false)

  /// A year of the 400 that libical is asked about: the calendar comes again after them.
  private static func represented(_ year: Int) -> Int { 2000 + year.modulo(400) }

  static func days(_ parts: String, ofMonthLike month: CalendarMonth) throws(RecurrenceFault) -> UInt32 {
    var days: UInt32 = 0
    let isTaken = isPrepared.withLock { isPrepared in
      prepare(&isPrepared)
      return cical_month_days(parts, CInt(represented(month.year)), CInt(month.month), &days)
    }
    guard isTaken else { throw refusal }
    return days & month.allDays
  }

  static func days(_ parts: String, ofYearLike year: Int) throws(RecurrenceFault) -> YearPattern.Days {
    var days = YearPattern.Days(repeating: 0, count: 6)
    let isTaken = isPrepared.withLock { isPrepared in
      prepare(&isPrepared)
      return cical_year_days(parts, CInt(represented(year)), &days)
    }
    guard isTaken else { throw refusal }
    return days
  }

  private static let refusal = RecurrenceFault("is not taken by libical")

  private static func prepare(_ isPrepared: inout Bool) {
    guard !isPrepared else { return }
    cical_prepare()
    isPrepared = true
  }
}
