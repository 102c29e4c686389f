import ArgumentParser
import ControlAPI
import SwiftProtobuf

/// `ctl event explain`: why was this sent, late, or not.
struct EventExplain: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "Tell every step of an event with its time and reason.",
    discussion: "Example:\n  ctl event explain EVENT --tz Europe/Paris")

  @OptionGroup var global: GlobalOptions
  @Argument(help: "Id or full name.") var id: String

  func perform(_ session: Session) async throws {
    let name = try session.name(.events, id)
    let answer = try await session.client.call {
      try await session.client.events.explainEvent(.with { $0.name = name }, options: $0)
    }
    try session.printer.document(try Printer.json(answer), names: [answer.event.name]) {
      Explanation(printer: session.printer).lines(answer)
    }
  }
}

/// The steps of an event, for people.
struct Explanation {
  let printer: Printer

  func lines(_ answer: Carillon_V1_ExplainEventResponse) -> [String] {
    let event = Table(columns: Carillon_V1_Event.columns, rows: [answer.event.cells(printer.show)])
    var steps = Table(columns: [
      .init("TIME"), .init("STEP"), .init("SINK"), .init("ATTEMPT", isRight: true), .init("TOOK"), .init("CODE"),
      .init("DETAIL"), .init("HOP", isWide: true, isRight: true), .init("QUEUE", isWide: true),
      .init("AGENT", isWide: true), .init("RECEIPT", isWide: true),
    ])
    steps.rows = answer.steps.map(cells)
    return printer.lines(event) + ["", Printable.escaped(answer.summary), ""] + printer.lines(steps)
  }

  private func cells(_ step: Carillon_V1_Step) -> [Table.Cell] {
    let show = printer.show
    return [
      .init(show.time(step.time, isSet: step.hasTime)), .init(step.what, style(step.what)), .init(show.id(step.sink)),
      .init(step.attempt == 0 ? ValueText.none : String(step.attempt)), .init(took(step)),
      .init(show.text(step.code)), .init(detail(step)), .init(String(step.hop)), .init(show.id(step.queue)),
      .init(show.id(step.agent)), .init(show.text(step.externalID)),
    ]
  }

  private func detail(_ step: Carillon_V1_Step) -> String {
    let planned = step.hasRunTime ? "for \(printer.show.time(step.runTime, isSet: true))" : ""
    let parts = [planned, step.detail].filter { !$0.isEmpty }
    return parts.isEmpty ? ValueText.none : parts.joined(separator: "; ")
  }

  private func took(_ step: Carillon_V1_Step) -> String {
    guard step.hasStartTime, step.hasTime else { return ValueText.none }
    let (span, isTooLong) = ValueText.milliseconds(step.time)
      .subtractingReportingOverflow(ValueText.milliseconds(step.startTime))
    return isTooLong ? ValueText.none : DurationText.text(milliseconds: span)
  }

  private func style(_ what: String) -> Style? {
    switch what {
    case "delivered": .good
    case "dead", "expired": .bad
    case "retry", "deferred", "cancelled", "skipped": .warning
    default: nil
    }
  }
}
