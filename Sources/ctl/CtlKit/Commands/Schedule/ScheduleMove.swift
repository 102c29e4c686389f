import ArgumentParser
import ControlAPI
import SwiftProtobuf

struct ScheduleMove: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "move", abstract: "Have one occurrence at another local time, once.",
    discussion: """
      The time is local, in the schedule's zone. Without an occurrence it names the coming ones.

      Example:
        ctl schedule move standup --occurrence 2026-12-24T09:30 --to 2026-12-24T10:00
      """)

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "Id or full name of the schedule.") var id: String
  @OptionGroup var choice: OccurrenceChoice
  @Option(help: "Local time without an offset, such as 2026-12-24T10:00.") var to: LocalTime
  @Option(help: "Why, for people; at most 500 bytes.") var reason = ""
  @Flag(help: "Only check it.") var dryRun = false

  func perform(_ session: Session) async throws {
    let name = try session.name(.schedules, id)
    var request = Carillon_V1_MoveOccurrenceRequest()
    request.name = name
    request.occurrenceKey = try await choice.key(session, name)
    request.localTime = to.iso
    request.reason = reason
    request.validateOnly = dryRun
    let complete = request
    let schedule = try await session.client.call {
      try await session.client.schedules.moveOccurrence(complete, options: $0)
    }
    let said = "occurrence \(complete.occurrenceKey) \(dryRun ? "would be" : "is") moved to \(to.friendly)"
    try OccurrenceReport(schedule: schedule, key: complete.occurrenceKey, said: said, canRestore: !dryRun)
      .show(session.printer)
  }
}
