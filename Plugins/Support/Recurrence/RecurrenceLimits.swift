/// How much of a rule is taken, and how far it is followed. Each is part of what an answer may depend on.
public enum RecurrenceLimits {
  /// The years that a series may have occurrences in: what 64 bits of nanoseconds hold, less a year for leads.
  public static let years = 1700...2260
  /// Bytes of a rule's text.
  public static let ruleBytes = 2_048
  /// Bytes of a time's text.
  public static let timeBytes = 80
  /// INTERVAL of a rule.
  public static let intervals = 1...10_000
  /// COUNT of a rule.
  public static let counts = 1...100_000
  /// COUNT of a rule with BYSETPOS, whose periods are gone through one by one.
  public static let positionedCounts = 1...10_000
  /// Times of day that BYHOUR, BYMINUTE and BYSECOND, or the fields of a cron expression, make together.
  public static let timesPerDay = 1_440
  /// Length of a `rate` in days.
  public static let rateDays = 366
  /// Intervals of an HOURLY or MINUTELY rule in a row without an occurrence, after which it has ended.
  public static let emptyIntervals = 10_000
  /// Intervals that an HOURLY or MINUTELY rule with COUNT and a narrowing part goes through in all.
  public static let countedIntervals = 20_000
  /// Steps from one occurrence to the next: a month looked at, a candidate weighed, an interval gone through. A
  /// question to libical counts as ``patternSteps``. No rule that is accepted comes near it.
  public static let steps = 200_000
  /// Steps that a question to libical counts as.
  static let patternSteps = 200

  /// The first and the last moment of the years, and of a day.
  static let first = LocalTime(day: -98_615, second: 0)
  static let last = LocalTime(day: 106_285, second: 86_399)
}

/// Counts steps, so that no answer goes on without end.
public struct Steps: Sendable {
  /// Steps taken in all.
  public private(set) var total = 0
  private var sinceLast = 0

  /// None taken.
  public init() {}

  /// Takes steps.
  ///
  /// - Throws: when it is more than ``RecurrenceLimits/steps`` since the last occurrence.
  mutating func take(_ count: Int = 1) throws(RecurrenceFault) {
    total += count
    sinceLast += count
    if sinceLast > RecurrenceLimits.steps {
      throw RecurrenceFault("takes more than \(RecurrenceLimits.steps) steps to the next occurrence")
    }
  }

  /// An occurrence was found.
  mutating func found() { sinceLast = 0 }
}
