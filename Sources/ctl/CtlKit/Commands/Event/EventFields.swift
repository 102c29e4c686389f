import ArgumentParser
import ControlAPI
import SwiftProtobuf

/// When, for whom and how urgently: what `notify` and `create` share.
struct EventFields: ParsableArguments {
  @Option(help: "For this user (default: a broadcast).") var user: String?
  @Option(parsing: .unconditional, help: "When: RFC 3339, now, or +10m (default: now).") var at: InstantArgument?
  @Option(help: "Queue (default: the event type's).") var queue: String?
  @Option(help: "IANA time zone in which it is shown.") var zone = ""
  @Option(help: "Your key: the same key makes the same event, however often it is sent.") var id: String?
  @Flag(help: "Only check it.") var dryRun = false

  func create(
    _ session: Session, type: String, definition: Google_Protobuf_Struct
  ) async throws(CtlError) -> Carillon_V1_Event {
    var request = Carillon_V1_CreateEventRequest()
    request.parent = session.parent(.events)
    request.eventType = type
    request.definition = definition
    request.user = try ResourceKind.users.optionalName(user, namespace: session.namespace)
    request.queue = try ResourceKind.queues.optionalName(queue, namespace: session.namespace)
    if let at, at != .now { request.dueTime = .init(at, around: session.around) }
    request.timeZone = zone
    request.requestID = id ?? RandomKey.make()
    request.validateOnly = dryRun
    let complete = request
    return try await session.client.call { try await session.client.events.createEvent(complete, options: $0) }
  }
}
