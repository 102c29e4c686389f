import ArgumentParser
import ControlAPI
import SwiftProtobuf

struct EventCancel: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "cancel", abstract: "Cancel events. Once this is acknowledged, no send starts.",
    discussion: "Example:\n  ctl event cancel EVENT --reason \"moved away\"")

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "Ids or full names.", completion: .names(of: .events)) var ids: [String]
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
