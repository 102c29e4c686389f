/// What to do with a local time that a zone skips, because its clocks were put forward over it.
public enum GapPolicy: String, Sendable, Hashable, CaseIterable, Codable {
  /// As far after the gap's start as asked, by the offset in force before the gap: 02:30 in a gap from 02:00 to 03:00
  /// becomes 03:30 (RFC 5545 section 3.3.5). In a zone that skipped a whole day: the same time on the next day.
  case shiftForward = "shift-forward"
  /// The last whole second before the gap: 01:59:59 in the example. It keeps a date that ends at midnight on its day.
  case before
  /// No instant at all.
  case skip
}

/// What to do with a local time that a zone shows twice, because its clocks were put back over it.
public enum FoldPolicy: String, Sendable, Hashable, CaseIterable, Codable {
  /// The earlier instant.
  case first
  /// The later instant.
  case second
  /// Both instants.
  case both
}

/// Which of the two times a local time was shown; `first` also where there was only one.
public enum Fold: UInt8, Sendable, Hashable, Codable {
  case first = 0
  case second = 1
}

/// A change of a zone's offset, of its abbreviation, or of whether it is on daylight-saving time.
public struct ZoneTransition: Sendable, Hashable {
  /// The first second, of Unix time, to which the new rules apply.
  public let unixSeconds: Int64
  /// Seconds east of UTC before it.
  public let offsetSecondsBefore: Int
  /// Seconds east of UTC from it on.
  public let offsetSecondsAfter: Int
}

/// How a zone's clocks show a local time: once, never or twice.
public enum LocalMapping: Sendable, Hashable {
  /// Once, at this many seconds east of UTC.
  case unique(offsetSeconds: Int)
  /// Never: this transition passes over it.
  case gap(ZoneTransition)
  /// Twice, at these seconds east of UTC.
  case fold(firstOffsetSeconds: Int, secondOffsetSeconds: Int)
}

/// The instant or instants that a local time came to mean, and why.
public enum Resolution: Sendable, Hashable {
  /// The local time exists once.
  case unique(UnixTime)
  /// The local time does not exist; the policy moved it to this instant.
  case shifted(UnixTime, over: ZoneTransition)
  /// The local time does not exist, and the policy leaves it out.
  case skipped(over: ZoneTransition)
  /// The local time exists twice; the policy took this one.
  case fold(UnixTime, Fold)
  /// The local time exists twice, and the policy takes both, the earlier first.
  case both(UnixTime, UnixTime)

  /// The earliest instant taken; nil when skipped.
  public var first: UnixTime? {
    switch self {
    case .unique(let instant), .shifted(let instant, _), .fold(let instant, _), .both(let instant, _): instant
    case .skipped: nil
    }
  }

  /// Every instant taken, earliest first: none, one or two.
  public var instants: [UnixTime] {
    switch self {
    case .unique(let instant), .shifted(let instant, _), .fold(let instant, _): [instant]
    case .both(let first, let second): [first, second]
    case .skipped: []
    }
  }
}

/// What a zone's clocks and calendar show at an instant.
public struct LocalReading: Sendable, Hashable {
  /// The local date and time.
  public let civil: CivilDateTime
  /// Seconds east of UTC.
  public let offsetSeconds: Int
  /// Whether the zone calls this daylight-saving time (Dublin calls its winter so).
  public let isDaylightSaving: Bool
  /// The zone's abbreviation, such as `CEST`, or `+03` where there is none in use.
  public let abbreviation: String
  /// Whether the clocks show this local time for the first or the second time.
  public let fold: Fold
}
