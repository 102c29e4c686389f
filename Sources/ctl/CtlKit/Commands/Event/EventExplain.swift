import ArgumentParser
import ControlAPI
import SwiftProtobuf

/// `ctl event explain`: why was this sent, late, or not.
struct EventExplain: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "Tell every step of an event with its time and reason.",
    discussion: "Example:\n  ctl event explain EVENT --tz Europe/Paris")

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "Id or full name.", completion: .names(of: .events)) var id: String

  func perform(_ session: Session) async throws {
    try await Self.show(session, name: try session.name(.events, id))
  }

  static func show(_ session: Session, name: String) async throws(CtlError) {
    let answer = try await session.client.call {
      try await session.client.events.explainEvent(.with { $0.name = name }, options: $0)
    }
    try session.printer.document(try Printer.json(answer), names: [answer.event.name]) {
      Explanation(printer: session.printer).lines(answer)
    }
  }
}

/// An event's history, for people.
struct Explanation {
  let printer: Printer

  func lines(_ answer: Carillon_V1_ExplainEventResponse) -> [String] {
    let event = Table(columns: Carillon_V1_Event.columns, rows: [answer.event.cells(printer.show)])
    var said = answer.event.test ? ["A test: marked as one wherever it went; its series is untouched."] : []
    said.append(Printable.escaped(answer.summary))
    return printer.lines(event) + [""] + said + [""] + StepTable(printer: printer).lines(answer.steps)
  }
}
