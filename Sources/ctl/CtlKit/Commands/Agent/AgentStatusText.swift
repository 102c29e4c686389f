import ControlAPI
import SwiftProtobuf

/// An agent's state, for people.
enum AgentStatusText {
  static func show(_ status: Carillon_V1_AgentStatus, _ printer: Printer) throws(CtlError) {
    try printer.document(try Printer.json(status), names: [status.agent.name]) {
      let stop = StopText.lines(status, printer)
      return (stop.isEmpty ? [] : stop + [""]) + facts(status, printer) + [""] + queues(status, printer)
    }
  }

  /// A fleet's: a line for each agent.
  static func show(_ answers: [FleetAnswer<Carillon_V1_AgentStatus>], _ printer: Printer) throws(CtlError) {
    var documents: [(agent: String, json: JSONValue)] = []
    for answer in answers { documents.append((answer.agent, try Printer.json(answer.answer))) }
    try FleetPrinter(printer: printer).documents(documents) {
      guard let first = answers.first else { return [] }
      let stop = StopText.lines(first.answer, printer)
      let columns: [Table.Column] = [
        .init("AGENT"), .init("STATE"), .init("VERSION"), .init("UP FOR"), .init("LOADED", isRight: true),
        .init("IN FLIGHT", isRight: true), .init("UNRECORDED", isRight: true), .init("REASON"),
        .init("TIME ZONES", isWide: true), .init("NAME", isWide: true),
      ]
      let rows = answers.map { row($0.agent, $0.answer, printer.show) }
      return (stop.isEmpty ? [] : stop + [""]) + printer.lines(Table(columns: columns, rows: rows))
    }
  }

  private static func row(_ agent: String, _ status: Carillon_V1_AgentStatus, _ show: ValueText) -> [Table.Cell] {
    [
      .init(agent), state(status), .init(show.text(status.agent.version)),
      .init(show.duration(status.uptime, isSet: status.hasUptime)), .init(String(status.loaded)),
      .init(String(status.inFlight)), .init(String(status.unrecorded)),
      .init(show.text(status.notReadyReasons.joined(separator: "; "))), .init(show.text(status.tzdbVersion)),
      .init(show.id(status.agent.name)),
    ]
  }

  static func state(_ status: Carillon_V1_AgentStatus) -> Table.Cell {
    if status.hasStop { return .init("stopped", .bad) }
    if status.draining { return .init("draining", .warning) }
    return status.ready ? .init("ready", .good) : .init("not ready", .bad)
  }

  private static func facts(_ status: Carillon_V1_AgentStatus, _ printer: Printer) -> [String] {
    let show = printer.show
    var rows: [[Table.Cell]] = [
      ["agent", .init(show.id(status.agent.name))], ["state", state(status)],
      ["version", .init(show.text(status.agent.version))],
      ["up for", .init(show.duration(status.uptime, isSet: status.hasUptime))],
      ["time zones", .init(show.text(status.tzdbVersion))],
      ["lease until", .init(show.time(status.agent.leaseUntilTime, isSet: status.agent.hasLeaseUntilTime))],
      ["loaded", .init(String(status.loaded))], ["in flight", .init(String(status.inFlight))],
      ["unrecorded", .init(String(status.unrecorded))],
    ]
    rows += status.notReadyReasons.map { ["reason", .init($0, .bad)] }
    // A table without its header: names at the left, values at the right.
    return Array(printer.lines(Table(columns: [.init(""), .init("")], rows: rows)).dropFirst())
  }

  private static func queues(_ status: Carillon_V1_AgentStatus, _ printer: Printer) -> [String] {
    guard !status.queues.isEmpty else { return [] }
    let columns: [Table.Column] = [
      .init("QUEUE"), .init("LOADED", isRight: true), .init("IN FLIGHT", isRight: true),
      .init("DELIVERED", isRight: true), .init("FAILED", isRight: true),
    ]
    let rows: [[Table.Cell]] = status.queues.map {
      [
        .init(ResourceName.id($0.queue)), .init(String($0.loaded)), .init(String($0.inFlight)),
        .init(String($0.deliveredTotal)), .init(String($0.failedTotal)),
      ]
    }
    return printer.lines(Table(columns: columns, rows: rows))
  }
}
