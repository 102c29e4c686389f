import ArgumentParser
import ControlAPI
import SwiftProtobuf

struct SinkUpdate: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "update", abstract: "Change a sink, or take it out of use.",
    discussion: "Examples:\n  ctl sink update partner --max-in-flight 100\n  ctl sink update partner --enable")

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "Id or full name.", completion: .names(of: .sinks)) var id: String
  @OptionGroup var fields: SinkFields
  @Option(help: "Send nothing to it; the reason.") var disable: String?
  @Flag(help: "Use it again.") var enable = false
  @Option(help: "Change it only if it still has this etag.") var etag = ""
  @Flag(help: "Only check it.") var dryRun = false

  func validate() throws {
    if enable, disable != nil { throw ValidationError("--enable and --disable exclude each other") }
    if disable == "" { throw ValidationError("--disable: give the reason") }
  }

  func perform(_ session: Session) async throws {
    var sink = Carillon_V1_Sink()
    sink.name = try session.name(.sinks, id)
    sink.etag = etag
    var paths = try fields.apply(to: &sink)
    try paths.set("disabled_reason", enable ? "" : disable) { sink.disabledReason = $0 }
    let complete = sink
    let mask = try paths.mask()
    let request = Carillon_V1_UpdateSinkRequest.with {
      $0.sink = complete
      $0.updateMask = mask
      $0.validateOnly = dryRun
    }
    let answer = try await session.client.call { try await session.client.sinks.updateSink(request, options: $0) }
    try session.printer.one(answer)
  }
}
