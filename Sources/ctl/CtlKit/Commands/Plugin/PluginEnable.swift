import ArgumentParser
import ControlAPI
import SwiftProtobuf

struct PluginEnable: PluginAction {
  static let configuration = CommandConfiguration(
    commandName: "enable", abstract: "Take a plugin into use again, also one in quarantine.",
    discussion: "Example:\n  ctl plugin enable ring")

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "Id or full name.", completion: .names(of: .plugins)) var id: String
  @Option(help: "Do it only if it still has this etag.") var etag = ""
  @OptionGroup var terms: PluginTerms
  @OptionGroup var confirmation: Confirmation

  var question: String { "Enable \(id)" }

  func ask(_ session: Session) async throws -> Carillon_V1_Plugin {
    let name = try session.name(.plugins, id)
    let request = Carillon_V1_EnablePluginRequest.with {
      ($0.name, $0.etag, $0.validateOnly, $0.requestID) = (name, etag, terms.dryRun, terms.requestId)
    }
    return try await session.client.call { try await session.client.plugins.enablePlugin(request, options: $0) }
  }
}
