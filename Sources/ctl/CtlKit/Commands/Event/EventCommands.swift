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
