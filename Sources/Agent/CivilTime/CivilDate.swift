/// A day of the proleptic Gregorian calendar, without a zone: `2000-02-29`.
public struct CivilDate: Hashable, Sendable {
  /// The years a date may have. Year 0 is 1 BC, as in ISO 8601.
  public static let years = -9999...9999
  /// The first date there is.
  public static let earliest = CivilDate(dayNumber: dayNumbers.lowerBound)
  /// The last date there is.
  public static let latest = CivilDate(dayNumber: dayNumbers.upperBound)

  /// The day numbers of `earliest...latest`.
  static let dayNumbers =
    GregorianCalendar.dayNumber(
      year: years.lowerBound, month: 1, day: 1)...GregorianCalendar.dayNumber(
      year: years.upperBound, month: 12, day: 31)

  private let yearNumber: Int16
  private let monthNumber: UInt8
  private let dayOfMonth: UInt8

  /// The year, in `years`.
  public var year: Int { Int(yearNumber) }
  /// The month, 1...12.
  public var month: Int { Int(monthNumber) }
  /// The day of the month, from 1.
  public var day: Int { Int(dayOfMonth) }

  /// Makes a date from its parts.
  ///
  /// - Throws: `invalidField`, naming the part that is outside what is allowed.
  public init(year: Int, month: Int, day: Int) throws(CivilTimeError) {
    try requireField("year", year, in: Self.years)
    let length = try Self.daysInMonth(month, year: year)
    guard (1...length).contains(day) else {
      throw CivilTimeError(
        .invalidField, "day \(day) is not in 1...\(length), the days of month \(month) of the year \(year)")
    }
    self.init(checkedYear: year, month: month, day: day)
  }

  /// Makes the date that lies `daysSinceEpoch` days after 1970-01-01 (before it, when negative).
  ///
  /// - Throws: `outOfRange` when that is outside `years`.
  public init(daysSinceEpoch: Int) throws(CivilTimeError) {
    guard Self.dayNumbers.contains(daysSinceEpoch) else {
      throw CivilTimeError(.outOfRange, "day \(daysSinceEpoch) from 1970-01-01 is outside the years \(Self.years)")
    }
    self.init(dayNumber: daysSinceEpoch)
  }

  /// For a day number that is known to be in `dayNumbers`.
  init(dayNumber: Int) {
    let parts = GregorianCalendar.date(ofDay: dayNumber)
    self.init(checkedYear: parts.year, month: parts.month, day: parts.day)
  }

  private init(checkedYear year: Int, month: Int, day: Int) {
    yearNumber = Int16(truncatingIfNeeded: year)
    monthNumber = UInt8(truncatingIfNeeded: month)
    dayOfMonth = UInt8(truncatingIfNeeded: day)
  }

  /// Days from 1970-01-01; negative before it.
  public var daysSinceEpoch: Int { GregorianCalendar.dayNumber(year: year, month: month, day: day) }

  /// The day of the week.
  public var weekday: Weekday { Weekday(dayNumber: daysSinceEpoch) }

  /// The day of the year, from 1.
  public var dayOfYear: Int {
    daysSinceEpoch - GregorianCalendar.dayNumber(year: year, month: 1, day: 1) + 1
  }

  /// The date `days` later (earlier, when negative).
  ///
  /// - Throws: `outOfRange` when that is outside `years`.
  public func adding(days: Int) throws(CivilTimeError) -> CivilDate {
    let sum = daysSinceEpoch.addingReportingOverflow(days)
    guard !sum.overflow, Self.dayNumbers.contains(sum.partialValue) else {
      throw CivilTimeError(.outOfRange, "\(self) and \(days) days more is outside the years \(Self.years)")
    }
    return CivilDate(dayNumber: sum.partialValue)
  }

  /// How many days `other` is later than this date.
  public func days(to other: CivilDate) -> Int { other.daysSinceEpoch - daysSinceEpoch }

  /// Whether a year has a 29 February.
  public static func isLeapYear(_ year: Int) -> Bool { GregorianCalendar.isLeapYear(year) }

  /// The number of days of a month.
  ///
  /// - Throws: `invalidField` when the month is not 1...12.
  public static func daysInMonth(_ month: Int, year: Int) throws(CivilTimeError) -> Int {
    try requireField("month", month, in: 1...12)
    return GregorianCalendar.daysInMonth(month, year: year)
  }
}

extension CivilDate: Comparable {
  /// Orders dates by time.
  public static func < (left: CivilDate, right: CivilDate) -> Bool { left.sortKey < right.sortKey }

  private var sortKey: Int { year << 16 | month << 8 | day }
}

/// A day of the week, numbered as in ISO 8601: Monday is 1, Sunday 7.
public enum Weekday: Int, Sendable, Hashable, CaseIterable, Codable {
  case monday = 1
  case tuesday
  case wednesday
  case thursday
  case friday
  case saturday
  case sunday

  init(dayNumber: Int) {
    switch GregorianCalendar.weekdayFromSunday(ofDay: dayNumber) {
    case 1: self = .monday
    case 2: self = .tuesday
    case 3: self = .wednesday
    case 4: self = .thursday
    case 5: self = .friday
    case 6: self = .saturday
    default: self = .sunday
    }
  }
}

/// Refuses a number outside its range, naming the field.
func requireField(_ name: String, _ value: Int, in range: ClosedRange<Int>) throws(CivilTimeError) {
  guard range.contains(value) else {
    throw CivilTimeError(.invalidField, "\(name) \(value) is not in \(range)")
  }
}
