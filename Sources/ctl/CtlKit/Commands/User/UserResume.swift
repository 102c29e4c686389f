import ArgumentParser
import ControlAPI
import SwiftProtobuf

struct UserResume: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Send to a paused person again. What is to come is planned anew.",
    discussion: "Example:\n  ctl user resume ada")

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "Ids or full names.", completion: .names(of: .users)) var ids: [String]

  func perform(_ session: Session) async throws { try await Users.setPaused(false, ids, session) }
}
