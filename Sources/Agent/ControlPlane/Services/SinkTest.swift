import ControlAPI
import EventModel
import Store
import SwiftProtobuf

/// Sends one event, marked as a test, to one sink: whether what people configured works.
struct SinkTest {
  /// The event type that says whatever it is told to.
  private static let eventType = "notification"
  private static let maximumTextBytes = 1_000
  private static let path = FieldPath("", renamed: ["user_id": "user", "sink": "name"])

  let environment: Environment

  /// - Throws: all violations at once; FAILED_PRECONDITION when the sink is disabled, or nothing can be said.
  func run(_ request: Carillon_V1_TestSinkRequest, _ sink: Sink) async throws -> Carillon_V1_Event {
    let user = try await check(request, sink)
    let name = ResourceName(kind: .sink, namespace: sink.namespace, id: sink.name)
    if let reason = sink.disabledReason {
      throw Failure.precondition(
        "SINK_DISABLED", "\(name.text) is disabled (\(reason)); enable it first", metadata: ["sink": name.text])
    }
    guard await environment.plugins.eventTypes().contains(Self.eventType) else {
      throw Failure.precondition(
        "NO_NOTIFICATION", "a test needs the event type \"\(Self.eventType)\", which no plugin provides", metadata: [:])
    }
    let now = environment.now()
    let random = RandomName.make()
    let zone = user.map(\.timeZone).flatMap { $0.isEmpty ? nil : $0 } ?? "UTC"
    let text = request.text.isEmpty ? "The sink \(sink.name) works." : request.text
    let definition = try StructJSON.text(
      of: Google_Protobuf_Struct(fields: [
        "title": .init(stringValue: "Test of \(sink.name)"), "text": .init(stringValue: text),
      ]),
      field: "text", maximumBytes: Schedule.maximumDefinitionBytes)
    let schedule = Schedule(
      namespace: sink.namespace, id: "test-" + random, userID: user?.id, eventType: Self.eventType,
      definitionJSON: definition, timeZone: zone, state: .ended, startAt: now, isTest: true)
    let event = PlannedEvent(key: "test-" + random, dueAt: now, runAt: now, timeZone: zone, queue: Queue.critical.name)
    return try await environment.submit(
      OneOff(schedule: schedule, event: event, idempotencyKey: "sink-test:\(random)", sink: sink.name), path: Self.path)
  }

  private func check(_ request: Carillon_V1_TestSinkRequest, _ sink: Sink) async throws -> User? {
    var violations = Violations()
    if request.text.utf8.count > Self.maximumTextBytes {
      violations.add("text", "must be at most \(Self.maximumTextBytes) bytes")
    }
    let id = violations.collect { () throws(ModelError) in
      try ResourceName.optionalID(request.user, kind: .user, in: sink.namespace, field: "user")
    }
    let user = try await environment.user(id ?? nil, namespace: sink.namespace, field: "user", &violations)
    if let kind = sink.addressKind, violations.found.isEmpty {
      if user == nil {
        violations.add("user", "is required: the sink sends to each user's address of kind \(kind)")
      } else if user?.addresses[kind] == nil {
        violations.add("user", "has no address of kind \(kind)")
      }
    }
    try violations.check()
    return user
  }
}
