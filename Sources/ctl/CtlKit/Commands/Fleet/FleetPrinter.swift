import SwiftProtobuf

/// Shows what several agents answered: each row, and each JSON document, carries the agent.
struct FleetPrinter {
  let printer: Printer

  /// Documents that are no resources; `table` draws them all for people.
  func documents(_ documents: [(agent: String, json: JSONValue)], table: () -> [String]) throws(CtlError) {
    let marked = documents.map { Self.marked($0.json, $0.agent) }
    switch printer.format {
    case .jsonl: for value in marked { printer.sink.line(value.compact) }
    case .yaml:
      for (index, value) in marked.enumerated() {
        if index > 0 { printer.sink.line("---") }
        printer.sink.write(try YAMLText.document(value))
      }
    default: try printer.document(.array(marked), names: documents.map(\.agent), table: table)
    }
  }

  /// Resources.
  func rows<Row: TableRow & Sendable>(_ answers: [FleetAnswer<[Row]>]) throws(CtlError) {
    var documents: [(agent: String, json: JSONValue)] = []
    for answer in answers {
      for row in answer.answer { documents.append((answer.agent, try Printer.json(row))) }
    }
    if printer.format == .name {
      for row in answers.flatMap(\.answer) { printer.sink.line(row.name) }
      return
    }
    try self.documents(documents) {
      guard !documents.isEmpty else { return [] }
      let rows = answers.flatMap { answer in
        answer.answer.map { [Table.Cell(answer.agent)] + $0.cells(printer.show) }
      }
      return printer.lines(Table(columns: [.init("AGENT")] + Row.columns, rows: rows))
    }
  }

  private static func marked(_ json: JSONValue, _ agent: String) -> JSONValue {
    guard case .object(let members) = json else { return .object([("agent", .string(agent)), ("answer", json)]) }
    // Not `agent`: an agent's own state has a member of that name.
    return .object([("fleetAgent", .string(agent))] + members)
  }
}
