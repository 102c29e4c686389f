import ArgumentParser
import ControlAPI
import GRPCCore
import SwiftProtobuf

struct EventMove: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "move", abstract: "Move an event to another time or queue, or many to another queue.",
    discussion: """
      With --all: every pending event that the filters choose goes to --queue. It asks first, and tells its progress.

      Examples:
        ctl event move EVENT --at +2h --queue high
        ctl event move --all --from-queue bulk --queue low --event-type birthday --reason "newsletter first"
      """)

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "Id or full name.", completion: .names(of: .events)) var id: String?
  @Option(parsing: .unconditional, help: "When: RFC 3339, now, or +10m.") var at: InstantArgument?
  @Option(help: "Queue.") var queue: String?
  @Flag(help: "All that the filters choose.") var all = false
  @OptionGroup(title: "Filters of --all") var filter: EventMoveFilter
  @OptionGroup var confirmation: Confirmation

  func validate() throws {
    if all {
      if id != nil { throw ValidationError("--all excludes an id") }
      if at != nil { throw ValidationError("--all moves to a queue; --at goes with one event only") }
      if queue == nil { throw ValidationError("--all: give --queue, where they go") }
    } else {
      if id == nil { throw ValidationError("which? Give an id, or --all with or without filters") }
      if at == nil, queue == nil { throw ValidationError("nothing to change: give --at or --queue") }
      if !filter.isEmpty { throw ValidationError("filters go with --all") }
    }
  }

  func perform(_ session: Session) async throws {
    if let id {
      try session.printer.one(try await Self.move(session, id, queue: queue, at: at))
    } else {
      try await moveAll(session)
    }
  }

  static func move(
    _ session: Session, _ id: String, queue: String?, at: InstantArgument?
  ) async throws(CtlError) -> Carillon_V1_Event {
    var request = Carillon_V1_MoveEventRequest()
    request.name = try session.name(.events, id)
    request.queue = try ResourceKind.queues.optionalName(queue, namespace: session.namespace)
    if let at { request.dueTime = .init(at, around: session.around) }
    let complete = request
    return try await session.client.call { try await session.client.events.moveEvent(complete, options: $0) }
  }

  private func moveAll(_ session: Session) async throws {
    let request = try filter.request(session, to: queue ?? "")
    let which = filter.isEmpty ? "all pending events" : "all pending events that the filters choose"
    try confirmation.ask(
      "Move \(which) of the namespace \(session.namespace) to the queue \(ResourceName.id(request.queue))?",
      session.around)
    try await BulkRun(verb: "moved", noun: "events").perform(session) { follow in
      try await session.client.events.moveEvents(request, options: session.client.streamOptions, onResponse: follow)
    }
  }
}

/// Which events are moved at once.
struct EventMoveFilter: ParsableArguments {
  @Option(help: "Only of this queue.") var fromQueue: String?
  @Option(name: [.customLong("event-type"), .customLong("type")], help: "Only of this event type.") var type: String?
  @Option(help: "Only of this schedule.") var schedule: String?
  @Option(help: "Only this user's.") var user: String?
  @Option(parsing: .unconditional, help: "Only due at or after: RFC 3339, now, +1h.") var dueFrom: InstantArgument?
  @Option(parsing: .unconditional, help: "Only due before.") var dueBefore: InstantArgument?
  @Option(help: "Why, for the audit record; at most 500 bytes.") var reason = ""

  var isEmpty: Bool {
    fromQueue == nil && type == nil && schedule == nil && user == nil && dueFrom == nil && dueBefore == nil
  }

  func request(_ session: Session, to queue: String) throws(CtlError) -> Carillon_V1_MoveEventsRequest {
    var request = Carillon_V1_MoveEventsRequest()
    request.parent = session.parent(.events)
    request.queue = try session.name(.queues, queue)
    request.fromQueue = try ResourceKind.queues.optionalName(fromQueue, namespace: session.namespace)
    request.eventType = type ?? ""
    request.schedule = try ResourceKind.schedules.optionalName(schedule, namespace: session.namespace)
    request.user = try ResourceKind.users.optionalName(user, namespace: session.namespace)
    if let dueFrom { request.dueFrom = .init(dueFrom, around: session.around) }
    if let dueBefore { request.dueBefore = .init(dueBefore, around: session.around) }
    request.reason = reason
    return request
  }
}
