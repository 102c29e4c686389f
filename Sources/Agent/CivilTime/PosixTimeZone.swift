/// The rule in a zone file's footer: what its clocks do after the last transition it lists
/// (RFC 9636 section 3.3; POSIX.1 "Other Environment Variables", `TZ`).
struct PosixTimeZone: Sendable, Hashable {
  /// A day of each year.
  enum Day: Sendable, Hashable {
    /// `Mm.w.d`: weekday `d` (0 is Sunday) of week `w` of month `m`; week 5 is the last.
    case weekdayOfMonth(month: Int, week: Int, weekday: Int)
    /// `Jn`: day 1...365, with 29 February never counted.
    case dayWithoutLeapDay(Int)
    /// `n`: day 0...365, with 29 February counted.
    case zeroBasedDay(Int)
  }

  /// A moment of each year, in the local time in force before it.
  struct Change: Sendable, Hashable {
    let day: Day
    /// Seconds after the day's midnight; up to 167 hours either way (RFC 9636 section 3.3.1).
    let timeSeconds: Int

    /// Seconds from 1970-01-01T00:00:00, as the clock on the wall shows them.
    func localSeconds(in year: Int) -> Int64 {
      Int64(dayNumber(in: year) * GregorianCalendar.secondsPerDay + timeSeconds)
    }

    private func dayNumber(in year: Int) -> Int {
      let newYear = GregorianCalendar.dayNumber(year: year, month: 1, day: 1)
      switch day {
      case .zeroBasedDay(let number): return newYear + number
      case .dayWithoutLeapDay(let number):
        let lastBeforeLeapDay = 59
        return newYear + number - 1 + (GregorianCalendar.isLeapYear(year) && number > lastBeforeLeapDay ? 1 : 0)
      case .weekdayOfMonth(let month, let week, let weekday):
        let first = GregorianCalendar.dayNumber(year: year, month: month, day: 1)
        let toWeekday = floorModulo(weekday - GregorianCalendar.weekdayFromSunday(ofDay: first), 7)
        let day = toWeekday + (week - 1) * 7
        return first + (day < GregorianCalendar.daysInMonth(month, year: year) ? day : day - 7)
      }
    }
  }

  struct Daylight: Sendable, Hashable {
    let type: LocalTimeType
    let start: Change
    let end: Change
  }

  let standard: LocalTimeType
  let daylight: Daylight?

  /// The changes with a time in `years`, and what applies before the first of them.
  ///
  /// Each year's daylight-saving time is an interval, which runs into the next year where its end comes before its
  /// start. Intervals that touch or overlap are one: that is how "always daylight-saving time" is written
  /// (RFC 9636 section 3.3.1), and it leaves no change at all.
  func table(years: ClosedRange<Int>) -> TransitionTable {
    guard let daylight else { return TransitionTable(initial: standard) }
    let from = GregorianCalendar.unixSeconds(atStartOf: years.lowerBound)
    let until = GregorianCalendar.unixSeconds(atStartOf: years.upperBound + 1)
    let intervals = mergedIntervals(of: daylight, years: (years.lowerBound - 2)...(years.upperBound + 1))
    let beginsInDaylight = intervals.contains { $0.contains(from - 1) }
    var table = TransitionTable(initial: beginsInDaylight ? daylight.type : standard)
    for interval in intervals {
      if interval.lowerBound >= from, interval.lowerBound < until { table.append(interval.lowerBound, daylight.type) }
      if interval.upperBound >= from, interval.upperBound < until { table.append(interval.upperBound, standard) }
    }
    return table
  }

  private func mergedIntervals(of daylight: Daylight, years: ClosedRange<Int>) -> [Range<Int64>] {
    var merged: [Range<Int64>] = []
    for year in years {
      let start = daylight.start.localSeconds(in: year) - Int64(standard.offsetSeconds)
      let sameYearEnd = daylight.end.localSeconds(in: year) - Int64(daylight.type.offsetSeconds)
      let nextYearEnd = daylight.end.localSeconds(in: year + 1) - Int64(daylight.type.offsetSeconds)
      let end = sameYearEnd > start ? sameYearEnd : nextYearEnd
      if let last = merged.last, start <= last.upperBound {
        merged[merged.count - 1] = last.lowerBound..<max(last.upperBound, end)
      } else {
        merged.append(start..<max(start, end))
      }
    }
    return merged
  }
}

/// One cycle of 400 years of a footer's changes. Every instant has its twin in it, at the same date and weekday.
struct FooterCycle: Sendable {
  private static let baseYear = 2000
  /// Years laid out on both sides of the cycle, so that a search near its ends needs no wrapping.
  private static let marginYears = 2
  private static let cycleStart = GregorianCalendar.unixSeconds(atStartOf: baseYear)
  private static let cycleSeconds = Int64(GregorianCalendar.daysPerCycle * GregorianCalendar.secondsPerDay)

  let table: TransitionTable

  init(_ rule: PosixTimeZone) {
    let lastYear = Self.baseYear + GregorianCalendar.yearsPerCycle + Self.marginYears
    table = rule.table(years: (Self.baseYear - Self.marginYears)...lastYear)
  }

  /// How many seconds to take from a time, local or of UTC, to move it into the cycle.
  func shift(of seconds: Int64) -> Int64 {
    floorDivide(seconds &- Self.cycleStart, Self.cycleSeconds) &* Self.cycleSeconds
  }
}
