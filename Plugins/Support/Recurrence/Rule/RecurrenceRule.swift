/// A recurrence rule, as RFC 5545 section 3.3.10 has it, within what is taken here. Lists are sorted, without
/// repetition, and empty when the part is absent.
public struct RecurrenceRule: Sendable, Hashable {
  /// FREQ, less SECONDLY.
  public enum Frequency: String, Sendable, Hashable, CaseIterable {
    case minutely = "MINUTELY"
    case hourly = "HOURLY"
    case daily = "DAILY"
    case weekly = "WEEKLY"
    case monthly = "MONTHLY"
    case yearly = "YEARLY"

    /// Whether it runs on the instant line.
    var isSubDaily: Bool { self == .minutely || self == .hourly }
  }

  /// UNTIL.
  public enum Until: Sendable, Hashable {
    /// The last local time there may be.
    case local(LocalTime)
    /// The last instant there may be, in seconds since 1970-01-01T00:00:00Z.
    case utc(Int)
  }

  /// One of BYDAY: a weekday, or its nth of the month or year, from the end when negative.
  struct WeekdayEntry: Sendable, Hashable, Comparable {
    var weekday: Weekday
    /// 0: every one.
    var ordinal = 0

    static func < (left: Self, right: Self) -> Bool {
      (left.weekday.rawValue, left.ordinal) < (right.weekday.rawValue, right.ordinal)
    }

    var text: String { ordinal == 0 ? weekday.text : "\(ordinal)\(weekday.text)" }
  }

  /// FREQ
  public internal(set) var frequency: Frequency
  var interval = 1
  var count: Int?
  var until: Until?
  var weekStart = Weekday.monday
  var bySecond: [Int] = []
  var byMinute: [Int] = []
  var byHour: [Int] = []
  var byDay: [WeekdayEntry] = []
  var byMonthDay: [Int] = []
  var byYearDay: [Int] = []
  var byWeekNumber: [Int] = []
  var byMonth: [Int] = []
  var bySetPosition: [Int] = []

  init(_ frequency: Frequency) { self.frequency = frequency }

  /// Whether BYDAY counts weekdays.
  var hasOrdinals: Bool { byDay.contains { $0.ordinal != 0 } }
}

/// A weekday, Monday first as in ISO 8601.
enum Weekday: Int, Sendable, Hashable, CaseIterable {
  case monday
  case tuesday
  case wednesday
  case thursday
  case friday
  case saturday
  case sunday

  /// The weekday of a day that is counted from 1970-01-01, a Thursday.
  init(day: Int) { self = Self.allCases[(day + 3).modulo(7)] }

  /// As RFC 5545 writes it, and the first two letters of its English name.
  var text: String { ["MO", "TU", "WE", "TH", "FR", "SA", "SU"][rawValue] }

  init?(text: String) {
    guard let found = Self.allCases.first(where: { $0.text == text }) else { return nil }
    self = found
  }
}
