import ArgumentParser
import ControlAPI
import SwiftProtobuf

struct EventCreate: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "create", abstract: "Create an event of any type.",
    discussion: "Example:\n  ctl event create --event-type notification --set title=Hello --at +10m")

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Option(name: [.customLong("event-type"), .customLong("type")], help: "Event type.") var type: String
  @Option(help: "What the event type asks for, as JSON or @FILE.") var definition: String?
  @Option(help: "path=value in the definition, a text unless it is JSON; repeatable.") var set: [PairArgument] = []
  @OptionGroup var fields: EventFields

  func perform(_ session: Session) async throws {
    let definition = try ObjectArgument.read(definition, set, field: "--definition")
    try session.printer.one(try await fields.create(session, type: type, definition: definition))
  }
}
