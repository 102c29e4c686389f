/// A date and a time of day without a zone: `2026-05-04T09:00:00`. Which instant it names, if any, and
/// whether there are two, only a zone's rules can say.
public struct CivilDateTime: Hashable, Sendable {
  /// The day.
  public let date: CivilDate
  /// The time on that day.
  public let time: CivilTimeOfDay

  /// Puts a date and a time of day together.
  public init(_ date: CivilDate, _ time: CivilTimeOfDay) {
    self.date = date
    self.time = time
  }

  /// Makes a local date and time from its parts.
  ///
  /// - Throws: `invalidField`, naming the part that is outside what is allowed.
  public init(
    year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0, nanosecond: Int = 0
  ) throws(CivilTimeError) {
    date = try CivilDate(year: year, month: month, day: day)
    time = try CivilTimeOfDay(hour: hour, minute: minute, second: second, nanosecond: nanosecond)
  }

  /// The local date and time `days` later on the calendar, at the same time of day.
  ///
  /// - Throws: `outOfRange` when that is outside the years of `CivilDate`.
  public func adding(days: Int) throws(CivilTimeError) -> CivilDateTime {
    CivilDateTime(try date.adding(days: days), time)
  }

  /// Seconds from 1970-01-01T00:00:00 as if the clock on the wall showed UTC.
  var localSeconds: Int64 {
    Int64(date.daysSinceEpoch &* GregorianCalendar.secondsPerDay &+ time.secondOfDay)
  }

  /// The inverse of `localSeconds`; nil outside the years of `CivilDate`.
  init?(localSeconds: Int64, nanosecond: Int32) {
    let day = Int(floorDivide(localSeconds, Int64(GregorianCalendar.secondsPerDay)))
    guard CivilDate.dayNumbers.contains(day) else { return nil }
    date = CivilDate(dayNumber: day)
    let secondOfDay = Int(localSeconds) &- day &* GregorianCalendar.secondsPerDay
    time = CivilTimeOfDay(checkedSecond: secondOfDay, nanosecond: nanosecond)
  }
}

extension CivilDateTime: Comparable {
  /// Orders by what the calendar and the clock show, which in a fold is not the order of the instants.
  public static func < (left: CivilDateTime, right: CivilDateTime) -> Bool {
    (left.date, left.time) < (right.date, right.time)
  }
}
