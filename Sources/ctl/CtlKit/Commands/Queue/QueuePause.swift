import ArgumentParser
import ControlAPI
import SwiftProtobuf

struct QueuePause: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "pause", abstract: "Start nothing more of a queue; expiry goes on.",
    discussion: "Example:\n  ctl queue pause low")

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "Id or full name.", completion: .names(of: .queues)) var id: String

  func perform(_ session: Session) async throws {
    let name = try session.name(.queues, id)
    let queue = try await session.client.call {
      try await session.client.queues.pauseQueue(.with { $0.name = name }, options: $0)
    }
    try session.printer.one(queue)
  }
}
