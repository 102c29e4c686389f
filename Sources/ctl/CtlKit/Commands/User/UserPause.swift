import ArgumentParser
import ControlAPI
import SwiftProtobuf

struct UserPause: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "pause", abstract: "Send nothing to a person for now. What pends is cancelled.",
    discussion: "Example:\n  ctl user pause ada")

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "Ids or full names.", completion: .names(of: .users)) var ids: [String]

  func perform(_ session: Session) async throws { try await Users.setPaused(true, ids, session) }
}
