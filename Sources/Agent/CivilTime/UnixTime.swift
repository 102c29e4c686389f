/// An instant: seconds of Unix time (1970-01-01T00:00:00Z, leap seconds not counted) and a part of a second.
///
/// Limited to the years of `CivilDate` and three days around them, so that a time zone's offset always fits and
/// `microseconds` never overflows.
public struct UnixTime: Hashable, Sendable {
  /// The seconds an instant may have.
  public static let secondsRange: ClosedRange<Int64> =
    Int64(
      (CivilDate.dayNumbers.lowerBound - marginDays) * GregorianCalendar.secondsPerDay)...Int64(
      (CivilDate.dayNumbers.upperBound + marginDays) * GregorianCalendar.secondsPerDay)

  private static let marginDays = 3
  private static let microsecondsPerSecond: Int64 = 1_000_000
  private static let nanosecondsPerMicrosecond: Int32 = 1000

  /// Whole seconds from the epoch, rounded towards the past.
  public let seconds: Int64
  /// The part of a second after `seconds`, 0...999,999,999.
  public let nanosecond: Int32

  /// Makes an instant.
  ///
  /// - Throws: `outOfRange` or `invalidField`.
  public init(seconds: Int64, nanosecond: Int = 0) throws(CivilTimeError) {
    try requireField("nanosecond", nanosecond, in: 0...(CivilTimeOfDay.nanosecondsPerSecond - 1))
    guard Self.secondsRange.contains(seconds) else {
      throw CivilTimeError(.outOfRange, "Unix time \(seconds) s is outside the years \(CivilDate.years)")
    }
    self.init(checkedSeconds: seconds, nanosecond: Int32(nanosecond))
  }

  /// Makes an instant from microseconds since the epoch.
  ///
  /// - Throws: `outOfRange`.
  public init(microseconds: Int64) throws(CivilTimeError) {
    let part = Int(floorModulo(microseconds, Self.microsecondsPerSecond))
    try self.init(
      seconds: floorDivide(microseconds, Self.microsecondsPerSecond),
      nanosecond: part * Int(Self.nanosecondsPerMicrosecond))
  }

  /// For seconds that are known to be in range: a civil time less an offset, or near a zone's transition.
  init(checkedSeconds seconds: Int64, nanosecond: Int32) {
    self.seconds = seconds
    self.nanosecond = nanosecond
  }

  /// Microseconds since the epoch, rounded towards the past.
  public var microseconds: Int64 {
    seconds &* Self.microsecondsPerSecond &+ Int64(nanosecond / Self.nanosecondsPerMicrosecond)
  }
}

extension UnixTime: Comparable {
  /// Orders instants by time.
  public static func < (left: UnixTime, right: UnixTime) -> Bool {
    (left.seconds, left.nanosecond) < (right.seconds, right.nanosecond)
  }
}
