import PluginKit0

/// The days of a rule whose FREQ is DAILY or coarser, before BYSETPOS, COUNT and UNTIL.
///
/// What months and years the interval leaves out is arithmetic, and what days of a month or a year BYMONTHDAY, BYDAY
/// and BYYEARDAY name is libical's to say. RFC 5545 section 3.3.10 lets the coarser parts limit and the finer ones
/// expand; on the level of days both come to the same: a day belongs to the set when every part that is there names it.
struct RuleDays: DaySource {
  private let frequency: RecurrenceRule.Frequency
  private let interval: Int
  private let months: [Int]
  private let weekNumbers: [Int]
  private let weeks: WeekNumbering
  private let monthPattern: MonthPattern?
  private let yearPatterns: [YearPattern]
  /// The day, week, month and year that intervals are counted from.
  private let startDay: Int
  private let startMonth: CalendarMonth

  /// The days of a rule that begins on a day. Nil for a rule that is finer than a day, or a day beyond the calendar.
  init?(_ given: RecurrenceRule, startDay: Int) {
    guard !given.frequency.isSubDaily, let startMonth = CalendarMonth(day: startDay) else { return nil }
    let rule = given.completed(startDay: startDay, in: startMonth)
    frequency = rule.frequency
    interval = rule.interval
    months = rule.byMonth
    weekNumbers = rule.byWeekNumber
    weeks = WeekNumbering(weekStart: rule.weekStart)
    self.startDay = startDay
    self.startMonth = startMonth
    monthPattern = rule.monthParts.map(PatternCache.month)
    yearPatterns = rule.yearParts.map(PatternCache.year)
  }

  func monthToTry(from index: Int) -> Int {
    switch frequency {
    case .monthly: return index + (startMonth.index - index).modulo(interval)
    case .yearly:
      let year = index.floorDivided(by: 12)
      let skipped = (startMonth.year - year).modulo(interval)
      return skipped == 0 ? index : (year + skipped) * 12
    default: return index
    }
  }

  func days(of month: CalendarMonth, _ steps: inout Steps) throws(RecurrenceFault) -> UInt32 {
    guard monthToTry(from: month.index) == month.index, months.isEmpty || months.contains(month.month) else { return 0 }
    var days = month.allDays
    if let monthPattern { days &= try monthPattern.days(of: month, &steps) }
    for pattern in yearPatterns { days &= try pattern.days(of: month, &steps) }
    if !weekNumbers.isEmpty, days != 0 { days &= daysOfWeeks(in: month, where: isNumbered) }
    guard interval > 1, days != 0 else { return days }
    switch frequency {
    case .daily: return days & everyNthDay(of: month)
    case .weekly:
      let startWeek = weeks.firstDay(ofWeekWith: startDay)
      return days & daysOfWeeks(in: month) { (($0 - startWeek) / 7).modulo(interval) == 0 }
    default: return days
    }
  }

  /// The days of the month that lie in weeks that are named by their first day.
  private func daysOfWeeks(in month: CalendarMonth, where isNamed: (Int) -> Bool) -> UInt32 {
    var days: UInt32 = 0
    var first = weeks.firstDay(ofWeekWith: month.firstDay)
    while first < month.firstDay + month.length {
      if isNamed(first) { days |= month.days(from: first) & ~month.days(from: first + 7) }
      first += 7
    }
    return days
  }

  private func isNumbered(_ firstDay: Int) -> Bool {
    guard let number = weeks.number(ofWeekWith: firstDay) else { return false }
    return weekNumbers.contains(number.fromStart) || weekNumbers.contains(number.fromEnd)
  }

  /// The days of the month that are a whole number of intervals from the start.
  private func everyNthDay(of month: CalendarMonth) -> UInt32 {
    var days: UInt32 = 0
    for bit in stride(from: (startDay - month.firstDay).modulo(interval), to: month.length, by: interval) {
      days |= 1 << bit
    }
    return days
  }
}

extension RecurrenceRule {
  /// The rule with what it leaves open taken from its start (RFC 5545 section 3.3.10: "information, not contained in
  /// the rule, necessary to determine the various recurrence instance start time and dates").
  fileprivate func completed(startDay: Int, in month: CalendarMonth) -> RecurrenceRule {
    var rule = self
    let weekday = WeekdayEntry(weekday: Weekday(day: startDay))
    let monthDay = startDay - month.firstDay + 1
    switch frequency {
    case .weekly where byDay.isEmpty: rule.byDay = [weekday]
    case .monthly where byDay.isEmpty && byMonthDay.isEmpty: rule.byMonthDay = [monthDay]
    case .yearly where byDay.isEmpty && byMonthDay.isEmpty && byYearDay.isEmpty:
      if !byWeekNumber.isEmpty {
        rule.byDay = [weekday]
      } else {
        rule.byMonthDay = [monthDay]
        if byMonth.isEmpty { rule.byMonth = [month.month] }
      }
    default: break
    }
    return rule
  }

  /// Whether a number in BYDAY counts within the year.
  private var countsWithinYear: Bool { frequency == .yearly && byMonth.isEmpty && hasOrdinals }

  /// BY parts that speak of the days of a month, as libical reads them.
  fileprivate var monthParts: String? {
    var parts: [String] = []
    if !byMonthDay.isEmpty { parts.append("BYMONTHDAY=" + byMonthDay.map(String.init).joined(separator: ",")) }
    if !byDay.isEmpty, !countsWithinYear {
      parts.append("BYDAY=" + byDay.map(\.text).joined(separator: ","))
    }
    return parts.isEmpty ? nil : parts.joined(separator: ";")
  }

  /// BY parts that speak of the days of a year, each a pattern of its own.
  fileprivate var yearParts: [String] {
    var parts: [String] = []
    if !byYearDay.isEmpty { parts.append("BYYEARDAY=" + byYearDay.map(String.init).joined(separator: ",")) }
    if countsWithinYear { parts.append("BYDAY=" + byDay.map(\.text).joined(separator: ",")) }
    return parts
  }
}
