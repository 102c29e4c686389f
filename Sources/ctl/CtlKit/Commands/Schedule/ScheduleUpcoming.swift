import ArgumentParser
import ControlAPI
import SwiftProtobuf

/// `ctl schedule upcoming`: who has a birthday next month.
struct ScheduleUpcoming: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "upcoming", abstract: "Compute what is coming, beyond the planning horizon too.",
    discussion: """
      Times are local: the clock on the wall where the person lives. Occurrences that were moved once are marked.

      Examples:
        ctl schedule upcoming --within 30d --event-type birthday
        ctl schedule upcoming standup --limit 5
      """)

  /// Schedules that are looked up for the marks of what was moved.
  static let maxLookUps = 100

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "Only this schedule.") var id: String?
  @Option(help: "How far ahead, at most 400d.") var within = TimeSpan(milliseconds: 30 * 86_400_000)
  @Option(name: [.customLong("event-type"), .customLong("type")], help: "Only this event type.") var type = ""
  @Option(help: "So many at most, the earliest first; up to 1000.") var limit: Int32 = 100

  func validate() throws {
    guard 1...1_000 ~= limit else { throw ValidationError("--limit: must be 1 to 1000") }
  }

  func perform(_ session: Session) async throws {
    let name = try id.map { id throws(CtlError) in try session.name(.schedules, id) }
    let found = try await Upcoming.ask(
      session, of: name ?? session.parent(.schedules), within: within, type: type, limit: limit)
    guard [.table, .wide].contains(session.printer.format) else {
      var list = ListPrinter<Carillon_V1_Upcoming>(session.printer)
      try list.add(found)
      return list.finish()
    }
    let table = UpcomingTable(
      rows: found, exceptions: try await exceptions(found, session), show: session.printer.show,
      now: session.around.now())
    if !found.isEmpty { session.printer.lines(table.table).forEach(session.printer.sink.line) }
    tellRest(found.count, session.around)
  }

  /// What people said about the schedules found.
  private func exceptions(
    _ found: [Carillon_V1_Upcoming], _ session: Session
  ) async throws(CtlError) -> [String: [Carillon_V1_OccurrenceException]] {
    let names = Set(found.map(\.schedule)).sorted()
    if names.count > Self.maxLookUps {
      session.around.errors.line(
        "what was moved is marked for the first \(Self.maxLookUps) of \(names.count) schedules; choose fewer with --limit"
      )
    }
    var result: [String: [Carillon_V1_OccurrenceException]] = [:]
    for name in names.prefix(Self.maxLookUps) {
      do { result[name] = try await Schedules.get(session.client, name: name).exceptions } catch {
        // Deleted since it was listed.
        guard error.code == .notFound else { throw error }
      }
    }
    return result
  }

  private func tellRest(_ count: Int, _ around: Surroundings) {
    if count == 0 {
      around.errors.line("nothing is coming within \(DurationText.text(milliseconds: within.milliseconds))")
    } else if count == Int(limit) {
      around.errors.line("the first \(count); see more with --limit")
    }
  }
}

/// What is coming, asked of the agent.
enum Upcoming {
  /// As far ahead as can be asked for, less a day for clocks that differ.
  static let furthest = TimeSpan(milliseconds: 399 * 86_400_000)

  /// - Parameter parent: a namespace, or one schedule's name.
  static func ask(
    _ session: Session, of parent: String, within: TimeSpan = furthest, type: String = "", limit: Int32
  ) async throws(CtlError) -> [Carillon_V1_Upcoming] {
    let until = session.around.now() + within.milliseconds
    let request = Carillon_V1_ListUpcomingRequest.with {
      $0.parent = parent
      $0.until = Google_Protobuf_Timestamp(seconds: until / 1_000, nanos: Int32(until % 1_000) * 1_000_000)
      $0.limit = limit
      $0.eventType = type
    }
    return try await session.client.call {
      try await session.client.schedules.listUpcoming(request, options: $0)
    }.upcoming
  }
}

extension Carillon_V1_Upcoming: TableRow {
  var name: String { schedule }

  static let columns: [Table.Column] = [
    .init("WHEN"), .init("ZONE"), .init("TYPE"), .init("WHO"), .init("SCHEDULE"), .init("DUE", isWide: true),
    .init("KEY", isWide: true),
  ]

  func cells(_ show: ValueText) -> [Table.Cell] {
    [
      .init(show.text(LocalTime.friendly(localTime))), .init(show.text(timeZone)), .init(eventType), .init(who),
      .init(show.id(schedule)), .init(show.time(dueTime, isSet: hasDueTime)), .init(occurrenceKey),
    ]
  }

  /// The person, or that it is for nobody in particular.
  var who: String { displayName.isEmpty ? (user.isEmpty ? "everyone" : ResourceName.id(user)) : displayName }
}

/// What is coming, with how far off it is and what was moved.
struct UpcomingTable {
  var rows: [Carillon_V1_Upcoming]
  /// By schedule.
  var exceptions: [String: [Carillon_V1_OccurrenceException]]
  var show: ValueText
  /// Milliseconds since 1970.
  var now: Int64

  var table: Table {
    let notes = rows.map(note)
    var columns = Carillon_V1_Upcoming.columns
    columns.insert(.init("IN"), at: 2)
    // The note stands where everybody sees it, and only when there is one.
    if notes.contains(where: { !$0.isEmpty }) { columns.insert(.init("NOTE"), at: 6) }
    return Table(
      columns: columns,
      rows: zip(rows, notes).map { row, note in
        var cells = row.cells(show)
        cells.insert(.init(ahead(row)), at: 2)
        if columns.count > cells.count { cells.insert(.init(note, .warning), at: 6) }
        return cells
      })
  }

  private func ahead(_ row: Carillon_V1_Upcoming) -> String {
    row.hasDueTime ? String(Ahead.text(ValueText.milliseconds(row.dueTime), from: now).trimmingPrefix("in ")) : "-"
  }

  private func note(_ row: Carillon_V1_Upcoming) -> String {
    let exception = exceptions[row.schedule]?.first { $0.occurrenceKey == row.occurrenceKey && !$0.skipped }
    guard let exception else { return "" }
    return exception.reason.isEmpty ? "moved" : "moved: \(exception.reason)"
  }
}
