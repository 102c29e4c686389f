import ControlAPI
import Synchronization

/// What an import did, told line by line in the order of the input, while it runs.
final class ImportReport: Sendable {
  struct Summary: Sendable, Equatable {
    var created = 0
    var updated = 0
    var unchanged = 0
    /// Items left out on purpose: groups, duplicates, people who have died, tasks that are done.
    var skipped = 0
    /// Items that could not be read, and those that the agent refused.
    var failed = 0
    /// Properties left out or adapted.
    var notes = 0

    var taken: Int { created + updated + unchanged }
  }

  private enum Entry {
    case note(ImportNote)
    case item(line: Int64, label: String, names: [String])
  }

  private struct State {
    var summary = Summary()
    var waiting: [Entry] = []
    var answers: [Int64: Carillon_V1_ImportResult] = [:]
    var printed = 0
  }

  private let printer: Printer
  private let isDryRun: Bool
  private let state = Mutex(State())

  init(printer: Printer, isDryRun: Bool) {
    self.printer = printer
    self.isDryRun = isDryRun
  }

  var summary: Summary { state.withLock { $0.summary } }

  /// Items sent that have no answer yet.
  var unanswered: Int {
    state.withLock { state in state.waiting.count { if case .item = $0 { true } else { false } } }
  }

  /// Something the reader has to say.
  func add(_ note: ImportNote) throws(CtlError) {
    try change { state throws(CtlError) in state.waiting.append(.note(note)) }
  }

  /// An item is on the way to the agent.
  func sending(_ entry: ImportEntry) throws(CtlError) {
    try change { state throws(CtlError) in
      state.waiting.append(.item(line: entry.item.tag, label: entry.label, names: entry.names))
    }
  }

  /// The agent has answered.
  func add(_ results: [Carillon_V1_ImportResult]) throws(CtlError) {
    try change { state throws(CtlError) in for result in results { state.answers[result.tag] = result } }
  }

  /// Tells all that need wait no more. Who waits for an answer holds back what comes after.
  private func change(_ body: (inout State) throws(CtlError) -> Void) throws(CtlError) {
    try state.withLock { state throws(CtlError) in
      try body(&state)
      var told = 0
      for entry in state.waiting {
        switch entry {
        case .note(let note): try tell(note, &state)
        case .item(let line, let label, let names):
          guard let answer = state.answers.removeValue(forKey: line) else {
            return state.waiting.removeFirst(told)
          }
          try tell(answer, line: line, label: label, names: names, &state)
        }
        told += 1
      }
      state.waiting.removeFirst(told)
    }
  }

  private func tell(_ note: ImportNote, _ state: inout State) throws(CtlError) {
    switch note.kind {
    case .itemSkipped: state.summary.skipped += 1
    case .itemRefused: state.summary.failed += 1
    case .propertySkipped, .adjusted, .outside: state.summary.notes += 1
    }
    guard printer.format != .name else { return }
    var members: [(String, JSONValue)] = [
      ("line", .integer(Int64(note.line))), ("effect", .string(note.kind.rawValue)),
    ]
    if let property = note.property { members.append(("property", .string(property))) }
    members.append(("reason", .string(note.reason)))
    let isBad = note.kind == .itemRefused
    try print(.object(members), &state) { printer.paint(Printable.escaped(note.description), isBad ? .bad : .warning) }
  }

  private func tell(
    _ answer: Carillon_V1_ImportResult, line: Int64, label: String, names: [String], _ state: inout State
  ) throws(CtlError) {
    let effect = count(answer, &state.summary)
    if printer.format == .name {
      if effect != .failed { names.forEach(printer.sink.line) }
      return
    }
    let faults = answer.violations.map {
      JSONValue.object([("field", .string($0.field)), ("description", .string($0.description_p))])
    }
    var members: [(String, JSONValue)] = [
      ("line", .integer(line)), ("effect", .string(effect.rawValue)), ("name", .string(names.first ?? "")),
      ("displayName", .string(label)),
    ]
    if names.count > 1 { members.append(("names", .array(names.map(JSONValue.string)))) }
    if !faults.isEmpty { members.append(("violations", .array(faults))) }
    try print(.object(members), &state) {
      let reasons = answer.violations.map { "\($0.field): \($0.description_p)" }.joined(separator: "; ")
      let words = isDryRun && effect != .failed ? "would be \(effect.rawValue)" : effect.rawValue
      let told = printer.paint(words, effect == .failed ? .bad : effect == .unchanged ? .faint : .good)
      return "line \(line): \(Printable.escaped(label)): \(told)"
        + (reasons.isEmpty ? "" : ": \(Printable.escaped(reasons))")
    }
  }

  private func count(_ answer: Carillon_V1_ImportResult, _ summary: inout Summary) -> ChangeEffect {
    switch (answer.violations.isEmpty, answer.effect) {
    case (true, .created):
      summary.created += 1
      return .created
    case (true, .updated):
      summary.updated += 1
      return .updated
    case (true, .unchanged):
      summary.unchanged += 1
      return .unchanged
    default:
      summary.failed += 1
      return .failed
    }
  }
}

// MARK: - forms

extension ImportReport {
  private func print(_ value: JSONValue, _ state: inout State, line: () -> String) throws(CtlError) {
    switch printer.format {
    case .table, .wide: printer.sink.line(line())
    case .name: break
    case .json: printer.sink.write((state.printed == 0 ? "{\"results\":[\n" : ",\n") + value.compact)
    case .jsonl: printer.sink.line(value.compact)
    case .yaml:
      if state.printed > 0 { printer.sink.line("---") }
      printer.sink.write(try YAMLText.document(value))
    }
    state.printed += 1
  }

  /// The sums, at the end.
  func finish() throws(CtlError) {
    try state.withLock { state throws(CtlError) in
      for entry in state.waiting { if case .note(let note) = entry { try tell(note, &state) } }
      let sums = json(state.summary)
      switch printer.format {
      case .table, .wide: printer.sink.line(text(state.summary))
      case .name: break
      case .json:
        printer.sink.line((state.printed == 0 ? "{\"results\":[" : "\n") + "],\"summary\":\(sums.compact)}")
      case .jsonl: printer.sink.line(JSONValue.object([("summary", sums)]).compact)
      case .yaml:
        if state.printed > 0 { printer.sink.line("---") }
        printer.sink.write(try YAMLText.document(.object([("summary", sums)])))
      }
    }
    printer.sink.flush()
  }

  private func json(_ summary: Summary) -> JSONValue {
    .object(
      parts(summary).map { ($0.name, .integer(Int64($0.count))) } + [("dryRun", .bool(isDryRun))])
  }

  private func text(_ summary: Summary) -> String {
    (isDryRun ? "would be: " : "") + parts(summary).map { "\($0.count) \($0.name)" }.joined(separator: ", ")
  }

  private func parts(_ summary: Summary) -> [(name: String, count: Int)] {
    [
      ("created", summary.created), ("updated", summary.updated), ("unchanged", summary.unchanged),
      ("skipped", summary.skipped), ("failed", summary.failed), ("notes", summary.notes),
    ]
  }
}
