import ArgumentParser
import ControlAPI
import SwiftProtobuf

struct PluginDisable: PluginAction {
  static let configuration = CommandConfiguration(
    commandName: "disable", abstract: "Take a plugin out of use: what it should deliver waits until it is enabled.",
    discussion: """
      It stays so when the agent starts anew, until ctl plugin enable. Its file is loaded all the same; to keep it from \
      being loaded, list the plugin in the agent's configuration: plugins.disabled.

      Example:
        ctl plugin disable ring --reason "it rings twice"
      """)

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "Id or full name.", completion: .names(of: .plugins)) var id: String
  @Option(help: "Why: shown with the plugin and in the audit record; at most 500 bytes.") var reason = ""
  @Option(help: "Do it only if it still has this etag.") var etag = ""
  @OptionGroup var terms: PluginTerms
  @OptionGroup var confirmation: Confirmation

  var question: String { "Disable \(id)" }

  func ask(_ session: Session) async throws -> Carillon_V1_Plugin {
    let name = try session.name(.plugins, id)
    let request = Carillon_V1_DisablePluginRequest.with {
      ($0.name, $0.reason, $0.etag) = (name, reason, etag)
      ($0.validateOnly, $0.requestID) = (terms.dryRun, terms.requestId)
    }
    return try await session.client.call { try await session.client.plugins.disablePlugin(request, options: $0) }
  }
}
