import ArgumentParser
import ControlAPI
import SwiftProtobuf

/// `ctl schedule upcoming`: who has a birthday next month.
struct ScheduleUpcoming: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "upcoming", abstract: "Compute what is coming, beyond the planning horizon too.",
    discussion: "Example:\n  ctl schedule upcoming --within 30d --type birthday")

  @OptionGroup var global: GlobalOptions
  @Argument(help: "Only this schedule.") var id: String?
  @Option(help: "How far ahead, at most 400d.") var within = TimeSpan(milliseconds: 30 * 86_400_000)
  @Option(help: "Only this event type.") var type = ""
  @Option(help: "So many at most, the earliest first.") var limit: Int32 = 100

  func perform(_ session: Session) async throws {
    let until = session.around.now() + within.milliseconds
    let name = try id.map { id throws(CtlError) in try session.name(.schedules, id) }
    let request = Carillon_V1_ListUpcomingRequest.with {
      $0.parent = name ?? session.parent(.schedules)
      $0.until = Google_Protobuf_Timestamp(seconds: until / 1_000, nanos: Int32(until % 1_000) * 1_000_000)
      $0.limit = limit
      $0.eventType = type
    }
    let answer = try await session.client.call {
      try await session.client.schedules.listUpcoming(request, options: $0)
    }
    var list = ListPrinter<Carillon_V1_Upcoming>(session.printer)
    try list.add(answer.upcoming)
    list.finish()
  }
}

extension Carillon_V1_Upcoming: TableRow {
  var name: String { schedule }

  static let columns: [Table.Column] = [
    .init("DUE"), .init("LOCAL TIME"), .init("ZONE"), .init("TYPE"), .init("WHO"), .init("KEY", isWide: true),
    .init("SCHEDULE", isWide: true),
  ]

  func cells(_ show: ValueText) -> [Table.Cell] {
    [
      .init(show.time(dueTime, isSet: hasDueTime)), .init(show.text(localTime)), .init(show.text(timeZone)),
      .init(eventType), .init(displayName.isEmpty ? show.id(user) : displayName), .init(occurrenceKey),
      .init(show.id(schedule)),
    ]
  }
}
