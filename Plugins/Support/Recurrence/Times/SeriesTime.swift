import PluginKit0

/// A time as a definition writes it: `start`, `end`, and each of `rdate` and `exdate`.
public enum SeriesTime: Sendable, Hashable {
  /// `2026-11-23T09:30` or `…:00`: the clocks of the schedule's zone.
  case local(LocalTime)
  /// `2026-11-23T09:30:00Z`: seconds since 1970-01-01T00:00:00Z.
  case utc(Int)
  /// `2026-11-23T10:00[Europe/Paris]`: the clocks of another zone.
  case zoned(LocalTime, zone: String)
  /// `2026-11-23`: a day, by its number since 1970-01-01.
  case date(day: Int)

  /// The forms, for messages.
  public static let forms =
    "a local time (2026-11-23T09:30), one in UTC (2026-11-23T09:30Z), one in another zone "
    + "(2026-11-23T09:30[Europe/Paris]) or a date (2026-11-23), in the years \(RecurrenceLimits.years.lowerBound) to "
    + "\(RecurrenceLimits.years.upperBound)"

  /// Reads one of the forms, and nothing else.
  public init?(_ text: String) {
    guard text.utf8.count <= RecurrenceLimits.timeBytes else { return nil }
    var scanner = ByteScanner(text)
    guard let date = scanner.date(), RecurrenceLimits.years ~= date.year else { return nil }
    if scanner.atEnd {
      self = .date(day: date.dayNumber)
      return
    }
    guard scanner.skip("T"), let time = scanner.timeOfDay() else { return nil }
    let local = LocalTime(day: date.dayNumber, second: time.secondOfDay)
    if scanner.atEnd {
      self = .local(local)
    } else if scanner.skip("Z") {
      guard scanner.atEnd else { return nil }
      self = .utc(local.seconds)
    } else {
      guard scanner.skip("["), let zone = scanner.zoneName(), scanner.skip("]"), scanner.atEnd else { return nil }
      self = zone == FixedClock.zone ? .utc(local.seconds) : .zoned(local, zone: zone)
    }
  }

  /// The same as a moment: a date is at a time of day.
  func at(_ time: CivilTimeOfDay) -> SeriesTime {
    if case .date(let day) = self { .local(LocalTime(day: day, second: time.secondOfDay)) } else { self }
  }

  /// The same as the last moment that it holds: a date's is its last second.
  var end: SeriesTime {
    if case .date(let day) = self { .local(LocalTime(day: day, second: LocalTime.secondsPerDay - 1)) } else { self }
  }

  /// The zone it is in; nil for the schedule's.
  public var zone: String? {
    switch self {
    case .local, .date: nil
    case .utc: FixedClock.zone
    case .zoned(_, let zone): zone
    }
  }

  /// What the clocks of its own zone show; for a date, as it begins.
  var local: LocalTime {
    switch self {
    case .local(let local), .zoned(let local, _): local
    case .utc(let seconds): LocalTime(seconds: seconds)
    case .date(let day): LocalTime(day: day, second: 0)
    }
  }
}
