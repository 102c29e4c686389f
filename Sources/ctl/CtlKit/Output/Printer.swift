import SwiftProtobuf

/// The one place that knows the forms of output. Only data goes through it.
struct Printer: Sendable {
  let format: OutputFormat
  let paint: Paint
  let show: ValueText
  let sink: any TextSink

  /// One resource.
  func one<Row: TableRow>(_ row: Row) throws(CtlError) {
    var list = ListPrinter<Row>(self, isSingle: true)
    try list.add([row])
    list.finish()
  }

  /// A document that is not a resource: `table` draws it for people.
  func document(_ value: JSONValue, names: [String] = [], table: () -> [String]) throws(CtlError) {
    switch format {
    case .table, .wide: table().forEach(sink.line)
    case .name: names.forEach(sink.line)
    case .json: sink.line(value.pretty)
    case .jsonl: sink.line(value.compact)
    case .yaml: sink.write(try YAMLText.document(value))
    }
  }

  func lines(_ table: Table) -> [String] { table.lines(isWide: format == .wide, paint: paint) }

  /// A message as the proto's JSON says it: fields in the order of their numbers, the keys of maps and objects by name, so
  /// that the same answer always reads the same.
  static func json(_ message: some Message) throws(CtlError) -> JSONValue {
    do {
      var options = JSONEncodingOptions()
      options.useDeterministicOrdering = true
      let bytes: [UInt8] = try message.jsonUTF8Bytes(options: options)
      let value = try JSONValue(parsing: bytes)
      return message is Google_Protobuf_Struct ? value.sorted : value.withSortedObjects
    } catch {
      throw CtlError(.failed, "an answer of the agent cannot be shown as JSON: \(error)", cause: error)
    }
  }
}

/// Prints a list page by page, so that its length does not matter.
struct ListPrinter<Row: TableRow> {
  private let printer: Printer
  private let isSingle: Bool
  private var count = 0

  init(_ printer: Printer, isSingle: Bool = false) {
    self.printer = printer
    self.isSingle = isSingle
  }

  mutating func add(_ rows: [Row]) throws(CtlError) {
    switch printer.format {
    case .table, .wide: addTable(rows)
    case .name: for row in rows { printer.sink.line(row.name) }
    case .json: try addJSON(rows)
    case .jsonl: for row in rows { printer.sink.line(try Printer.json(row).compact) }
    case .yaml:
      for (index, row) in rows.enumerated() {
        if count + index > 0 { printer.sink.line("---") }
        printer.sink.write(try YAMLText.document(try Printer.json(row)))
      }
    }
    count += rows.count
  }

  private func addTable(_ rows: [Row]) {
    guard !rows.isEmpty else { return }
    let table = Table(columns: Row.columns, rows: rows.map { $0.cells(printer.show) })
    printer.lines(table).dropFirst(count > 0 ? 1 : 0).forEach(printer.sink.line)
  }

  private func addJSON(_ rows: [Row]) throws(CtlError) {
    for (index, row) in rows.enumerated() {
      let value = try Printer.json(row)
      if isSingle {
        printer.sink.line(value.pretty)
      } else {
        printer.sink.write(count + index == 0 ? "[\n" : ",\n")
        printer.sink.write(value.pretty)
      }
    }
  }

  func finish() {
    if printer.format == .json, !isSingle { printer.sink.line(count == 0 ? "[]" : "\n]") }
    printer.sink.flush()
  }
}
