import ArgumentParser
import ControlAPI
import SwiftProtobuf

struct UserPause: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "pause", abstract: "Send nothing to a person for now. What pends is cancelled.",
    discussion: "Example:\n  ctl user pause ada")

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "Ids or full names.", completion: .names(of: .users)) var ids: [String]

  func perform(_ session: Session) async throws { try await setPaused(true, ids, session) }
}

struct UserResume: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Send to a paused person again. What is to come is planned anew.",
    discussion: "Example:\n  ctl user resume ada")

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "Ids or full names.", completion: .names(of: .users)) var ids: [String]

  func perform(_ session: Session) async throws { try await setPaused(false, ids, session) }
}

private func setPaused(_ isPaused: Bool, _ ids: [String], _ session: Session) async throws(CtlError) {
  var list = ListPrinter<Carillon_V1_User>(session.printer, isSingle: ids.count == 1)
  for id in ids {
    let name = try session.name(.users, id)
    let request = Carillon_V1_UpdateUserRequest.with {
      $0.user.name = name
      $0.user.paused = isPaused
      $0.updateMask.paths = ["paused"]
    }
    try list.add([
      try await session.client.call { try await session.client.users.updateUser(request, options: $0) }
    ])
  }
  list.finish()
}
