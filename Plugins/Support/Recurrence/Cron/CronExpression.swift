/// A cron expression: five fields as POSIX and Vixie's cron have them, or six as AWS EventBridge has them. The number
/// of fields decides, and with it what day 2 of the week is: Tuesday in the one, Monday in the other.
struct CronExpression: Sendable {
  let days: CronDays
  /// Seconds of the day, ascending.
  let times: [Int]
  /// Whether minutes or hours begin with `*`. As in Vixie's cron, such an expression goes by the clock as it runs, and
  /// one without is kept through a change of the clocks.
  let followsClock: Bool

  /// Reads the fields between the parentheses.
  init(_ text: Substring) throws(RecurrenceFault) {
    let fields = String(text).uppercasedASCII.split { $0 == " " || $0 == "\t" }
    switch fields.count {
    case 5: try self.init(five: fields)
    case 6: try self.init(six: fields)
    default:
      throw RecurrenceFault(
        "has \(fields.count) fields, and must have five (minutes, hours, day of the month, month, day of the week) or "
          + "six (AWS: and a year)")
    }
  }

  private init(five fields: [Substring]) throws(RecurrenceFault) {
    let minutes = try CronField(fields[0], .minutes)
    let hours = try CronField(fields[1], .hours)
    let daysOfMonth = try CronField(fields[2], .daysOfMonth)
    let months = try CronField(fields[3], .months)
    let weekdays = try CronField(fields[4], .weekdays)
    let byNumber = CronDays.Rule.numbers(daysOfMonth.values)
    let byWeekday = CronDays.Rule.weekdays(Set(weekdays.values.compactMap { Weekday(fromSunday: $0 % 7) }))
    // crontab(5): either is enough when both are restricted, that is, begin with no star.
    let isEither = !daysOfMonth.startsWithStar && !weekdays.startsWithStar
    let rule: CronDays.Rule = isEither ? .either(byNumber, byWeekday) : .both(byNumber, byWeekday)
    self.init(
      minutes, hours, CronDays(rule: rule, months: months.values, years: nil))
  }

  private init(six fields: [Substring]) throws(RecurrenceFault) {
    let minutes = try CronField(fields[0], .minutes.steppingFromValue)
    let hours = try CronField(fields[1], .hours.steppingFromValue)
    let months = try CronField(fields[3], .months.steppingFromValue)
    let years = try CronField(fields[5], .years.steppingFromValue)
    guard (fields[2] == "?") != (fields[4] == "?") else {
      throw RecurrenceFault("must have ? for exactly one of the day of the month and the day of the week")
    }
    let rule = fields[4] == "?" ? try Self.dayOfMonth(fields[2]) : try Self.dayOfWeek(fields[4])
    self.init(
      minutes, hours,
      CronDays(rule: rule, months: months.values, years: years.startsWithStar && fields[5] == "*" ? nil : years.values))
  }

  private init(_ minutes: CronField, _ hours: CronField, _ days: CronDays) {
    self.days = days
    times = hours.values.sorted().flatMap { hour in minutes.values.sorted().map { hour * 3_600 + $0 * 60 } }
    followsClock = minutes.startsWithStar || hours.startsWithStar
  }

  private static func dayOfMonth(_ text: Substring) throws(RecurrenceFault) -> CronDays.Rule {
    switch text {
    case "*": return .any
    case "L": return .last
    case "LW": return .lastWorkday
    default: break
    }
    if text.hasSuffix("W") {
      guard let day = CronField.value(text.dropLast(), .daysOfMonth) else {
        throw RecurrenceFault(
          "has \(RecurrenceRule.shown(text)) for the day of the month, and W takes one day before it")
      }
      return .workdayNearest(day)
    }
    return .numbers(try CronField(text, .daysOfMonth.steppingFromValue).values)
  }

  private static func dayOfWeek(_ text: Substring) throws(RecurrenceFault) -> CronDays.Rule {
    if text == "*" { return .any }
    // The last day of the week, which begins on Sunday.
    if text == "L" { return .weekdays([.saturday]) }
    if text.hasSuffix("L") {
      guard let day = CronField.value(text.dropLast(), .awsWeekdays), let weekday = Weekday(fromSunday: day - 1) else {
        throw RecurrenceFault(
          "has \(RecurrenceRule.shown(text)) for the day of the week, and L takes one day before it")
      }
      return .lastOf(weekday)
    }
    let sides = text.split(separator: "#", omittingEmptySubsequences: false)
    guard sides.count > 1 else {
      let field = try CronField(text, .awsWeekdays.steppingFromValue)
      return .weekdays(Set(field.values.compactMap { Weekday(fromSunday: $0 - 1) }))
    }
    guard sides.count == 2, let day = CronField.value(sides[0], .awsWeekdays),
      let weekday = Weekday(fromSunday: day - 1), let number = Int(sides[1]), 1...5 ~= number
    else {
      throw RecurrenceFault(
        "has \(RecurrenceRule.shown(text)) for the day of the week, and # takes one day before it and 1 to 5 behind it")
    }
    return .nth(weekday, number)
  }
}

extension Weekday {
  /// The weekday so many days after Sunday.
  fileprivate init?(fromSunday days: Int) {
    guard 0...6 ~= days else { return nil }
    self = Self.allCases[(days + 6) % 7]
  }
}
