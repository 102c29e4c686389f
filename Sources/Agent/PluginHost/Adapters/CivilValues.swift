import CPluginAPI
import EventModel

extension CivilFields {
  /// The years that are taken from a plugin: those of four digits.
  static let years: ClosedRange<Int32> = 1...9_999

  /// Reads a plugin's local time; nil when there is no such date or time.
  init?(_ civil: carillon_civil) {
    guard Self.years.contains(civil.year), (1...12).contains(civil.month), civil.day >= 1,
      civil.day <= Self.days(in: civil.month, of: civil.year), civil.hour < 24, civil.minute < 60, civil.second < 60,
      civil.fold <= 1
    else { return nil }
    self.init(
      year: civil.year, month: civil.month, day: civil.day, hour: civil.hour, minute: civil.minute,
      second: civil.second, fold: civil.fold)
  }

  private static func days(in month: UInt8, of year: Int32) -> UInt8 {
    switch month {
    case 4, 6, 9, 11: 30
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    default: 31
    }
  }

  /// Whether this local time is earlier than another one.
  func isBefore(_ other: CivilFields) -> Bool {
    (year, Int(month) * 32 + Int(day), hour, minute, second, fold)
      < (other.year, Int(other.month) * 32 + Int(other.day), other.hour, other.minute, other.second, other.fold)
  }
}

extension carillon_civil {
  init(_ fields: CivilFields) {
    self.init()
    year = fields.year
    month = fields.month
    day = fields.day
    hour = fields.hour
    minute = fields.minute
    second = fields.second
    fold = fields.fold
  }
}

extension Timestamp {
  /// An instant from nanoseconds since 1970-01-01T00:00:00Z, rounded down to microseconds.
  init(nanoseconds: Int64) {
    let quotient = nanoseconds / 1_000
    self.init(microseconds: nanoseconds % 1_000 < 0 ? quotient - 1 : quotient)
  }

  /// Nanoseconds since 1970-01-01T00:00:00Z; saturates in the years 1677 and 2262.
  var nanoseconds: Int64 { Self.saturating(microseconds) }

  static func saturating(_ microseconds: Int64) -> Int64 {
    let (value, overflow) = microseconds.multipliedReportingOverflow(by: 1_000)
    return overflow ? (microseconds < 0 ? .min : .max) : value
  }
}

extension TimeSpan {
  /// The length in nanoseconds; saturates at 292 years.
  var nanoseconds: Int64 { Timestamp.saturating(microseconds) }
}
