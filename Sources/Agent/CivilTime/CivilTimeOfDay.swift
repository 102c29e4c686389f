/// A time of day as a clock on the wall shows it, without a date or a zone: `09:00:00`.
///
/// There is no 24:00 and no leap second: 00:00:00 to 23:59:59.999999999.
public struct CivilTimeOfDay: Hashable, Sendable {
  /// The first moment of a day, 00:00.
  public static let midnight = CivilTimeOfDay(checkedSecond: 0, nanosecond: 0)

  static let nanosecondsPerSecond = 1_000_000_000

  private let hourNumber: UInt8
  private let minuteNumber: UInt8
  private let secondNumber: UInt8
  private let fraction: Int32

  /// The hour, 0...23.
  public var hour: Int { Int(hourNumber) }
  /// The minute, 0...59.
  public var minute: Int { Int(minuteNumber) }
  /// The second, 0...59.
  public var second: Int { Int(secondNumber) }
  /// The part of a second, 0...999,999,999.
  public var nanosecond: Int { Int(fraction) }

  /// Makes a time of day from its parts.
  ///
  /// - Throws: `invalidField`, naming the part that is outside what is allowed.
  public init(hour: Int, minute: Int = 0, second: Int = 0, nanosecond: Int = 0) throws(CivilTimeError) {
    try requireField("hour", hour, in: 0...23)
    try requireField("minute", minute, in: 0...59)
    try requireField("second", second, in: 0...59)
    try requireField("nanosecond", nanosecond, in: 0...(Self.nanosecondsPerSecond - 1))
    self.init(checkedSecond: (hour * 60 + minute) * 60 + second, nanosecond: Int32(nanosecond))
  }

  /// For a second of the day that is known to be 0..<86,400.
  init(checkedSecond secondOfDay: Int, nanosecond: Int32) {
    hourNumber = UInt8(truncatingIfNeeded: secondOfDay / 3600)
    minuteNumber = UInt8(truncatingIfNeeded: secondOfDay / 60 % 60)
    secondNumber = UInt8(truncatingIfNeeded: secondOfDay % 60)
    fraction = nanosecond
  }

  /// Whole seconds shown since 00:00 (not seconds elapsed: a zone may have moved its clocks meanwhile).
  public var secondOfDay: Int { (hour &* 60 &+ minute) &* 60 &+ second }
}

extension CivilTimeOfDay: Comparable {
  /// Orders times of day from midnight on.
  public static func < (left: CivilTimeOfDay, right: CivilTimeOfDay) -> Bool {
    (left.secondOfDay, left.nanosecond) < (right.secondOfDay, right.nanosecond)
  }
}
