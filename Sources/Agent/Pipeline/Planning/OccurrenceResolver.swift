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
    let resolution = rules.instant(
      of: try CivilDateTime(fields), gap: GapPolicy(gap), fold: fields.fold == 1 ? .second : FoldPolicy(fold))
    let instants = resolution.instants.map { Timestamp(microseconds: $0.microseconds) }
    if case .skipped(let transition) = resolution { return ([], Timestamp(seconds: transition.unixSeconds)) }
    guard let place = instants.first else { return ([], Timestamp(microseconds: 0)) }
    return (instants, place)
  }
}
