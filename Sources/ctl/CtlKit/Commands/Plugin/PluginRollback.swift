import ArgumentParser
import ControlAPI
import SwiftProtobuf

struct PluginRollback: PluginAction {
  static let configuration = CommandConfiguration(
    commandName: "rollback", abstract: "Put the version in place that was there before the last reload.",
    discussion: "Example:\n  ctl plugin rollback ring")

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "Id or full name.", completion: .names(of: .plugins)) var id: String
  @OptionGroup var confirmation: Confirmation

  var question: String { "Roll \(id) back" }

  func ask(_ session: Session) async throws -> Carillon_V1_Plugin {
    let name = try session.name(.plugins, id)
    return try await session.client.call {
      try await session.client.plugins.rollBackPlugin(.with { $0.name = name }, options: $0)
    }
  }
}
