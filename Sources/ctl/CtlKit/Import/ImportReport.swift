import ControlAPI
import Synchronization

/// What an import did, told line by line in the order of the input, while it runs.
final class ImportReport: Sendable {
  /// Lines that people are shown of what was taken, and as many of what was not. The sums count all, and the forms for
  /// programs tell all.
  static let maxShown = 1_000

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

    /// Items that the agent refused.
    var refused = 0

    var taken: Int { created + updated + unchanged }
    /// Items that the agent answered.
    var answered: Int { taken + refused }
  }

  fileprivate enum Entry {
    case note(ImportNote)
    case item(line: Int64, label: String, names: [String])
  }

  struct State {
    var summary = Summary()
    fileprivate var waiting: [Entry] = []
    fileprivate var answers: [Int64: Carillon_V1_ImportResult] = [:]
    fileprivate var sent = 0
    var printed = 0
    var shownTaken = 0
    var shownProblems = 0
    var hidden = 0
  }

  let printer: Printer
  let isDryRun: Bool
  private let state = Mutex(State())

  init(printer: Printer, isDryRun: Bool) {
    self.printer = printer
    self.isDryRun = isDryRun
  }

  var summary: Summary { state.withLock { $0.summary } }

  /// The sums so far, and how many items are sent.
  var standing: (summary: Summary, sent: Int) { state.withLock { ($0.summary, $0.sent) } }

  /// Items sent that have no answer yet.
  var unanswered: Int {
    state.withLock { state in state.waiting.count { if case .item = $0 { true } else { false } } }
  }

  /// The line of the first item that was not answered; nil when all were.
  var openLine: Int64? {
    state.withLock { state in
      for case .item(let line, _, _) in state.waiting { return line }
      return nil
    }
  }

  /// Something the reader has to say.
  func add(_ note: ImportNote) throws(CtlError) {
    try change { state throws(CtlError) in state.waiting.append(.note(note)) }
  }

  /// An item is on the way to the agent.
  func sending(_ entry: ImportEntry) throws(CtlError) {
    let names = printer.format.isForPeople ? [] : entry.names
    try change { state throws(CtlError) in
      state.sent += 1
      state.waiting.append(.item(line: entry.item.tag, label: entry.label, names: names))
    }
  }

  /// The agent has answered.
  func add(_ results: [Carillon_V1_ImportResult]) throws(CtlError) {
    try change { state throws(CtlError) in for result in results { state.answers[result.tag] = result } }
  }

  /// Hands on what was told so far.
  func flush() { printer.sink.flush() }

  /// The sums, at the end.
  func finish() throws(CtlError) {
    try state.withLock { state throws(CtlError) in
      for entry in state.waiting { if case .note(let note) = entry { try tell(note, &state) } }
      try printSums(state)
    }
    flush()
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
    try print(note, &state)
  }

  private func tell(
    _ answer: Carillon_V1_ImportResult, line: Int64, label: String, names: [String], _ state: inout State
  ) throws(CtlError) {
    let effect = count(answer, &state.summary)
    try print(answer, effect, line: line, label: label, names: names, &state)
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
      summary.refused += 1
      return .failed
    }
  }
}
