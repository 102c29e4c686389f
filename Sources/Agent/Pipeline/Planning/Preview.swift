import CivilTime
public import EventModel
import Store

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

  /// The next occurrences of a schedule that need not be stored; its exceptions count.
  /// - Parameters:
  ///   - after: occurrences before this, or before the schedule's start, are left out.
  ///   - until: occurrences at or after this are left out; nil: there is no such end.
  ///   - count: how many at most, up to `mostUpcoming`.
  /// - Throws: `.unplannable` with what the event type or the zone says against it; `.unavailable` when no plugin provides
  ///   the event type now.
  public func preview(
    _ schedule: Schedule, user: User?, after: Timestamp, until: Timestamp? = nil, count: Int
  ) async throws(PipelineError) -> [UpcomingOccurrence] {
    let limit = min(max(count, 0), Self.mostUpcoming)
    var series = try self.series(schedule, user, after: after, until: until, mostRounds: Limits.roundsPerSeries)
    while !series.has(limit) { try await readOn(&series, schedule, user) }
    return series.first(limit)
  }

  /// One coming occurrence of a schedule by its key.
  /// - Throws: as ``preview(_:user:after:until:count:)``, and `.notFound` when it is not among the coming ones.
  func find(
    _ key: String, of schedule: Schedule, user: User?, after: Timestamp
  ) async throws(PipelineError) -> UpcomingOccurrence {
    let until = after + Limits.longestSearch
    var series = try self.series(schedule, user, after: after, until: until, mostRounds: Limits.roundsPerSearch)
    while true {
      if let found = series.occurrence(key) { return found }
      guard !series.hasEnded else { break }
      series.forget()
      try await readOn(&series, schedule, user)
    }
    throw PipelineError(.notFound, "there is no occurrence \(key) among those of the next 400 days")
  }

  private func series(
    _ schedule: Schedule, _ user: User?, after: Timestamp, until: Timestamp?, mostRounds: Int
  ) throws(PipelineError) -> UpcomingSeries {
    let zone = Self.zone(of: schedule, user)
    let rules: ZoneRules
    do {
      rules = try engine.zones.zone(named: zone)
    } catch {
      throw PipelineError(.unplannable, error.message, cause: error)
    }
    return try UpcomingSeries(
      OccurrenceResolver(rules: rules, gap: schedule.gap, fold: schedule.fold), schedule: schedule, timeZone: zone,
      from: max(after, schedule.startAt), until: until ?? Timestamp(microseconds: .max), mostRounds: mostRounds)
  }

  /// The zone that counts: the schedule's, else the user's, else UTC.
  static func zone(of schedule: Schedule, _ user: User?) -> String {
    schedule.timeZone ?? user.flatMap { $0.timeZone.isEmpty ? nil : $0.timeZone } ?? "UTC"
  }

  private func readOn(
    _ series: inout UpcomingSeries, _ schedule: Schedule, _ user: User?
  ) async throws(PipelineError) {
    let port = try eventType(of: schedule)
    let request = OccurrenceRequest(
      definitionJSON: schedule.definitionJSON, user: user.map(UserSnapshot.init),
      timeZone: Self.zone(of: schedule, user),
      after: series.reader.cursor, maximum: series.reader.maximum)
    switch await port.next([request]).first {
    case .success(let occurrences): try series.accept(occurrences)
    case .failure(let error):
      throw PipelineError(
        error.code == .unavailable ? .unavailable : .unplannable, "event type \(schedule.eventType): \(error.message)",
        cause: error)
    case nil: throw PipelineError(.unplannable, "event type \(schedule.eventType) did not answer")
    }
  }

  func eventType(of schedule: Schedule) throws(PipelineError) -> any EventTypePort {
    if let port = engine.plugins.eventType(named: schedule.eventType) { return port }
    throw PipelineError(.unavailable, "no plugin provides the event type \"\(schedule.eventType)\"")
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
