import CivilTime
import EventModel

/// An occurrence with the instant or instants that it came to mean.
struct ResolvedOccurrence: Hashable, Sendable {
  var key: String
  var ordinal: UInt64
  var civil: CivilFields
  /// None when its zone skips it, two when its zone has it twice and its schedule wants both.
  var instants: [Timestamp]
  /// Where it stands in the series, also when it is skipped.
  var place: Timestamp
  /// Nothing that comes after it in its series is before this. Near a gap or in a fold a series in the order of its local
  /// times is not in the order of its instants: 02:30 is shifted to 03:30, and 03:00 follows. This is what local time
  /// can be put back by; elsewhere it is `place`.
  var floor: Timestamp

  /// The occurrences as events know them: each instant with its key.
  var keyed: [(key: String, dueAt: Timestamp)] {
    instants.enumerated().map { (key: $0 == 0 ? key : key + "+fold", dueAt: $1) }
  }

  /// Whether it may follow `cursor` in a series: by the clock on the wall or by the instant. Event types order local
  /// times by the one and instants by the other, and a series of both by either.
  func follows(_ cursor: OccurrenceCursor) -> Bool {
    if cursor.isStart { return true }
    return key != cursor.key && (place >= cursor.instant || civil.isAtOrAfter(cursor.civil))
  }

  /// Where a series stands after it.
  var cursor: OccurrenceCursor {
    OccurrenceCursor(isStart: false, civil: civil, instant: place, ordinal: ordinal, key: key)
  }
}

extension CivilFields {
  /// By the calendar and the clock; `fold` does not count.
  fileprivate func isAtOrAfter(_ other: CivilFields) -> Bool {
    (year, month, day, hour, minute, second)
      >= (other.year, other.month, other.day, other.hour, other.minute, other.second)
  }
}

/// Local time to instant and back, under a schedule's rules. Pure.
struct OccurrenceResolver: Sendable {
  let rules: ZoneRules
  let gap: GapRule
  let fold: FoldRule

  /// - Throws: `CivilTimeError` when the fields are no date and time.
  func resolve(_ occurrence: Occurrence) throws(CivilTimeError) -> ResolvedOccurrence {
    switch occurrence.when {
    case .instant(let instant):
      let reading = try self.reading(at: instant)
      let floor = reading.fold == .second ? rules.instant(of: reading.civil).first.map(Timestamp.init) : nil
      return ResolvedOccurrence(
        key: occurrence.key, ordinal: occurrence.ordinal, civil: CivilFields(reading), instants: [instant],
        place: instant, floor: min(floor ?? instant, instant))
    case .civil(let fields):
      let meaning = try self.meaning(of: fields)
      return ResolvedOccurrence(
        key: occurrence.key, ordinal: occurrence.ordinal, civil: fields, instants: meaning.instants,
        place: meaning.place, floor: meaning.floor)
    }
  }

  /// When a local time is; nil when its zone skips it and so does the schedule. Of two the first, unless it says itself
  /// that it is the second.
  func instant(of fields: CivilFields) throws(CivilTimeError) -> Timestamp? { try meaning(of: fields).instants.first }

  /// What the zone's clocks show at an instant.
  func civil(at instant: Timestamp) throws(CivilTimeError) -> CivilFields { CivilFields(try reading(at: instant)) }

  /// The beginning of a series that has everything from an instant on. Its local time is what the clocks show then; but
  /// shortly after a gap, and in the first pass of a fold, it is where that gap or fold begins, as local times from there on
  /// may be due later than the instant.
  func start(at instant: Timestamp) throws(CivilTimeError) -> OccurrenceCursor {
    let shown = try civil(at: instant)
    let fields = try foldOrGap(around: instant)
    return OccurrenceCursor(isStart: true, civil: fields ?? shown, instant: instant, ordinal: 0, key: "")
  }

  /// The longest gap or fold there is: a zone that crosses the date line skips a day.
  private static let longestShift = TimeSpan.hours(26)

  private func foldOrGap(around instant: Timestamp) throws(CivilTimeError) -> CivilFields? {
    var transition = rules.nextTransition(
      after: try UnixTime(microseconds: (instant - Self.longestShift).microseconds))
    while let found = transition, Timestamp(seconds: found.unixSeconds) <= instant + Self.longestShift {
      let shift = found.offsetSecondsAfter - found.offsetSecondsBefore
      let at = Timestamp(seconds: found.unixSeconds)
      let end = at + .seconds(Int64(shift))
      if shift > 0, at <= instant, instant < end { return try local(found.unixSeconds, found.offsetSecondsBefore) }
      if shift < 0, end <= instant, instant < at { return try local(found.unixSeconds, found.offsetSecondsAfter) }
      transition = rules.nextTransition(after: try UnixTime(seconds: found.unixSeconds))
    }
    return nil
  }

  /// An instant as a clock at a fixed offset shows it.
  private func local(_ unixSeconds: Int64, _ offsetSeconds: Int) throws(CivilTimeError) -> CivilFields {
    let seconds = Int(unixSeconds) + offsetSeconds
    let time = ((seconds % Self.secondsPerDay) + Self.secondsPerDay) % Self.secondsPerDay
    let date = try CivilDate(daysSinceEpoch: (seconds - time) / Self.secondsPerDay)
    return CivilFields(
      year: Int32(clamping: date.year), month: UInt8(clamping: date.month), day: UInt8(clamping: date.day),
      hour: UInt8(clamping: time / 3_600), minute: UInt8(clamping: time / 60 % 60), second: UInt8(clamping: time % 60))
  }

  private static let secondsPerDay = 86_400

  private func reading(at instant: Timestamp) throws(CivilTimeError) -> LocalReading {
    try rules.civil(at: try UnixTime(microseconds: instant.microseconds))
  }

  private func meaning(
    of fields: CivilFields
  ) throws(CivilTimeError) -> (instants: [Timestamp], place: Timestamp, floor: Timestamp) {
    let civil = try CivilDateTime(fields)
    let resolution = rules.instant(
      of: civil, gap: GapPolicy(gap), fold: fields.fold == 1 ? .second : FoldPolicy(fold))
    let instants = resolution.instants.map(Timestamp.init)
    switch resolution {
    case .skipped(let transition):
      let place = Timestamp(seconds: transition.unixSeconds)
      return ([], place, place)
    case .shifted(let instant, let transition):
      let place = Timestamp(instant)
      return (instants, place, min(place, Timestamp(seconds: transition.unixSeconds)))
    case .fold(let instant, .second):
      let first = rules.instant(of: civil).first ?? instant
      return (instants, Timestamp(instant), Timestamp(first))
    case .unique(let instant), .fold(let instant, .first), .both(let instant, _):
      return (instants, Timestamp(instant), Timestamp(instant))
    }
  }
}

extension Timestamp {
  fileprivate init(_ time: UnixTime) { self.init(microseconds: time.microseconds) }
}
