import ArgumentParser
import ControlAPI
import SwiftProtobuf

/// `ctl event`
struct EventCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "event", abstract: "What is due, and what became of it.",
    subcommands: [
      EventList.self, GetCommand<Events>.self, EventNotify.self, EventCreate.self, EventExplain.self,
      EventCancel.self, EventMove.self, EventPrioritize.self, EventWait.self, EventWatch.self,
    ], aliases: ["events"])
}

enum Events: Noun {
  static let kind = ResourceKind.events

  static func get(_ client: Client, name: String) async throws(CtlError) -> Carillon_V1_Event {
    try await client.call { try await client.events.getEvent(.with { $0.name = name }, options: $0) }
  }

  static func page(_ client: Client, _ request: PageRequest) async throws(CtlError) -> Page<Carillon_V1_Event> {
    try await page(
      client,
      .with {
        $0.parent = request.parent
        $0.pageSize = request.size
        $0.pageToken = request.token
        $0.filter = request.filter
      })
  }

  static func page(
    _ client: Client, _ message: Carillon_V1_ListEventsRequest
  ) async throws(CtlError) -> Page<Carillon_V1_Event> {
    let answer = try await client.call { try await client.events.listEvents(message, options: $0) }
    return Page(items: answer.events, next: answer.nextPageToken)
  }
}

extension Carillon_V1_Event: TableRow {
  static let columns: [Table.Column] = [
    .init("ID"), .init("TYPE"), .init("USER"), .init("DUE"), .init("STATE"), .init("ATTEMPT", isRight: true),
    .init("LOCAL TIME", isWide: true), .init("ZONE", isWide: true), .init("QUEUE", isWide: true),
    .init("SCHEDULE", isWide: true), .init("KEY", isWide: true), .init("SETTLED", isWide: true),
  ]

  func cells(_ show: ValueText) -> [Table.Cell] {
    [
      .init(show.id(name)), .init(test ? "\(eventType) (test)" : eventType), .init(show.id(user)),
      .init(show.time(dueTime, isSet: hasDueTime)),
      .init(EnumText.label(state), state.style), .init(String(attempt)), .init(show.text(localTime)),
      .init(show.text(timeZone)), .init(show.id(queue)), .init(show.id(schedule)), .init(show.text(occurrenceKey)),
      .init(show.time(settleTime, isSet: hasSettleTime)),
    ]
  }
}

extension Carillon_V1_Event.State {
  var style: Style? {
    switch self {
    case .completed: .good
    case .failed, .expired: .bad
    case .cancelled, .skipped: .warning
    default: nil
    }
  }

  /// Nothing more happens to it.
  var isFinal: Bool {
    switch self {
    case .completed, .failed, .cancelled, .expired, .skipped: true
    default: false
    }
  }
}

struct EventList: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List events by due time.",
    discussion: """
      With --watch: new events, and those with a new receipt, as they are then. With --filter it looks again and
      again instead.

      Examples:
        ctl event list --state failed,expired --from -24h
        ctl event list --user ada --watch -o jsonl
      """)

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @OptionGroup var length: ListLength
  @OptionGroup var condition: ListCondition
  @Option(help: "Only these states, separated by commas: pending, processing, completed, failed, …") var state: String?
  @Option(help: "Only this user's.") var user: String?
  @Option(help: "Only this schedule's.") var schedule: String?
  @Option(name: [.customLong("event-type"), .customLong("type")], help: "Only this event type.") var type = ""
  @Option(parsing: .unconditional, help: "Due at or after: RFC 3339, now, -24h, +1h.") var from: InstantArgument?
  @Option(parsing: .unconditional, help: "Due before.") var before: InstantArgument?

  func perform(_ session: Session) async throws {
    var request = Carillon_V1_ListEventsRequest()
    request.parent = session.parent(.events)
    request.user = try ResourceKind.users.optionalName(user, namespace: session.namespace)
    request.schedule = try ResourceKind.schedules.optionalName(schedule, namespace: session.namespace)
    request.eventType = type
    request.filter = condition.filter
    for word in state?.split(separator: ",") ?? [] {
      request.states.append(try EnumText.value(String(word), "--state"))
    }
    if let from { request.dueFrom = .init(from, around: session.around) }
    if let before { request.dueBefore = .init(before, around: session.around) }
    let filtered = request
    let fetch = { @Sendable (size: Int32, token: String) async throws(CtlError) -> Page<Carillon_V1_Event> in
      var page = filtered
      page.pageSize = size
      page.pageToken = token
      return try await Events.page(session.client, page)
    }
    let stream = EventStream(filter: filtered) { () throws(CtlError) in try await ListLength.all(fetch) }
    try await length.list(session, stream: filtered.filter.isEmpty ? stream.rows : nil, fetch: fetch)
  }
}
