import CivilTime
import EventModel

/// Reads a series from an event type, request by request, and trusts nothing: keys, times and order are checked. Pure.
struct SeriesReader: Sendable {
  let resolver: OccurrenceResolver
  /// For messages.
  let eventType: String
  /// Where asking goes on.
  private(set) var cursor: OccurrenceCursor
  /// Nothing that is still to be read is before this.
  private var floor = Timestamp(microseconds: .min)
  private var rounds = 0
  private let mostRounds: Int

  /// Begins where a series stands.
  init(
    _ resolver: OccurrenceResolver, eventType: String, after cursor: OccurrenceCursor,
    mostRounds: Int = Limits.roundsPerSeries
  ) {
    self.resolver = resolver
    self.eventType = eventType
    self.cursor = cursor
    self.mostRounds = mostRounds
  }

  /// How many to ask for. Few at first: most schedules have at most one occurrence within the horizon.
  var maximum: Int { rounds == 0 ? 2 : min(16 << min(rounds - 1, 4), Self.largestRequest) }

  static let largestRequest = 256

  /// An answer was read to its end.
  /// - Throws: when it took too many answers: a zone may skip a series again and again, and an event type may go in circles.
  mutating func finishRound() throws(PipelineError) {
    rounds += 1
    guard rounds < mostRounds else {
      throw PipelineError(.unplannable, "event type \(eventType) answered too many occurrences to look through")
    }
  }

  /// Takes the next occurrence of an answer.
  mutating func read(_ occurrence: Occurrence) throws(PipelineError) -> ResolvedOccurrence {
    do {
      try Names.checkKey(occurrence.key, field: "occurrence key")
    } catch {
      throw PipelineError(.unplannable, "event type \(eventType) answered a bad occurrence key", cause: error)
    }
    var resolved: ResolvedOccurrence
    do {
      resolved = try resolver.resolve(occurrence)
    } catch {
      throw PipelineError(.unplannable, "event type \(eventType) answered a time that is none", cause: error)
    }
    guard resolved.follows(cursor) else {
      throw PipelineError(
        .unplannable, "event type \(eventType) answered \(resolved.key), which does not come after \(cursor.key)")
    }
    cursor = resolved.cursor
    // What comes after an earlier one comes after this one's predecessors too.
    floor = max(floor, resolved.floor)
    resolved.floor = floor
    return resolved
  }
}
