/// The arithmetic of the proleptic Gregorian calendar, on plain integers.
enum GregorianCalendar {
  static let secondsPerDay = 86_400
  /// After 400 years dates and weekdays repeat: 146,097 days are exactly 20,871 weeks.
  static let yearsPerCycle = 400
  static let daysPerCycle = 146_097
  /// 1970-01-01 counted from 0000-03-01, the day on which the counting below begins.
  private static let epochShiftDays = 719_468

  static func isLeapYear(_ year: Int) -> Bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
  }

  /// The length of a month that is known to be 1...12.
  static func daysInMonth(_ month: Int, year: Int) -> Int {
    switch month {
    case 2: isLeapYear(year) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// Days from 1970-01-01. Years are counted from March, so that the leap day comes last and
  /// month lengths follow the regular pattern (153 days for five months).
  static func dayNumber(year: Int, month: Int, day: Int) -> Int {
    let shiftedYear = month <= 2 ? year &- 1 : year
    let shiftedMonth = month <= 2 ? month &+ 9 : month &- 3
    let cycle = floorDivide(shiftedYear, yearsPerCycle)
    let yearOfCycle = shiftedYear &- cycle &* yearsPerCycle
    let dayOfYear = (153 &* shiftedMonth &+ 2) / 5 &+ day &- 1
    let dayOfCycle = yearOfCycle &* 365 &+ yearOfCycle / 4 &- yearOfCycle / 100 &+ dayOfYear
    return cycle &* daysPerCycle &+ dayOfCycle &- epochShiftDays
  }

  /// The date of a day number; the inverse of `dayNumber`.
  static func date(ofDay dayNumber: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = dayNumber &+ epochShiftDays
    let cycle = floorDivide(shifted, daysPerCycle)
    let dayOfCycle = shifted &- cycle &* daysPerCycle
    let leapCorrected = dayOfCycle &- dayOfCycle / 1460 &+ dayOfCycle / 36_524 &- dayOfCycle / 146_096
    let yearOfCycle = leapCorrected / 365
    let dayOfYear = dayOfCycle &- (365 &* yearOfCycle &+ yearOfCycle / 4 &- yearOfCycle / 100)
    let shiftedMonth = (5 &* dayOfYear &+ 2) / 153
    let day = dayOfYear &- (153 &* shiftedMonth &+ 2) / 5 &+ 1
    let month = shiftedMonth < 10 ? shiftedMonth &+ 3 : shiftedMonth &- 9
    let year = yearOfCycle &+ cycle &* yearsPerCycle &+ (month <= 2 ? 1 : 0)
    return (year, month, day)
  }

  /// 0 is Sunday, as in the POSIX rules; 1970-01-01 was a Thursday.
  static func weekdayFromSunday(ofDay dayNumber: Int) -> Int { floorModulo(dayNumber &+ 4, 7) }

  /// The year that holds an instant of UTC.
  static func year(atUnixSeconds seconds: Int64) -> Int {
    date(ofDay: Int(floorDivide(seconds, Int64(secondsPerDay)))).year
  }

  /// The instant, in UTC, at which a year begins.
  static func unixSeconds(atStartOf year: Int) -> Int64 {
    Int64(dayNumber(year: year, month: 1, day: 1) &* secondsPerDay)
  }
}

/// Division that rounds towards minus infinity; the divisor is positive.
func floorDivide<Number: FixedWidthInteger>(_ value: Number, _ divisor: Number) -> Number {
  let quotient = value / divisor
  return value % divisor < 0 ? quotient &- 1 : quotient
}

/// The remainder that goes with `floorDivide`: never negative.
func floorModulo<Number: FixedWidthInteger>(_ value: Number, _ divisor: Number) -> Number {
  let remainder = value % divisor
  return remainder < 0 ? remainder &+ divisor : remainder
}
