/// The days that a cron expression names.
struct CronDays: DaySource {
  /// A rule for days of a month.
  enum Rule: Sendable, Hashable {
    /// Every day.
    case any
    /// Days by their number.
    case numbers(Set<Int>)
    /// Days by their weekday.
    case weekdays(Set<Weekday>)
    /// The month's last day.
    case last
    /// The month's last day that is a Monday to Friday.
    case lastWorkday
    /// The Monday to Friday nearest to a day, in the same month. None where the month does not have the day.
    case workdayNearest(Int)
    /// The month's nth of a weekday.
    case nth(Weekday, Int)
    /// The month's last of a weekday.
    case lastOf(Weekday)
    /// Where either names the day.
    indirect case either(Rule, Rule)
    /// Where both do.
    indirect case both(Rule, Rule)
  }

  let rule: Rule
  /// 1 to 12
  let months: Set<Int>
  /// Nil: every year.
  let years: Set<Int>?

  func monthToTry(from index: Int) -> Int { index }

  func days(of month: CalendarMonth, _ steps: inout Steps) -> UInt32 {
    guard months.contains(month.month), years?.contains(month.year) ?? true else { return 0 }
    return rule.days(of: month) & month.allDays
  }
}

extension CronDays.Rule {
  fileprivate func days(of month: CalendarMonth) -> UInt32 {
    switch self {
    case .any: month.allDays
    case .numbers(let numbers): numbers.reduce(0) { $0 | 1 << ($1 - 1) }
    case .weekdays(let weekdays): weekdays.reduce(0) { $0 | month.days(on: $1) }
    case .last: 1 << (month.length - 1)
    case .lastWorkday: month.workday(nearest: month.length)
    case .workdayNearest(let day): day <= month.length ? month.workday(nearest: day) : 0
    case .nth(let weekday, let number): 1 << (month.firstBit(of: weekday) + 7 * (number - 1))
    case .lastOf(let weekday): month.lastDay(on: weekday)
    case .either(let one, let other): one.days(of: month) | other.days(of: month)
    case .both(let one, let other): one.days(of: month) & other.days(of: month)
    }
  }
}

extension CalendarMonth {
  fileprivate func firstBit(of weekday: Weekday) -> Int { (weekday.rawValue - firstWeekday.rawValue).modulo(7) }

  fileprivate func days(on weekday: Weekday) -> UInt32 {
    // Bits 0, 7, 14, 21 and 28.
    (0x1020_4081 << UInt32(firstBit(of: weekday))) & allDays
  }

  fileprivate func lastDay(on weekday: Weekday) -> UInt32 {
    let days = days(on: weekday)
    return 1 << (31 - days.leadingZeroBitCount)
  }

  /// The Monday to Friday nearest to a day of the month, without leaving the month.
  fileprivate func workday(nearest day: Int) -> UInt32 {
    let nearest =
      switch Weekday(day: firstDay + day - 1) {
      case .saturday: day == 1 ? 3 : day - 1
      case .sunday: day == length ? day - 2 : day + 1
      default: day
      }
    return 1 << (nearest - 1)
  }
}
