import CivilTime
public import EventModel
import Store

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
  /// 1 for the first of the series.
  public var ordinal: UInt64
}

extension Pipeline {
  /// The most occurrences that one preview answers.
  public static let mostUpcoming = 1_000

  /// The next occurrences of a stored schedule; none when it is not active.
  /// - Throws: `.unplannable`, or `.store` with the `StoreError` as its cause.
  public func upcoming(
    namespace: String, schedule id: String, count: Int
  ) async throws(PipelineError) -> [UpcomingOccurrence] {
    let schedule: Schedule
    var user: User?
    do {
      schedule = try await engine.store.schedule(namespace: namespace, id: id)
      if let userID = schedule.userID { user = try await engine.store.user(namespace: namespace, id: userID) }
    } catch {
      throw PipelineError(.store, error.message, cause: error)
    }
    guard schedule.state == .active, user?.paused != true else { return [] }
    return try await preview(schedule, user: user, after: now, count: count)
  }

  /// The next occurrences of a schedule that need not be stored.
  /// - Parameters:
  ///   - after: occurrences before this, or before the schedule's start, are left out.
  ///   - count: how many at most, up to `mostUpcoming`.
  /// - Throws: `.unplannable` with what the event type or the zone says against it.
  public func preview(
    _ schedule: Schedule, user: User?, after: Timestamp, count: Int
  ) async throws(PipelineError) -> [UpcomingOccurrence] {
    guard let port = engine.plugins.eventType(named: schedule.eventType) else {
      throw PipelineError(.unplannable, "no plugin provides the event type \"\(schedule.eventType)\"")
    }
    let zone = schedule.timeZone ?? user.flatMap { $0.timeZone.isEmpty ? nil : $0.timeZone } ?? "UTC"
    var series: UpcomingSeries
    do {
      let resolver = OccurrenceResolver(
        rules: try engine.zones.zone(named: zone), gap: schedule.gap, fold: schedule.fold)
      series = try UpcomingSeries(resolver, zone, from: max(after, schedule.startAt))
    } catch {
      throw PipelineError(.unplannable, error.message, cause: error)
    }
    let limit = min(max(count, 0), Self.mostUpcoming)
    let person = user.map(UserSnapshot.init)
    for _ in 0..<Self.mostRounds where series.found.count < limit {
      let asked = min(limit - series.found.count + 1, 256)
      let request = OccurrenceRequest(
        definitionJSON: schedule.definitionJSON, user: person, timeZone: zone, after: series.cursor, maximum: asked)
      let answer = try Self.answer(await port.next([request]), schedule.eventType)
      do {
        for occurrence in answer { try series.add(occurrence) }
      } catch {
        throw PipelineError(.unplannable, error.message, cause: error)
      }
      if answer.count < asked { break }
    }
    return Array(series.found.prefix(limit))
  }

  /// A series that a zone skips again and again must not be asked for ever.
  private static let mostRounds = 20

  private static func answer(
    _ answers: [Result<[Occurrence], PortError>], _ eventType: String
  ) throws(PipelineError) -> [Occurrence] {
    switch answers.first {
    case .success(let occurrences): return occurrences
    case .failure(let error):
      throw PipelineError(.unplannable, "event type \(eventType): \(error.message)", cause: error)
    case nil: throw PipelineError(.unplannable, "event type \(eventType) did not answer")
    }
  }
}

/// The occurrences of a preview so far. Pure.
private struct UpcomingSeries {
  let resolver: OccurrenceResolver
  let timeZone: String
  let start: Timestamp
  var cursor: OccurrenceCursor
  var found: [UpcomingOccurrence] = []

  init(_ resolver: OccurrenceResolver, _ timeZone: String, from start: Timestamp) throws(CivilTimeError) {
    self.resolver = resolver
    self.timeZone = timeZone
    self.start = start
    cursor = OccurrenceCursor(
      isStart: true, civil: try resolver.civil(at: start), instant: start, ordinal: 0, key: "")
  }

  mutating func add(_ occurrence: Occurrence) throws(CivilTimeError) {
    let resolved = try resolver.resolve(occurrence)
    cursor = OccurrenceCursor(
      isStart: false, civil: resolved.civil, instant: resolved.place, ordinal: resolved.ordinal, key: resolved.key)
    for (index, instant) in resolved.instants.enumerated() where instant >= start {
      found.append(
        UpcomingOccurrence(
          key: index == 0 ? resolved.key : resolved.key + "+fold", dueAt: instant, local: resolved.civil,
          timeZone: timeZone, ordinal: resolved.ordinal))
    }
  }
}

extension UserSnapshot {
  /// A user as the planner reads it.
  convenience init(_ user: User) {
    self.init(
      id: user.id, displayName: user.displayName, givenName: user.givenName, familyName: user.familyName,
      nickname: user.nickname, locale: user.locale, timeZone: user.timeZone, datesJSON: FlatJSON.object(user.dates),
      addressesJSON: FlatJSON.object(user.addresses), attributesJSON: FlatJSON.object(user.attributes),
      paused: user.paused)
  }
}
