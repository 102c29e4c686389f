/// A local date and time with no zone.
public struct Civil: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The date.
  public let date: CivilDate
  /// The time of day.
  public let time: CivilTimeOfDay
  /// 1 for the second of two equal local times when clocks go back (as in PEP 495), else 0.
  public let fold: Int

  /// A date and a time of day; `fold` other than 0 counts as 1.
  public init(_ date: CivilDate, _ time: CivilTimeOfDay, fold: Int = 0) {
    self.date = date
    self.time = time
    self.fold = fold == 0 ? 0 : 1
  }

  /// Earlier local times first; of equal ones the first pass before the second.
  public static func < (left: Civil, right: Civil) -> Bool {
    (left.date, left.time, left.fold) < (right.date, right.time, right.fold)
  }

  /// `YYYY-MM-DDTHH:MM:SS`
  public var description: String { "\(date)T\(time)" }
}

/// A time of day, to the second.
public struct CivilTimeOfDay: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// 0 to 23
  public let hour: Int
  /// 0 to 59
  public let minute: Int
  /// 0 to 59
  public let second: Int

  /// A time of day, or nil when the clock does not show it.
  public init?(hour: Int, minute: Int, second: Int = 0) {
    guard 0...23 ~= hour, 0...59 ~= minute, 0...59 ~= second else { return nil }
    self.hour = hour
    self.minute = minute
    self.second = second
  }

  /// 00:00:00
  public static let midnight = CivilTimeOfDay(checkedHour: 0)
  /// 09:00:00
  public static let nineOClock = CivilTimeOfDay(checkedHour: 9)

  private init(checkedHour hour: Int) {
    self.hour = hour
    minute = 0
    second = 0
  }

  /// Earlier times first.
  public static func < (left: CivilTimeOfDay, right: CivilTimeOfDay) -> Bool {
    (left.hour, left.minute, left.second) < (right.hour, right.minute, right.second)
  }

  /// `HH:MM:SS`
  public var description: String { String(fields: (hour, 2), (minute, 2), (second, 2), separator: ":") }
}
