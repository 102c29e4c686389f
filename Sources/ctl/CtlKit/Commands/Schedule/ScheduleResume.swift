import ArgumentParser
import ControlAPI
import SwiftProtobuf

struct ScheduleResume: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Plan a paused schedule again.",
    discussion: "Example:\n  ctl schedule resume ada-birthday")

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "Id or full name.", completion: .names(of: .schedules)) var id: String

  func perform(_ session: Session) async throws { try await Schedules.change(session, id, .active) }
}
