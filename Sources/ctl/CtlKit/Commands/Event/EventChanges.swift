import ArgumentParser
import ControlAPI
import SwiftProtobuf

struct EventCancel: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "cancel", abstract: "Cancel events. Once this is acknowledged, no send starts.",
    discussion: "Example:\n  ctl event cancel EVENT --reason \"moved away\"")

  @OptionGroup var global: GlobalOptions
  @Argument(help: "Ids or full names.") var ids: [String]
  @Option(help: "Why; kept in the receipt.") var reason = ""

  func perform(_ session: Session) async throws {
    var list = ListPrinter<Carillon_V1_Event>(session.printer, isSingle: ids.count == 1)
    for id in ids {
      var request = Carillon_V1_CancelEventRequest()
      request.name = try session.name(.events, id)
      request.reason = reason
      let complete = request
      let event = try await session.client.call {
        try await session.client.events.cancelEvent(complete, options: $0)
      }
      try list.add([event])
    }
    list.finish()
  }
}

struct EventMove: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "move", abstract: "Move an event to another time or queue.",
    discussion: "Example:\n  ctl event move EVENT --at +2h --queue high")

  @OptionGroup var global: GlobalOptions
  @Argument(help: "Id or full name.") var id: String
  @Option(parsing: .unconditional, help: "When: RFC 3339, now, or +10m.") var at: InstantArgument?
  @Option(help: "Queue.") var queue: String?

  func validate() throws {
    if at == nil, queue == nil { throw ValidationError("nothing to change: give --at or --queue") }
  }

  func perform(_ session: Session) async throws {
    var request = Carillon_V1_MoveEventRequest()
    request.name = try session.name(.events, id)
    request.queue = try ResourceKind.queues.optionalName(queue, namespace: session.namespace)
    if let at { request.dueTime = .init(at, around: session.around) }
    let complete = request
    let event = try await session.client.call { try await session.client.events.moveEvent(complete, options: $0) }
    try session.printer.one(event)
  }
}
