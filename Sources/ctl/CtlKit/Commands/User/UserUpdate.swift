import ArgumentParser
import ControlAPI
import SwiftProtobuf

struct UserUpdate: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "update", abstract: "Change a user. What pends is planned anew.",
    discussion: "Example:\n  ctl user update ada --zone Europe/Paris")

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "Id or full name.", completion: .names(of: .users)) var id: String
  @OptionGroup var fields: UserFields
  @Option(help: "Change it only if it still has this etag.") var etag = ""
  @Flag(help: "Only check it.") var dryRun = false

  func perform(_ session: Session) async throws {
    var user = Carillon_V1_User()
    user.name = try session.name(.users, id)
    user.etag = etag
    let mask = try fields.apply(to: &user).mask()
    let request = Carillon_V1_UpdateUserRequest.with {
      $0.user = user
      $0.updateMask = mask
      $0.validateOnly = dryRun
    }
    let answer = try await session.client.call { try await session.client.users.updateUser(request, options: $0) }
    try session.printer.one(answer)
  }
}
