import ControlAPI
import EventModel
import Store

/// Sends what a schedule would say, now: a one-off that copies it, under an id of its own.
struct ScheduleRun {
  /// Longest request id, in bytes: with the schedule's id it makes the idempotency key.
  static let maximumRequestIDBytes = 64
  /// Where the fields of its one-off stand in the request.
  private static let path = FieldPath(
    "", renamed: ["idempotency_key": "request_id", "key": "occurrence_key", "user_id": "name", "id": "name"])

  let environment: Environment

  /// - Throws: all violations at once; FAILED_PRECONDITION when its person or the schedule is paused, when nothing is
  ///   coming, and when it cannot be rendered.
  func run(_ request: Carillon_V1_RunScheduleRequest) async throws -> Carillon_V1_Event {
    let name = try await check(request)
    let (schedule, user) = try await environment.scheduleAndUser(name)
    try Self.refusePaused(schedule, user)
    let sink = request.sink.isEmpty ? nil : try ResourceName(request.sink, kind: .sink, field: "sink").id
    let key = try await occurrenceKey(request.occurrenceKey, schedule, user, name: name, sink: sink)
    let now = environment.now()
    let random = RandomName.make()
    let queue = schedule.queue ?? Queue.standardName(eventType: schedule.eventType)
    let copy = Schedule(
      namespace: schedule.namespace, id: (request.test ? "test-" : "run-") + random, userID: schedule.userID,
      eventType: schedule.eventType, definitionJSON: schedule.definitionJSON, queue: schedule.queue,
      timeZone: UpcomingSearch.zone(schedule, user), gap: schedule.gap, fold: schedule.fold, catchUp: schedule.catchUp,
      state: .ended, startAt: now, isTest: request.test)
    let event = PlannedEvent(
      key: key, dueAt: now, runAt: now, timeZone: UpcomingSearch.zone(schedule, user), queue: queue)
    let requestID = request.requestID.isEmpty ? random : request.requestID
    // Request ids of another schedule's runs, and of events, are others.
    let oneOff = OneOff(
      schedule: copy, event: event, idempotencyKey: "run:\(schedule.id):\(requestID)", sink: sink)
    return try await environment.submit(oneOff, path: Self.path)
  }

  private func check(_ request: Carillon_V1_RunScheduleRequest) async throws -> ResourceName {
    var violations = Violations()
    let name = violations.collect { () throws(ModelError) in
      try ResourceName(request.name, kind: .schedule, field: "name")
    }
    if !request.occurrenceKey.isEmpty {
      violations.collect { () throws(ModelError) in
        try Names.checkKey(request.occurrenceKey, field: "occurrence_key")
      }
    }
    if !request.requestID.isEmpty {
      violations.collect { () throws(ModelError) in try Names.checkKey(request.requestID, field: "request_id") }
      if request.requestID.utf8.count > Self.maximumRequestIDBytes {
        violations.add("request_id", "must be at most \(Self.maximumRequestIDBytes) bytes")
      }
    }
    if let name {
      try await environment.checkOptionalSink(
        request.sink, namespace: name.namespace, field: "sink", &violations)
    }
    try violations.check()
    guard let name else { throw Failure.invalid("name", "cannot be read") }
    return name
  }

  private static func refusePaused(_ schedule: Schedule, _ user: User?) throws {
    let paused: ResourceName
    if let user, user.paused {
      paused = ResourceName(kind: .user, namespace: user.namespace, id: user.id)
    } else if schedule.state == .paused {
      paused = ResourceName(kind: .schedule, namespace: schedule.namespace, id: schedule.id)
    } else {
      return
    }
    throw Failure.precondition(
      "PAUSED", "\(paused.text) is paused: nothing is sent until it is resumed", metadata: ["paused": paused.text])
  }

  /// The key of the occurrence whose words are sent; they can be rendered.
  private func occurrenceKey(
    _ key: String, _ schedule: Schedule, _ user: User?, name: ResourceName, sink: String?
  ) async throws -> String {
    // Who names one that is skipped wants its words after all.
    var wanted = schedule
    wanted.exceptions.removeAll { $0.key == key && $0.action == .skip }
    let query = PreviewQuery(
      schedule: wanted, user: user, occurrenceKey: key.isEmpty ? nil : key, sinks: sink.map { [$0] } ?? [])
    let found: PreviewedOccurrence?
    do throws(StoreError) {
      found = try await environment.pipeline.preview(query, from: environment.now()).first
    } catch {
      guard error.code == .notFound else { throw environment.cannotBeComputed(name, error) }
      if !key.isEmpty { throw try await environment.unknownKey(key, of: schedule, user: user) }
      found = nil
    }
    guard let found else {
      throw Failure.precondition(
        "NOTHING_COMING", "no occurrence of \(name.text) is coming whose words could be sent")
    }
    if let problem = found.messages.lazy.map(\.problem).first(where: { !$0.isEmpty }) {
      throw Failure.precondition("CANNOT_BE_RENDERED", "\(name.text) cannot be put into words: \(problem)")
    }
    return found.key
  }
}
