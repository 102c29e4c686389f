import ArgumentParser
import ControlAPI
import SwiftProtobuf

struct PluginEnable: PluginAction {
  static let configuration = CommandConfiguration(
    commandName: "enable", abstract: "Take a plugin into use again, also one in quarantine.",
    discussion: "Example:\n  ctl plugin enable ring")

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "Id or full name.", completion: .names(of: .plugins)) var id: String
  @OptionGroup var confirmation: Confirmation

  var question: String { "Enable \(id)" }

  func ask(_ session: Session) async throws -> Carillon_V1_Plugin {
    let name = try session.name(.plugins, id)
    return try await session.client.call {
      try await session.client.plugins.enablePlugin(.with { $0.name = name }, options: $0)
    }
  }
}
