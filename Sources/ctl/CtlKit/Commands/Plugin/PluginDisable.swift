import ArgumentParser
import ControlAPI
import SwiftProtobuf

struct PluginDisable: PluginAction {
  static let configuration = CommandConfiguration(
    commandName: "disable", abstract: "Take a plugin out of use: what it should deliver waits until it is enabled.",
    discussion: """
      It holds until the agent ends. To keep a plugin from being loaded, list it in the agent's configuration: \
      plugins.disabled.

      Example:
        ctl plugin disable ring --reason "it rings twice"
      """)

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "Id or full name.", completion: .names(of: .plugins)) var id: String
  @Option(help: "Why: shown with the plugin and in the audit record; at most 500 bytes.") var reason = ""
  @OptionGroup var confirmation: Confirmation

  var question: String { "Disable \(id)" }

  func ask(_ session: Session) async throws -> Carillon_V1_Plugin {
    let request = Carillon_V1_DisablePluginRequest.with { $0.reason = reason }
    let name = try session.name(.plugins, id)
    return try await session.client.call { options in
      var named = request
      named.name = name
      return try await session.client.plugins.disablePlugin(named, options: options)
    }
  }
}
