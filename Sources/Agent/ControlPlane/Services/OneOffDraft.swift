import ControlAPI
import EventModel
import Store
import SwiftProtobuf

/// Makes a one-off of a request: an ended schedule that carries the definition, and its one event.
struct OneOffDraft {
  /// The event type when the request names none.
  static let standardEventType = "notification"
  /// How far ahead an event may be due.
  static let maximumAhead = TimeSpan.hours(400 * 24)
  /// How long ago an event may have been due: clocks differ, and a caller may have waited.
  static let maximumBehind = TimeSpan.hours(24)
  /// Where the fields of its schedule and event stand in the request.
  static let renamed = [
    "id": "request_id", "key": "request_id", "namespace": "parent", "user_id": "user", "idempotency_key": "request_id",
  ]

  let environment: Environment

  /// - Throws: all violations at once.
  func make(_ request: Carillon_V1_CreateEventRequest) async throws -> OneOff {
    let namespace = try ResourceName.namespace(request.parent)
    let now = environment.now()
    var violations = Violations()
    let key = request.requestID.isEmpty ? RandomName.make() : request.requestID
    violations.collect { () throws(ModelError) in try Names.checkKey(key, field: "request_id") }
    let eventType = request.eventType.isEmpty ? Self.standardEventType : request.eventType
    let definition = try await definition(request, eventType: eventType, &violations)
    let queue = violations.collect { () throws(ModelError) in try queueName(request.queue, field: "queue") } ?? nil
    try await environment.checkQueue(queue, field: "queue", &violations)
    let due = Self.dueTime(request.dueTime, isPresent: request.hasDueTime, now: now, &violations) ?? now
    let (user, zone) = try await person(request, namespace: namespace, &violations)
    // Its id is random, so that no name that people gave can be in its way; what makes it the same event is the key.
    let schedule = Schedule(
      namespace: namespace, id: "once-" + RandomName.make(), userID: user?.id, eventType: eventType,
      definitionJSON: definition ?? "{}", queue: queue, timeZone: zone, state: .ended, startAt: now)
    violations.collect(under: FieldPath("", renamed: Self.renamed)) { () throws(ModelError) in try schedule.check() }
    try violations.check()
    let event = PlannedEvent(
      key: key, dueAt: due, runAt: max(due, now), timeZone: zone,
      queue: queue ?? Queue.standardName(eventType: eventType))
    return OneOff(schedule: schedule, event: event, idempotencyKey: key)
  }

  private func definition(
    _ request: Carillon_V1_CreateEventRequest, eventType: String, _ violations: inout Violations
  ) async throws -> String? {
    let isKnown = await environment.checkEventType(eventType, field: "event_type", &violations)
    let json = violations.collect { () throws(ModelError) in
      try StructJSON.text(
        of: request.definition, field: "definition", maximumBytes: Schedule.maximumDefinitionBytes)
    }
    if let json, isKnown {
      try await environment.checkDefinition(
        json, eventType: eventType, path: FieldPath("definition"), &violations)
    }
    return json
  }

  private func person(
    _ request: Carillon_V1_CreateEventRequest, namespace: String, _ violations: inout Violations
  ) async throws -> (User?, String) {
    let id =
      violations.collect { () throws(ModelError) in
        try ResourceName.optionalID(request.user, kind: .user, in: namespace, field: "user")
      } ?? nil
    let user = try await environment.user(id, namespace: namespace, field: "user", &violations)
    environment.checkZone(request.timeZone, field: "time_zone", &violations)
    let zones = [request.timeZone, user?.timeZone ?? ""]
    return (user, zones.first { !$0.isEmpty } ?? "UTC")
  }

  /// Reads a due time; nil when there is none, or when it is a fault.
  static func dueTime(
    _ time: Google_Protobuf_Timestamp, isPresent: Bool, now: Timestamp, _ violations: inout Violations
  ) -> Timestamp? {
    guard isPresent else { return nil }
    let due = violations.collect { () throws(ModelError) in try Timestamp(time, field: "due_time") }
    guard let due else { return nil }
    guard due >= now - maximumBehind, due <= now + maximumAhead else {
      violations.add("due_time", "must be at most 24 hours ago and at most 400 days ahead")
      return nil
    }
    return due
  }
}
