import ArgumentParser
import ControlAPI
import SwiftProtobuf

struct PluginConfigure: PluginAction {
  static let configuration = CommandConfiguration(
    commandName: "configure", abstract: "Give an event type another configuration, which counts at once.",
    discussion: """
      --set goes on top of what the plugin has now, --config replaces it. Hidden values have to be given again. A sink's \
      configuration is changed with the sink: ctl sink update. It counts until the agent ends.

      Examples:
        ctl plugin configure ring --set bells=3
        ctl plugin configure ring --config @ring.json
      """)

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "Id or full name.", completion: .names(of: .plugins)) var id: String
  @Option(help: "The whole configuration, as JSON or @FILE.") var config: String?
  @Option(help: "path=value in the configuration, a text unless it is JSON; repeatable.") var set: [PairArgument] = []
  @Option(help: "Do it only if it still has this etag.") var etag = ""
  @OptionGroup var terms: PluginTerms
  @OptionGroup var confirmation: Confirmation

  var question: String { "Configure \(id)" }

  func validate() throws {
    if config == nil, set.isEmpty { throw ValidationError("nothing to change: give --config or --set") }
  }

  func ask(_ session: Session) async throws -> Carillon_V1_Plugin {
    let name = try session.name(.plugins, id)
    let base = config == nil ? try await Plugins.get(session.client, name: name).configuration : .init()
    let configuration = try ObjectArgument.read(config, set, field: "--config", base: base)
    let request = Carillon_V1_UpdatePluginRequest.with {
      $0.plugin.name = name
      $0.plugin.etag = etag
      $0.plugin.configuration = configuration
      $0.updateMask.paths = ["configuration"]
      $0.validateOnly = terms.dryRun
      $0.requestID = terms.requestId
    }
    return try await session.client.call { try await session.client.plugins.updatePlugin(request, options: $0) }
  }
}
