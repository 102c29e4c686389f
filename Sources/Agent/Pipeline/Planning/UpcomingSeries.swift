import CivilTime
public import EventModel

/// An occurrence beyond what is planned: computed, not stored.
public struct UpcomingOccurrence: Hashable, Sendable {
  /// Its name within the series.
  public var key: String
  /// When it is due.
  public var dueAt: Timestamp
  /// The same in local time.
  public var local: CivilFields
  /// The zone that `local` is in.
  public var timeZone: String
}

/// The occurrences of a preview so far, with what people said about them: skipped ones are left out, moved ones are where
/// they were moved to. Pure.
struct UpcomingSeries: Sendable {
  private let exceptions: ExceptionTable
  private let timeZone: String
  private let start: Timestamp
  private let until: Timestamp
  private(set) var reader: SeriesReader
  private var found: [UpcomingOccurrence] = []
  /// Nothing that is still to be read is due before this.
  private var floor: Timestamp
  private(set) var hasEnded = false

  /// - Parameters:
  ///   - start: occurrences before this are left out.
  ///   - until: occurrences at or after this are left out.
  /// - Throws: `.unplannable` when the start, or where something was moved to, cannot be told in local time.
  init(
    _ resolver: OccurrenceResolver, schedule: Schedule, timeZone: String, from start: Timestamp, until: Timestamp,
    mostRounds: Int
  ) throws(PipelineError) {
    exceptions = ExceptionTable(schedule.exceptions)
    self.timeZone = timeZone
    self.start = start
    self.until = until
    floor = start
    do {
      reader = SeriesReader(
        resolver, eventType: schedule.eventType, after: try resolver.start(at: start), mostRounds: mostRounds)
    } catch {
      throw PipelineError(.unplannable, error.message, cause: error)
    }
    for moved in try exceptions.moved(resolver) where moved.dueAt >= start && moved.dueAt < until {
      try add(moved.key, moved.dueAt)
    }
  }

  /// Takes an answer to `reader.maximum` occurrences after `reader.cursor`.
  mutating func accept(_ occurrences: [Occurrence]) throws(PipelineError) {
    let asked = reader.maximum
    for occurrence in occurrences.prefix(asked) {
      let resolved = try reader.read(occurrence)
      floor = max(floor, resolved.floor)
      for (key, dueAt) in resolved.keyed where dueAt >= start && dueAt < until {
        if exceptions.verdict(on: key) == .asPlanned { try add(key, dueAt) }
      }
    }
    hasEnded = hasEnded || occurrences.count < asked || floor >= until
    if !hasEnded { try reader.finishRound() }
  }

  /// Whether the first `count` are known.
  func has(_ count: Int) -> Bool {
    if hasEnded { return true }
    guard found.count >= count else { return false }
    return found.count { $0.dueAt < floor } >= count
  }

  /// The first `count`, in order of their due times.
  func first(_ count: Int) -> [UpcomingOccurrence] {
    Array(found.sorted { ($0.dueAt, $0.key) < ($1.dueAt, $1.key) }.prefix(count))
  }

  /// The one of this key, once it is known.
  func occurrence(_ key: String) -> UpcomingOccurrence? { found.first { $0.key == key } }

  /// Forgets what was found, when only one key is looked for.
  mutating func forget() { found.removeAll(keepingCapacity: true) }

  private mutating func add(_ key: String, _ dueAt: Timestamp) throws(PipelineError) {
    do {
      found.append(
        UpcomingOccurrence(key: key, dueAt: dueAt, local: try reader.resolver.civil(at: dueAt), timeZone: timeZone))
    } catch {
      throw PipelineError(.unplannable, error.message, cause: error)
    }
  }
}
