import ArgumentParser
import ControlAPI
import SwiftProtobuf

/// `ctl sink enable-endpoint`
struct SinkEnableEndpoint: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "enable-endpoint", abstract: "Send to a user's address again that a sink gave up.",
    discussion: "Example:\n  ctl sink enable-endpoint partner --user ada")

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "Id or full name of the sink.") var id: String
  @Option(help: "Whose address.") var user: String

  func perform(_ session: Session) async throws {
    let request = try Carillon_V1_EnableEndpointRequest.with {
      $0.name = try session.name(.sinks, id)
      $0.user = try session.name(.users, user)
    }
    _ = try await session.client.call { try await session.client.sinks.enableEndpoint(request, options: $0) }
  }
}
