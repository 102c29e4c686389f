import ArgumentParser
import ControlAPI
import SwiftProtobuf

struct QueueResume: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Start a paused queue again.", discussion: "Example:\n  ctl queue resume low")

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "Id or full name.", completion: .names(of: .queues)) var id: String

  func perform(_ session: Session) async throws {
    let name = try session.name(.queues, id)
    let queue = try await session.client.call {
      try await session.client.queues.resumeQueue(.with { $0.name = name }, options: $0)
    }
    try session.printer.one(queue)
  }
}
