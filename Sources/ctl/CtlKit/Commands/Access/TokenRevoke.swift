import ArgumentParser
import ControlAPI
import SwiftProtobuf

struct TokenRevoke: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "revoke", abstract: "Revoke tokens for good. Calls under way with them end within 2 s.",
    discussion: "Example:\n  ctl token revoke importer", aliases: ["delete"])

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "Ids or full names.", completion: .names(of: .tokens)) var ids: [String]

  func perform(_ session: Session) async throws {
    var list = ListPrinter<Carillon_V1_Token>(session.printer, isSingle: ids.count == 1)
    for id in ids {
      let name = try session.name(.tokens, id)
      let token = try await session.client.call {
        try await session.client.access.revokeToken(.with { $0.name = name }, options: $0)
      }
      try list.add([token])
    }
    list.finish()
  }
}
