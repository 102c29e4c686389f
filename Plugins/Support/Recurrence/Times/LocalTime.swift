public import PluginKit0

/// A local date and time as one number: what the clocks and calendar show, counted in seconds. No zone.
public struct LocalTime: Sendable, Hashable, Comparable {
  /// Seconds from 1970-01-01T00:00:00 on the same clock.
  public let seconds: Int

  static let secondsPerDay = 86_400

  /// So many seconds from 1970-01-01T00:00:00 on the same clock.
  public init(seconds: Int) { self.seconds = seconds }

  /// A day, counted from 1970-01-01, and a second of it.
  init(day: Int, second: Int) { seconds = day * Self.secondsPerDay + second }

  /// A local time; which of two equal ones is meant is left out.
  public init(_ civil: Civil) {
    self.init(day: civil.date.dayNumber, second: civil.time.secondOfDay)
  }

  /// Days since 1970-01-01.
  var day: Int { seconds.floorDivided(by: Self.secondsPerDay) }

  /// 0 to 86,399
  var second: Int { seconds - day * Self.secondsPerDay }

  /// The date and the time of day; nil beyond the years 1 to 9999.
  public var civil: Civil? {
    guard let date = CivilDate(dayNumber: day),
      let time = CivilTimeOfDay(hour: second / 3_600, minute: second / 60 % 60, second: second % 60)
    else { return nil }
    return Civil(date, time)
  }

  /// Earlier ones first.
  public static func < (left: LocalTime, right: LocalTime) -> Bool { left.seconds < right.seconds }

  /// So many seconds later.
  static func + (time: LocalTime, seconds: Int) -> LocalTime { LocalTime(seconds: time.seconds + seconds) }
}

extension CivilTimeOfDay {
  /// 0 to 86,399
  var secondOfDay: Int { hour * 3_600 + minute * 60 + second }
}

extension Int {
  /// Rounded towards minus infinity. The divisor is positive.
  func floorDivided(by divisor: Int) -> Int {
    let quotient = self / divisor
    return self % divisor < 0 ? quotient - 1 : quotient
  }

  /// 0 up to the divisor, which is positive.
  func modulo(_ divisor: Int) -> Int {
    let remainder = self % divisor
    return remainder < 0 ? remainder + divisor : remainder
  }
}
