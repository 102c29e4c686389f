/// Rows as they come: to people in columns, to programs as JSON.
struct RunRows {
  private let printer: Printer
  private let columns: [Table.Column]
  private var widths: [Int: Int] = [:]
  private var isFirst = true
  private var documents: [JSONValue] = []

  /// One row in all its forms.
  struct Row {
    var name: String
    var cells: [Table.Cell]
    var document: JSONValue
    /// Lines below it, for people.
    var below: [String] = []
  }

  init(_ printer: Printer, columns: [Table.Column]) {
    self.printer = printer
    self.columns = columns
  }

  /// Shows rows, where the form allows it at once.
  mutating func add(_ rows: [Row]) {
    switch printer.format {
    case .table, .wide: addTable(rows)
    case .name: for row in rows { printer.sink.line(row.name) }
    case .jsonl: for row in rows { printer.sink.line(row.document.compact) }
    case .json, .yaml: documents += rows.map(\.document)
    }
    printer.sink.flush()
  }

  /// Shows what could not be shown before.
  func finish() throws(CtlError) {
    guard [.json, .yaml].contains(printer.format) else { return }
    try printer.document(.array(documents)) { [] }
  }

  private mutating func addTable(_ rows: [Row]) {
    guard !rows.isEmpty else { return }
    var table = Table(columns: columns, rows: rows.map(\.cells))
    table.leastWidths = widths
    widths = table.widths
    let lines = printer.lines(table)
    if isFirst { printer.sink.line(lines[0]) }
    isFirst = false
    for (row, line) in zip(rows, lines.dropFirst()) {
      printer.sink.line(line)
      for below in row.below { printer.sink.line("    " + Printable.escaped(below)) }
    }
  }
}
