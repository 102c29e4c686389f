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

struct EventNotify: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "notify", abstract: "Send a notification, now or later.",
    discussion: """
      Examples:
        ctl event notify --title "Backup done" --text "All 214 files."
        ctl event notify --user ada --title "Stand-up" --at 2026-05-04T09:00:00+02:00 --id standup-2026-05-04
      """)

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Option(help: "Title.") var title: String
  @Option(help: "Text.") var text: String?
  @OptionGroup var fields: EventFields

  func perform(_ session: Session) async throws {
    var definition = Google_Protobuf_Struct()
    definition.fields["title"] = .init(stringValue: title)
    if let text { definition.fields["text"] = .init(stringValue: text) }
    try session.printer.one(try await fields.create(session, type: "notification", definition: definition))
  }
}

struct EventCreate: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "create", abstract: "Create an event of any type.",
    discussion: "Example:\n  ctl event create --event-type notification --set title=Hello --at +10m")

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Option(name: [.customLong("event-type"), .customLong("type")], help: "Event type.") var type: String
  @Option(help: "What the event type asks for, as JSON or @FILE.") var definition: String?
  @Option(help: "path=value in the definition, a text unless it is JSON; repeatable.") var set: [PairArgument] = []
  @OptionGroup var fields: EventFields

  func perform(_ session: Session) async throws {
    let definition = try ObjectArgument.read(definition, set, field: "--definition")
    try session.printer.one(try await fields.create(session, type: type, definition: definition))
  }
}
