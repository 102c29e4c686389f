/// A local date and time as it crosses the plugin boundary. Plain fields: the rules are in CivilTime.
public struct CivilFields: Hashable, Sendable, Codable {
  /// Year, proleptic Gregorian.
  public var year: Int32
  /// 1 to 12.
  public var month: UInt8
  /// 1 to 31.
  public var day: UInt8
  /// 0 to 23.
  public var hour: UInt8
  /// 0 to 59.
  public var minute: UInt8
  /// 0 to 59.
  public var second: UInt8
  /// 1 for the second of two equal local times, else 0 (PEP 495).
  public var fold: UInt8

  /// Makes fields; checks nothing.
  public init(
    year: Int32, month: UInt8, day: UInt8, hour: UInt8 = 0, minute: UInt8 = 0, second: UInt8 = 0, fold: UInt8 = 0
  ) {
    self.year = year
    self.month = month
    self.day = day
    self.hour = hour
    self.minute = minute
    self.second = second
    self.fold = fold
  }
}

/// What a schedule wants where its zone skips a local time.
public enum GapRule: String, Hashable, Sendable, Codable, CaseIterable {
  /// 02:30 becomes 03:30.
  case shiftForward = "shift-forward"
  /// The last instant before the gap.
  case before = "before"
  /// No occurrence.
  case skip = "skip"
}

/// What a schedule wants where its zone has a local time twice.
public enum FoldRule: String, Hashable, Sendable, Codable, CaseIterable {
  /// The earlier one.
  case first = "first"
  /// The later one.
  case second = "second"
  /// Both: two occurrences; the second one's key ends in `+fold`.
  case both = "both"
}

/// Where a series of occurrences stands.
public struct OccurrenceCursor: Hashable, Sendable, Codable {
  /// Nothing was given out yet: an occurrence at `civil` itself counts.
  public var isStart: Bool
  /// Local time, in the schedule's zone, of the last occurrence or of the start.
  public var civil: CivilFields
  /// The same as an instant.
  public var instant: Timestamp
  /// How many occurrences were given out so far.
  public var ordinal: UInt64
  /// Key of the last occurrence; empty at the start.
  public var key: String

  /// Makes a cursor.
  public init(isStart: Bool, civil: CivilFields, instant: Timestamp, ordinal: UInt64, key: String) {
    self.isStart = isStart
    self.civil = civil
    self.instant = instant
    self.ordinal = ordinal
    self.key = key
  }
}

/// One occurrence, as an event type answers it.
public struct Occurrence: Hashable, Sendable {
  /// Local time that the host converts, or an instant.
  public enum When: Hashable, Sendable {
    /// Local time in the schedule's zone.
    case civil(CivilFields)
    /// An instant.
    case instant(Timestamp)
  }

  /// When it is.
  public var when: When
  /// 1 for the first of the series.
  public var ordinal: UInt64
  /// Its name within the series, stable under changes of zone and hour.
  public var key: String

  /// Makes an occurrence.
  public init(when: When, ordinal: UInt64, key: String) {
    self.when = when
    self.ordinal = ordinal
    self.key = key
  }
}

/// What is asked of an event type: the occurrences after a cursor.
public struct OccurrenceRequest: Sendable {
  /// The schedule's definition, JSON.
  public var definitionJSON: String
  /// The person, if the schedule has one.
  public var user: UserSnapshot?
  /// IANA name of the zone that civil times are in.
  public var timeZone: String
  /// Answer what comes after this.
  public var after: OccurrenceCursor
  /// How many at most, at least 1.
  public var maximum: Int

  /// Makes a request.
  public init(
    definitionJSON: String, user: UserSnapshot?, timeZone: String, after: OccurrenceCursor, maximum: Int
  ) {
    self.definitionJSON = definitionJSON
    self.user = user
    self.timeZone = timeZone
    self.after = after
    self.maximum = maximum
  }
}
