import ArgumentParser
import ControlAPI
import SwiftProtobuf

struct EventPrioritize: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "prioritize", abstract: "Give one event the priority of another queue.",
    discussion: "Example:\n  ctl event prioritize EVENT --queue critical")

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "Id or full name.", completion: .names(of: .events)) var id: String
  @Option(help: "The queue whose priority it gets.") var queue: String

  func perform(_ session: Session) async throws {
    try session.printer.one(try await EventMove.move(session, id, queue: queue, at: nil))
  }
}
