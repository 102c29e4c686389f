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
      return ResolvedOccurrence(
        key: occurrence.key, ordinal: occurrence.ordinal, civil: try civil(at: instant), instants: [instant],
        place: instant)
    case .civil(let fields):
      let (instants, place) = try instants(of: fields)
      return ResolvedOccurrence(
        key: occurrence.key, ordinal: occurrence.ordinal, civil: fields, instants: instants, place: place)
    }
  }

  /// What the zone's clocks show at an instant.
  func civil(at instant: Timestamp) throws(CivilTimeError) -> CivilFields {
    CivilFields(try rules.civil(at: try UnixTime(microseconds: instant.microseconds)))
  }

  private func instants(of fields: CivilFields) throws(CivilTimeError) -> ([Timestamp], Timestamp) {
    let local = try CivilDateTime(
      CivilDate(year: Int(fields.year), month: Int(fields.month), day: Int(fields.day)),
      CivilTimeOfDay(hour: Int(fields.hour), minute: Int(fields.minute), second: Int(fields.second)))
    let resolution = rules.instant(of: local, gap: gapPolicy, fold: fields.fold == 1 ? .second : foldPolicy)
    let instants = resolution.instants.map { Timestamp(microseconds: $0.microseconds) }
    if case .skipped(let transition) = resolution { return ([], Timestamp(seconds: transition.unixSeconds)) }
    guard let place = instants.first else { return ([], Timestamp(microseconds: 0)) }
    return (instants, place)
  }

  private var gapPolicy: GapPolicy {
    switch gap {
    case .shiftForward: .shiftForward
    case .before: .before
    case .skip: .skip
    }
  }

  private var foldPolicy: FoldPolicy {
    switch fold {
    case .first: .first
    case .second: .second
    case .both: .both
    }
  }
}

extension CivilFields {
  /// The fields of a reading; CivilTime's years and times fit them.
  init(_ reading: LocalReading) {
    let (date, time) = (reading.civil.date, reading.civil.time)
    self.init(
      year: Int32(clamping: date.year), month: UInt8(clamping: date.month), day: UInt8(clamping: date.day),
      hour: UInt8(clamping: time.hour), minute: UInt8(clamping: time.minute), second: UInt8(clamping: time.second),
      fold: reading.fold.rawValue)
  }
}
