/// A date and time in UTC on the proleptic Gregorian calendar, leap seconds not counted.
public struct UTCDate: Sendable, Hashable {
  /// Years whose RFC 3339 form has four digits.
  public static let years = 1...9_999
  private static let secondsPerDay: Int64 = 86_400
  private static let daysPerEra: Int64 = 146_097
  private static let daysFromMarchYear0ToEpoch: Int64 = 719_468

  /// 1 to 9999
  public let year: Int
  /// 1 to 12
  public let month: Int
  /// 1 to 31
  public let day: Int
  /// 0 to 86,399
  public let secondOfDay: Int

  /// The date and time of a number of seconds since 1970-01-01T00:00:00Z; beyond ``years`` the nearest within.
  public init(unixSeconds: Int64) {
    let bounded = min(max(unixSeconds, -62_135_596_800), 253_402_300_799)
    let days = (bounded - Self.floorRemainder(bounded, Self.secondsPerDay)) / Self.secondsPerDay
    secondOfDay = Int(Self.floorRemainder(bounded, Self.secondsPerDay))
    // Years counted from 1 March, so that the leap day is a year's last.
    let shifted = days + Self.daysFromMarchYear0ToEpoch
    let era = shifted / Self.daysPerEra
    let dayOfEra = shifted - era * Self.daysPerEra
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    day = Int(dayOfYear - (153 * marchMonth + 2) / 5 + 1)
    month = Int(marchMonth < 10 ? marchMonth + 3 : marchMonth - 9)
    year = Int(yearOfEra + era * 400) + (month <= 2 ? 1 : 0)
  }

  /// A date and time by its fields; nil for one that does not exist. A second of 60 counts as the next minute's first.
  public init?(year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int) {
    guard Self.years ~= year, 1...12 ~= month, 1...31 ~= day, 0...23 ~= hour, 0...59 ~= minute, 0...60 ~= second
    else { return nil }
    let shifted = Int64(month > 2 ? year : year - 1)
    let era = shifted / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = Int64((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1)
    let days =
      era * Self.daysPerEra + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
      - Self.daysFromMarchYear0ToEpoch
    let date = UTCDate(unixSeconds: days * Self.secondsPerDay)
    guard date.day == day, date.month == month, date.year == year else { return nil }
    self.init(unixSeconds: days * Self.secondsPerDay + Int64(hour * 3_600 + minute * 60 + second))
  }

  /// Seconds since 1970-01-01T00:00:00Z.
  public var unixSeconds: Int64 {
    let shifted = Int64(month > 2 ? year : year - 1)
    let era = shifted / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = Int64((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1)
    let days =
      era * Self.daysPerEra + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
      - Self.daysFromMarchYear0ToEpoch
    return days * Self.secondsPerDay + Int64(secondOfDay)
  }

  /// RFC 3339 with whole seconds: `2026-11-21T09:00:00Z`.
  public var rfc3339: String {
    "\(Self.padded(year, 4))-\(Self.padded(month))-\(Self.padded(day))"
      + "T\(Self.padded(secondOfDay / 3_600)):\(Self.padded(secondOfDay / 60 % 60)):\(Self.padded(secondOfDay % 60))Z"
  }

  private static func padded(_ number: Int, _ width: Int = 2) -> String {
    let digits = String(number)
    return digits.utf8.count < width ? String(repeating: "0", count: width - digits.utf8.count) + digits : digits
  }

  private static func floorRemainder(_ number: Int64, _ divisor: Int64) -> Int64 {
    let remainder = number % divisor
    return remainder < 0 ? remainder + divisor : remainder
  }
}
