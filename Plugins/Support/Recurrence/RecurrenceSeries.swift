public import PluginKit0

/// All that is said about when a series has occurrences.
public struct RecurrenceSeries: Sendable {
  /// When it begins: the first one of a rule, the earliest of a `cron`, what a `rate` is counted from.
  public var start: SeriesTime?
  /// What repeats; nil when the series is its start and the dates added.
  public var repetition: Repetition?
  /// Added.
  public var added: [SeriesTime] = []
  /// Left out. A date leaves out its whole day.
  public var excluded: [SeriesTime] = []
  /// The last moment of a `cron` or a `rate`. A date holds its whole day.
  public var end: SeriesTime?
  /// When on the day, where a date says no more.
  public var timeOfDay: CivilTimeOfDay
  /// How many seconds before an occurrence its event is; negative for after it. Local times are moved on the local
  /// clock, instants on the instant line.
  public var leadSeconds = 0

  /// A series of nothing.
  public init(timeOfDay: CivilTimeOfDay) { self.timeOfDay = timeOfDay }

  /// One occurrence.
  public struct Occasion: Sendable, Hashable {
    /// When it is.
    public enum Time: Sendable, Hashable {
      /// By the clocks of the schedule's zone.
      case local(LocalTime)
      /// In seconds since 1970-01-01T00:00:00Z.
      case instant(Int)
    }

    /// When it is, the lead left aside.
    public var time: Time
    /// When its event is.
    public var event: Time
  }

  /// Where a series stands: the event given out last, or a moment from which on all count.
  public struct Position: Sendable, Hashable {
    /// What the clocks of the schedule's zone show.
    public var reading: ClockReading
    /// In seconds since 1970-01-01T00:00:00Z, rounded down.
    public var instant: Int
    /// Whether the instant was rounded.
    public var isPastInstant = false
    /// Whether an event at that very moment counts.
    public var includesItself: Bool

    /// A position.
    public init(_ reading: ClockReading, instant: Int, isPastInstant: Bool = false, includesItself: Bool) {
      self.reading = reading
      self.instant = instant
      self.isPastInstant = isPastInstant
      self.includesItself = includesItself
    }

    /// The first instant that counts.
    var firstInstant: Int { includesItself && !isPastInstant ? instant : instant + 1 }

    /// The first local time that counts.
    var firstLocal: LocalTime { includesItself ? reading.local : reading.local + 1 }
  }

  /// Gives `take` the occurrences whose events come after a position, in the order of their events, until it wants no
  /// more or the series ends. Pure.
  ///
  /// - Parameters:
  ///   - zone: the schedule's zone.
  /// - Throws: what the clock throws, as ``RecurrenceFault/cause``; a start in an unknown zone, and the like.
  public func occasions(
    after position: Position, zone: String, clock: any LocalClock, _ steps: inout Steps,
    take: (Occasion) -> Demand
  ) throws(RecurrenceFault) {
    var merge = try OccasionMerge(self, after: position, zone: zone, clock: clock, &steps)
    while let occasion = try merge.next(&steps) {
      steps.found()
      guard take(occasion) == .more else { return }
    }
  }
}
