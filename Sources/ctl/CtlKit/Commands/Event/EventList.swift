import ArgumentParser
import ControlAPI
import SwiftProtobuf

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
