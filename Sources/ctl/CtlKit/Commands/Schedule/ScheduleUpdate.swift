import ArgumentParser
import ControlAPI
import SwiftProtobuf

struct ScheduleUpdate: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "update", abstract: "Change a schedule. What pends is planned anew; what was sent is not sent again.",
    discussion: """
      --at and --set change members of the definition and keep the others; --definition replaces it as a whole.

      Example:
        ctl schedule update ada-birthday --at 08:30
      """)

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "Id or full name.", completion: .names(of: .schedules)) var id: String
  @OptionGroup var fields: ScheduleFields
  @Option(help: "Change it only if it still has this etag.") var etag = ""
  @Flag(help: "Only check it.") var dryRun = false

  func perform(_ session: Session) async throws {
    var schedule = Carillon_V1_Schedule()
    schedule.name = try session.name(.schedules, id)
    schedule.etag = etag
    if fields.setsMembers {
      let current = try await Schedules.get(session.client, name: schedule.name)
      schedule.definition = current.definition
      // Whoever changed the definition meanwhile is not overwritten.
      if etag.isEmpty { schedule.etag = current.etag }
    }
    let mask = try fields.apply(to: &schedule, session).mask()
    try session.printer.one(try await Schedules.update(session, schedule, mask, dryRun: dryRun))
  }
}
