import ArgumentParser
import ControlAPI
import SwiftProtobuf

struct ScheduleSkip: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "skip", abstract: "Do not send one occurrence; the series goes on.",
    discussion: """
      Without an occurrence it names the coming ones.

      Examples:
        ctl schedule skip ada-birthday --next --reason "not this year"
        ctl schedule skip standup --occurrence 2026-12-24T09:30
      """)

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "Id or full name of the schedule.") var id: String
  @OptionGroup var choice: OccurrenceChoice
  @Option(help: "Why, for people; at most 500 bytes.") var reason = ""
  @Flag(help: "Only check it.") var dryRun = false

  func perform(_ session: Session) async throws {
    let name = try session.name(.schedules, id)
    let request = Carillon_V1_SkipOccurrenceRequest.with {
      $0.name = name
      $0.reason = reason
      $0.validateOnly = dryRun
    }
    var complete = request
    complete.occurrenceKey = try await choice.key(session, name)
    let chosen = complete
    let schedule = try await session.client.call {
      try await session.client.schedules.skipOccurrence(chosen, options: $0)
    }
    let said = "occurrence \(chosen.occurrenceKey) \(dryRun ? "would be" : "is") skipped"
    try OccurrenceReport(schedule: schedule, key: chosen.occurrenceKey, said: said, canRestore: !dryRun)
      .show(session.printer)
  }
}
