import ArgumentParser
import ControlAPI
import SwiftProtobuf

struct UserCreate: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "create", abstract: "Create a user.",
    discussion: """
      Example:
        ctl user create ada --display-name "Ada Lovelace" --birth 1815-12-10 --zone Europe/London
      """)

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "The new user's id.") var id: String
  @OptionGroup var fields: UserFields
  @Flag(help: "Only check it.") var dryRun = false
  @OptionGroup var retry: RequestKey

  func perform(_ session: Session) async throws {
    var user = Carillon_V1_User()
    _ = try fields.apply(to: &user)
    let request = Carillon_V1_CreateUserRequest.with {
      $0.parent = session.parent(.users)
      $0.userID = id
      $0.user = user
      $0.validateOnly = dryRun
      $0.requestID = retry.requestId
    }
    let answer = try await session.client.call { try await session.client.users.createUser(request, options: $0) }
    try session.printer.one(answer)
  }
}
