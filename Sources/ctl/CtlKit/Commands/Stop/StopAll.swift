import ArgumentParser
import ControlAPI
import SwiftProtobuf

/// `ctl stop-all`: stop everything now. It asks nothing: who needs it is in a hurry, and it can be taken back.
struct StopAll: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "stop-all", abstract: "Stop sending at once: every agent of the store starts nothing more.",
    discussion: """
      It holds over restarts, until resume-all. Planning and expiry go on: what passes its expiry meanwhile is not sent.

      Example:
        ctl stop-all --reason "wrong template"
      """)

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Option(help: "Why, for those who wonder; at most 500 bytes.") var reason = ""

  func perform(_ session: Session) async throws {
    let request = Carillon_V1_StopAllRequest.with { $0.reason = reason }
    let status = try await session.client.call { try await session.client.agents.stopAll(request, options: $0) }
    try session.printer.document(try Printer.json(status), names: [status.agent.name]) {
      StopText.lines(status, session.printer)
    }
  }
}
