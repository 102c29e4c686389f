import Synchronization

/// What became of a row since it was last shown.
enum RowChange: String, Sendable {
  /// It was there when the watch began.
  case present
  case added
  case changed
  /// It was deleted, or is not in the list any more.
  case gone

  var style: Style? {
    switch self {
    case .present: .faint
    case .added: .good
    case .changed: .warning
    case .gone: .bad
    }
  }
}

/// Shows rows as they change, and only those that did.
final class RowFeed<Row: TableRow & Sendable & Equatable>: AnswerNote {
  /// Rows of one watch that are kept to tell what changed.
  static var maxRows: Int { 100_000 }

  private struct State {
    /// By agent, then by name; without a fleet the agent is empty.
    var known: [String: [String: Row]] = [:]
    var begun: Set<String> = []
    var left: Int
    var hasHeader = false
    /// Columns do not jump about: they only grow.
    var widths: [Int: Int] = [:]
    var hasAnswered = false
  }

  private let printer: Printer
  private let isFleet: Bool
  private let state: Mutex<State>

  /// - Parameter limit: changes after which it is done.
  init(printer: Printer, isFleet: Bool, limit: Int) {
    self.printer = printer
    self.isFleet = isFleet
    state = Mutex(State(left: limit))
  }

  /// Whether as many changes as were wanted are shown.
  var isDone: Bool { state.withLock { $0.left == 0 } }

  /// Whether there was an answer since it was last asked.
  func takeAnswered() -> Bool {
    state.withLock { state in
      defer { state.hasAnswered = false }
      return state.hasAnswered
    }
  }

  /// Takes all that there is now: what differs is shown, and what is missing is gone.
  func take(all rows: [Row], agent: String = "") throws(CtlError) {
    try update { state throws(CtlError) in
      let names = Set(rows.map(\.name))
      let missing = (state.known[agent] ?? [:]).filter { !names.contains($0.key) }
      for row in rows { try self.take(row, agent, &state) }
      for row in missing.values.sorted(by: { $0.name < $1.name }) { try self.drop(row.name, agent, &state) }
      state.begun.insert(agent)
    }
  }

  /// Takes what is new or changed, and what is gone. The first news of an agent is what there is.
  func take(_ rows: [Row], gone names: [String], agent: String = "") throws(CtlError) {
    try update { state throws(CtlError) in
      for row in rows { try self.take(row, agent, &state) }
      for name in names { try self.drop(name, agent, &state) }
      state.begun.insert(agent)
    }
  }

  private func update(_ body: (inout State) throws(CtlError) -> Void) throws(CtlError) {
    let result = state.withLock { state -> Result<Void, CtlError> in
      state.hasAnswered = true
      do throws(CtlError) { return .success(try body(&state)) } catch { return .failure(error) }
    }
    printer.sink.flush()
    try result.get()
  }

  private func take(_ row: Row, _ agent: String, _ state: inout State) throws(CtlError) {
    let before = state.known[agent]?[row.name]
    guard before?.steady != row.steady else { return }
    let change: RowChange = before != nil ? .changed : state.begun.contains(agent) ? .added : .present
    if before == nil, state.known.values.reduce(0, { $0 + $1.count }) >= Self.maxRows {
      throw CtlError(
        .failed, "there are more than \(Self.maxRows) to watch", hint: "narrow the list with its filters; see --help")
    }
    try show(change, row, agent, &state)
    state.known[agent, default: [:]][row.name] = row
  }

  private func drop(_ name: String, _ agent: String, _ state: inout State) throws(CtlError) {
    guard let row = state.known[agent]?.removeValue(forKey: name) else { return }
    try show(.gone, row, agent, &state)
  }

  private func show(_ change: RowChange, _ row: Row, _ agent: String, _ state: inout State) throws(CtlError) {
    if change != .present {
      guard state.left > 0 else { return }
      state.left -= 1
    }
    switch printer.format {
    case .table, .wide: line(change, row, agent, &state)
    case .name: printer.sink.line(row.name)
    case .json, .jsonl: printer.sink.line(try json(change, row, agent).compact)
    case .yaml:
      if state.hasHeader { printer.sink.line("---") }
      state.hasHeader = true
      printer.sink.write(try YAMLText.document(try json(change, row, agent)))
    }
  }

  private func json(_ change: RowChange, _ row: Row, _ agent: String) throws(CtlError) -> JSONValue {
    guard case .object(let members) = try Printer.json(row) else { return .null }
    let place: [(String, JSONValue)] = isFleet ? [("fleetAgent", .string(agent))] : []
    return .object(place + members + [("change", .string(change.rawValue))])
  }

  private func line(_ change: RowChange, _ row: Row, _ agent: String, _ state: inout State) {
    var table = Table(columns: [.init("CHANGE")] + (isFleet ? [.init("AGENT")] : []) + Row.columns)
    table.rows = [
      [.init(change.rawValue, change.style)] + (isFleet ? [.init(agent)] : []) + row.cells(printer.show)
    ]
    table.leastWidths = state.widths
    printer.lines(table).dropFirst(state.hasHeader ? 1 : 0).forEach(printer.sink.line)
    state.widths = table.widths
    state.hasHeader = true
  }
}
