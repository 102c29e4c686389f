import ArgumentParser
import ControlAPI
import SwiftProtobuf

/// `ctl resume-all`
struct ResumeAll: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume-all", abstract: "Send again after stop-all, and say how much waits.",
    discussion: "Example:\n  ctl resume-all")

  @OptionGroup(title: "Global options") var global: GlobalOptions

  func perform(_ session: Session) async throws {
    let before = try await session.client.call { try await session.client.agents.getStatus(.init(), options: $0) }
    var queues: [Carillon_V1_Queue] = []
    try await Paging.each(
      limit: nil,
      fetch: { size, token throws(CtlError) in
        try await Queues.page(session.client, .init(parent: "", size: size, token: token))
      }, body: { queues += $0 })
    let waiting = Waiting(queues)
    let status = try await session.client.call { try await session.client.agents.resumeAll(.init(), options: $0) }
    try session.printer.document(try Printer.json(status), names: [status.agent.name]) {
      let first = before.hasStop ? "everything runs again" : "nothing was stopped; everything runs"
      return [session.printer.paint(first, .good)] + waiting.lines(session.printer)
    }
  }
}
