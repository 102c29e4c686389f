import ArgumentParser
import ControlAPI
import SwiftProtobuf

struct SinkCreate: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "create", abstract: "Create a sink.",
    discussion: """
      Example:
        ctl sink create partner --plugin webhook --set url=https://partner.example/hooks \\
          --set secret=file:/etc/carillon/partner.key
      """)

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "The new sink's id.") var id: String
  @Option(help: "Name of a sink plugin.") var plugin: String
  @OptionGroup var fields: SinkFields
  @Flag(help: "Only check it.") var dryRun = false
  @OptionGroup var retry: RequestKey

  func perform(_ session: Session) async throws {
    var sink = Carillon_V1_Sink()
    sink.plugin = plugin
    _ = try fields.apply(to: &sink)
    let complete = sink
    let request = Carillon_V1_CreateSinkRequest.with {
      $0.parent = session.parent(.sinks)
      $0.sinkID = id
      $0.sink = complete
      $0.validateOnly = dryRun
      $0.requestID = retry.requestId
    }
    let answer = try await session.client.call { try await session.client.sinks.createSink(request, options: $0) }
    try session.printer.one(answer)
  }
}
