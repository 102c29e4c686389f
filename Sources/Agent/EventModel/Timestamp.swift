/// An instant: microseconds since 1970-01-01T00:00:00Z, leap seconds not counted (POSIX time).
///
/// Microseconds because both stores hold them exactly in 64 bits, over ±292,000 years.
public struct Timestamp: Hashable, Comparable, Sendable, Codable {
  /// Microseconds since 1970-01-01T00:00:00Z.
  public var microseconds: Int64

  /// Makes an instant from microseconds since 1970-01-01T00:00:00Z.
  public init(microseconds: Int64) {
    self.microseconds = microseconds
  }

  /// Makes an instant from whole seconds since 1970-01-01T00:00:00Z; saturates at the range's ends.
  public init(seconds: Int64) {
    let (value, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
    self.microseconds = overflow ? (seconds < 0 ? .min : .max) : value
  }

  /// Whole seconds since 1970-01-01T00:00:00Z, rounded down.
  public var seconds: Int64 {
    let quotient = microseconds / 1_000_000
    return microseconds % 1_000_000 < 0 ? quotient - 1 : quotient
  }

  /// The start of the minute that this instant is in.
  public var minute: Timestamp {
    let seconds = self.seconds
    let remainder = ((seconds % 60) + 60) % 60
    return Timestamp(seconds: seconds - remainder)
  }

  /// The earlier of two instants comes first.
  public static func < (a: Timestamp, b: Timestamp) -> Bool { a.microseconds < b.microseconds }

  /// This instant and a span; saturates.
  public static func + (a: Timestamp, b: TimeSpan) -> Timestamp {
    let (value, overflow) = a.microseconds.addingReportingOverflow(b.microseconds)
    return Timestamp(microseconds: overflow ? (b.microseconds < 0 ? .min : .max) : value)
  }

  /// This instant less a span; saturates.
  public static func - (a: Timestamp, b: TimeSpan) -> Timestamp {
    let (value, overflow) = a.microseconds.subtractingReportingOverflow(b.microseconds)
    return Timestamp(microseconds: overflow ? (b.microseconds < 0 ? .max : .min) : value)
  }

  /// The span from `b` to `a`; saturates.
  public static func - (a: Timestamp, b: Timestamp) -> TimeSpan {
    let (value, overflow) = a.microseconds.subtractingReportingOverflow(b.microseconds)
    return TimeSpan(microseconds: overflow ? (a < b ? .min : .max) : value)
  }
}

/// A length of time in microseconds. `Duration` has attoseconds in 128 bits; a ledger row needs neither.
public struct TimeSpan: Hashable, Comparable, Sendable, Codable {
  /// The length in microseconds; negative when it points back.
  public var microseconds: Int64

  /// Makes a span from microseconds.
  public init(microseconds: Int64) {
    self.microseconds = microseconds
  }

  /// A `Duration` in whole microseconds; saturates.
  public init(_ duration: Duration) {
    let (seconds, attoseconds) = duration.components
    self = .seconds(seconds)
    let (sum, overflow) = microseconds.addingReportingOverflow(attoseconds / 1_000_000_000_000)
    if !overflow { microseconds = sum }
  }

  /// No time at all.
  public static let zero = TimeSpan(microseconds: 0)

  /// A span of milliseconds; saturates.
  public static func milliseconds(_ count: Int64) -> TimeSpan { scaled(count, 1_000) }

  /// A span of seconds; saturates.
  public static func seconds(_ count: Int64) -> TimeSpan { scaled(count, 1_000_000) }

  /// A span of minutes; saturates.
  public static func minutes(_ count: Int64) -> TimeSpan { scaled(count, 60_000_000) }

  /// A span of hours; saturates.
  public static func hours(_ count: Int64) -> TimeSpan { scaled(count, 3_600_000_000) }

  /// The length in seconds, for people and metrics.
  public var inSeconds: Double { Double(microseconds) / 1_000_000 }

  /// The same as a `Duration`.
  public var duration: Duration { .microseconds(microseconds) }

  /// The shorter of two spans comes first.
  public static func < (a: TimeSpan, b: TimeSpan) -> Bool { a.microseconds < b.microseconds }

  private static func scaled(_ count: Int64, _ unit: Int64) -> TimeSpan {
    let (value, overflow) = count.multipliedReportingOverflow(by: unit)
    return TimeSpan(microseconds: overflow ? (count < 0 ? .min : .max) : value)
  }
}
