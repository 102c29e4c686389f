import EventModel
import GRPCCore
import Store

/// One occurrence of a stored schedule, as a person named it: by its key.
struct NamedOccurrence {
  let environment: Environment
  /// The schedule's name.
  let name: ResourceName
  let key: String
  let schedule: Schedule
  let user: User?

  /// Looks the schedule up.
  init(environment: Environment, name: ResourceName, key: String) async throws {
    self.environment = environment
    self.name = name
    self.key = key
    (schedule, user) = try await environment.scheduleAndUser(name)
  }

  /// The zone that counts.
  var zone: String { UpcomingSearch.zone(schedule, user) }

  /// What was said about it before.
  var exception: OccurrenceException? { schedule.exceptions.first { $0.key == key } }

  /// The event's name, should it be planned.
  var eventName: ResourceName {
    ResourceName(kind: .event, namespace: name.namespace, id: identity.text)
  }

  var identity: EventIdentity { EventIdentity(schedule: schedule.number, key: key) }

  /// The event, if it is planned.
  func event() async throws -> EventSummary? {
    try await ifFound { () throws(StoreError) in
      try await environment.store.event(namespace: name.namespace, identity: identity)
    }
  }

  /// Whether nothing more becomes of an event: it is settled, and not just laid aside by a pause.
  func isOver(_ event: EventSummary) async throws -> Bool {
    switch event.state {
    case .pending, .processing: return false
    case .completed, .failed, .expired: return true
    case .cancelled, .skipped:
      let steps = try await environment.store.history(namespace: name.namespace, identity: identity)
      for step in steps.reversed() {
        guard case .receipt(_, let code, _, _, _, _, _) = step.kind else { continue }
        return code != SkipReason.withdrawn.rawValue && code != SkipReason.paused.rawValue
      }
      return true
    }
  }

  /// When the occurrence comes, as if it were not skipped; nil when it does not within 400 days.
  /// - Parameter asWritten: as if it were not moved either.
  func dueAt(asWritten: Bool = false) async throws -> Timestamp? {
    var plain = schedule
    plain.exceptions.removeAll { $0.key == key && (asWritten || $0.action == .skip) }
    let query = PreviewQuery(schedule: plain, user: user, occurrenceKey: key)
    do throws(StoreError) {
      return try await environment.pipeline.preview(query, from: environment.now()).first?.dueAt
    } catch {
      if error.code == .notFound { return nil }
      throw environment.cannotBeComputed(name, error)
    }
  }

  /// The key is one of a planned event that is not over, or of the coming 400 days. Answers the event.
  /// - Parameter verb: what is too late when the event is over: `skip`.
  func requireOpen(verb: String) async throws -> EventSummary? {
    if let event = try await event() {
      if try await isOver(event) { throw tooLate(event, verb: verb) }
      return event
    }
    if try await dueAt() == nil { throw try await environment.unknownKey(key, of: schedule, user: user) }
    return nil
  }

  /// It is over: says what became of it.
  func tooLate(_ event: EventSummary, verb: String) -> GoogleStatus {
    let what =
      switch event.state {
      case .completed: "delivered"
      case .failed: "failed for good"
      default: event.state.rawValue
      }
    return Failure.precondition(
      "TOO_LATE", "too late to \(verb) \(key) of \(name.text): \(eventName.text) is \(what) already",
      metadata: ["event": eventName.text, "state": event.state.rawValue])
  }

  /// The schedule as it stands.
  func stored() async throws -> Schedule {
    try await environment.naming(name) {
      try await environment.store.schedule(namespace: name.namespace, id: name.id)
    }
  }
}

extension Environment {
  /// How far ahead occurrences can be named.
  static let namedAhead = UpcomingSearch.maximumAhead

  /// A stored schedule with its person.
  func scheduleAndUser(_ name: ResourceName) async throws -> (Schedule, User?) {
    try await naming(name) {
      let schedule = try await store.schedule(namespace: name.namespace, id: name.id)
      guard let id = schedule.userID else { return (schedule, nil) }
      return (schedule, try await store.user(namespace: name.namespace, id: id))
    }
  }

  /// A key that no coming occurrence has: names those that are nearest to it.
  func unknownKey(
    _ key: String, of schedule: Schedule, user: User?, field: String = "occurrence_key"
  ) async throws -> GoogleStatus {
    let from = now()
    let query = UpcomingQuery(schedule: schedule, user: user, timeZone: UpcomingSearch.zone(schedule, user))
    let coming = await pipeline.upcoming(
      [query], from: from, until: from + Self.namedAhead, limit: PageRequest.maximumSize)
    let shown = Self.nearest(to: key, among: coming.map(\.key)).joined(separator: ", ")
    let there = shown.isEmpty ? "nothing is coming" : "the nearest are: \(shown)"
    return Failure.invalid(field, "there is no coming occurrence \"\(Failure.cut(key, 40))\"; \(there)")
  }

  /// Up to three keys beside the place that a key would have in order: of dates and times the nearest.
  static func nearest(to key: String, among keys: [String]) -> [String] {
    let sorted = keys.sorted()
    let place = sorted.firstIndex { $0 > key } ?? sorted.count
    let start = max(0, min(place - 1, sorted.count - 3))
    return Array(sorted[start..<min(start + 3, sorted.count)])
  }

  /// A stored schedule whose occurrences cannot be computed: says why. Any other error as it is.
  func cannotBeComputed(_ name: ResourceName, _ error: StoreError) -> any Error {
    guard error.code == .invalid else { return error }
    let why = error.violations.isEmpty ? error.message : ModelError(violations: error.violations).description
    return Failure.precondition("CANNOT_BE_COMPUTED", "the occurrences of \(name.text) cannot be computed: \(why)")
  }
}
