import ArgumentParser
import ControlAPI
import SwiftProtobuf

struct ScheduleRestore: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore", abstract: "Take back a skip or a move.",
    discussion: "Example:\n  ctl schedule restore standup --occurrence 2026-12-24T09:30")

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "Id or full name of the schedule.") var id: String
  @Option(help: "Key of the occurrence; without it, those that can be restored are named.") var occurrence: String?

  func perform(_ session: Session) async throws {
    let name = try session.name(.schedules, id)
    guard let occurrence else { throw try await missing(name, session) }
    let request = Carillon_V1_RestoreOccurrenceRequest.with {
      $0.name = name
      $0.occurrenceKey = occurrence
    }
    let schedule = try await session.client.call {
      try await session.client.schedules.restoreOccurrence(request, options: $0)
    }
    try OccurrenceReport(
      schedule: schedule, key: occurrence, said: "occurrence \(occurrence) is as it was", canRestore: false
    ).show(session.printer)
  }

  private func missing(_ name: String, _ session: Session) async throws(CtlError) -> CtlError {
    let schedule = try await Schedules.get(session.client, name: name)
    let id = ResourceName.id(name)
    guard !schedule.exceptions.isEmpty else { return CtlError(.conflict, "nothing of \(id) is skipped or moved") }
    return CtlError(
      .invalidArgument, "which occurrence of \(id)?",
      violations: schedule.exceptions.map { .init(field: "--occurrence \($0.occurrenceKey)", reason: $0.summary) },
      hint: "choose one of these")
  }
}
