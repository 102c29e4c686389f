import ArgumentParser
import ControlAPI
import SwiftProtobuf

struct SchedulePause: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "pause", abstract: "Plan nothing more of a schedule.",
    discussion: "Example:\n  ctl schedule pause ada-birthday")

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "Id or full name.", completion: .names(of: .schedules)) var id: String

  func perform(_ session: Session) async throws { try await Schedules.change(session, id, .paused) }
}
