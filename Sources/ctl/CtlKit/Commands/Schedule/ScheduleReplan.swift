import ArgumentParser
import ControlAPI
import SwiftProtobuf

/// `ctl schedule replan`
struct ScheduleReplan: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "replan", abstract: "Plan anew what is pending, by the rules of time zones as they are now.",
    discussion: """
      That happens by itself when a person moves or the system's zone data changes. With --dry-run it shows what is
      pending and would be due at another time, and changes nothing.

      Examples:
        ctl schedule replan --time-zone Europe/London --dry-run
        ctl schedule replan --user ada
        ctl schedule replan --all
      """)

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "Only this schedule.") var id: String?
  @Option(help: "Only this user's schedules.") var user: String?
  @Option(help: "Only schedules in this time zone.") var timeZone: String?
  @Flag(help: "Every schedule of the namespace.") var all = false
  @Flag(help: "Only show what would change.") var dryRun = false

  func validate() throws {
    let isNarrow = id != nil || user != nil || timeZone != nil
    guard isNarrow != all else {
      throw ValidationError(
        all
          ? "--all excludes a schedule, --user and --time-zone"
          : "say which: a schedule, --user USER, --time-zone ZONE, or --all")
    }
  }

  func perform(_ session: Session) async throws {
    let request = try Carillon_V1_ReplanSchedulesRequest.with { request in
      request.parent = session.parent(.schedules)
      request.schedule = try ResourceKind.schedules.optionalName(id, namespace: session.namespace)
      request.user = try ResourceKind.users.optionalName(user, namespace: session.namespace)
      request.timeZone = timeZone ?? ""
      request.validateOnly = dryRun
    }
    if dryRun { return try await preview(request, session) }
    let answer = try await Self.ask(request, session)
    let count = answer.schedules
    try session.printer.document(.object([("schedules", .integer(Int64(count)))])) {
      [count == 1 ? "1 schedule is planned anew" : "\(count) schedules are planned anew"]
    }
  }

  private func preview(_ first: Carillon_V1_ReplanSchedulesRequest, _ session: Session) async throws {
    var request = first
    var list = ListPrinter<Carillon_V1_ReplannedOccurrence>(session.printer)
    var (schedules, changes) = (0, 0)
    repeat {
      let answer = try await Self.ask(request, session)
      try list.add(answer.changes)
      schedules += Int(answer.schedules)
      changes += answer.changes.count { $0.problem.isEmpty }
      request.pageToken = answer.nextPageToken
    } while !request.pageToken.isEmpty
    list.finish()
    let occurrences = changes == 1 ? "1 pending occurrence" : "\(changes) pending occurrences"
    session.around.errors.line(
      "\(occurrences) of \(schedules == 1 ? "1 schedule" : "\(schedules) schedules") would change")
  }

  private static func ask(
    _ request: Carillon_V1_ReplanSchedulesRequest, _ session: Session
  ) async throws(CtlError) -> Carillon_V1_ReplanSchedulesResponse {
    try await session.client.call { try await session.client.schedules.replanSchedules(request, options: $0) }
  }
}

extension Carillon_V1_ReplannedOccurrence: TableRow {
  var name: String { schedule }

  static let columns: [Table.Column] = [
    .init("SCHEDULE"), .init("USER"), .init("KEY"), .init("WAS"), .init("WILL BE"), .init("ZONE"), .init("WAS DUE"),
    .init("WILL BE DUE"), .init("QUEUE", isWide: true),
  ]

  func cells(_ show: ValueText) -> [Table.Cell] {
    [
      .init(show.id(schedule)), .init(show.id(user)), .init(show.text(occurrenceKey)),
      .init(show.text(LocalTime.friendly(oldLocalTime))), willBe, .init(show.text(timeZone)),
      .init(show.time(oldDueTime, isSet: hasOldDueTime)), .init(show.time(newDueTime, isSet: hasNewDueTime)),
      .init(show.text(queue)),
    ]
  }

  private var willBe: Table.Cell {
    if !problem.isEmpty { return .init(problem, .warning) }
    return hasNewDueTime ? .init(LocalTime.friendly(newLocalTime)) : .init("not at all", .warning)
  }
}
