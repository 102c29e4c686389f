import ArgumentParser
import ControlAPI

/// `ctl schedule get`: a schedule with what people said about single occurrences.
struct ScheduleGet: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "get", abstract: "Show one schedule or several, with what is skipped or moved.",
    discussion: "Examples:\n  ctl schedule get ada-birthday -o yaml\n  ctl schedule get ada-birthday --watch")

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "Ids or full names.", completion: .names(of: .schedules)) var ids: [String]
  @OptionGroup var watching: WatchOptions

  func perform(_ session: Session) async throws {
    if watching.watch { return try await watching.follow(Schedules.self, ids, session) }
    var list = ListPrinter<Carillon_V1_Schedule>(session.printer, isSingle: ids.count == 1)
    var found: [Carillon_V1_Schedule] = []
    for id in ids {
      let schedule = try await Schedules.get(session.client, name: try session.name(.schedules, id))
      try list.add([schedule])
      found.append(schedule)
    }
    list.finish()
    guard [.table, .wide].contains(session.printer.format) else { return }
    for schedule in found where !schedule.exceptions.isEmpty {
      session.printer.sink.line("")
      ExceptionTable.lines(schedule, session.printer).forEach(session.printer.sink.line)
    }
  }
}

/// What people said about single occurrences of a schedule.
enum ExceptionTable {
  static func lines(_ schedule: Carillon_V1_Schedule, _ printer: Printer) -> [String] {
    var table = Table(columns: [
      .init("OCCURRENCE"), .init(""), .init("REASON"), .init("SAID", isWide: true), .init("SCHEDULE", isWide: true),
    ])
    table.rows = schedule.exceptions.map { exception in
      [
        .init(exception.occurrenceKey), .init(exception.summary, .warning), .init(printer.show.text(exception.reason)),
        .init(printer.show.time(exception.createTime, isSet: exception.hasCreateTime)),
        .init(printer.show.id(schedule.name)),
      ]
    }
    return printer.lines(table)
  }
}

extension Carillon_V1_OccurrenceException {
  /// `skipped`, or where it was moved to.
  var summary: String { skipped ? "skipped" : "moved to \(LocalTime.friendly(localTime))" }
}
