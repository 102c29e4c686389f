import ControlAPI

/// Changes dead letters one after the other, at a pace, and tells what became of each.
struct DeadLetterRun {
  /// What was done, for people: `replayed`.
  var verb: String
  var pace: PaceArgument
  /// Whether people see those that went well one by one; a long list tells them nothing.
  var showsEach: Bool

  private struct Outcome {
    var name: String
    /// The event that goes again, if there is one.
    var event = ""
    var error: CtlError?
  }

  /// - Parameter change: makes the change of one, and answers the event's name or nothing.
  func perform(
    _ names: [String], _ session: Session, _ change: (String) async throws(CtlError) -> String
  ) async throws {
    let progress = Progress("dead letters", around: session.around)
    let clock = ContinuousClock()
    let start = clock.now
    var outcomes: [Outcome] = []
    for (index, name) in names.enumerated() {
      try await clock.sleep(until: start.advanced(by: pace.delay(before: index)))
      outcomes.append(await outcome(name, change))
      progress.update(done: Int64(index + 1), of: Int64(names.count), count: index + 1)
      if let error = outcomes.last?.error, Self.endsAll(error) { break }
    }
    progress.finish()
    try show(outcomes, of: names.count, session.printer)
    try judge(outcomes, of: names.count)
  }

  private func outcome(_ name: String, _ change: (String) async throws(CtlError) -> String) async -> Outcome {
    do { return Outcome(name: name, event: try await change(name)) } catch {
      return Outcome(name: name, error: error)
    }
  }

  /// The next one would fare no better.
  private static func endsAll(_ error: CtlError) -> Bool {
    [.unreachable, .notAllowed, .unsupported].contains(error.code)
  }

  private func show(_ outcomes: [Outcome], of count: Int, _ printer: Printer) throws(CtlError) {
    try printer.document(.array(outcomes.map(json)), names: outcomes.filter { $0.error == nil }.map(\.name)) {
      let shown = showsEach ? outcomes : outcomes.filter { $0.error != nil }
      var lines: [String] = []
      if !shown.isEmpty { lines = printer.lines(table(shown)) }
      let done = outcomes.count { $0.error == nil }
      return showsEach ? lines : lines + [count == 0 ? "there are none" : "\(verb) \(done) of \(count)"]
    }
  }

  private func table(_ outcomes: [Outcome]) -> Table {
    let hasProblems = outcomes.contains { $0.error != nil }
    let hasEvents = outcomes.contains { !$0.event.isEmpty }
    var table = Table(columns: [.init("ID"), .init("EFFECT")])
    if hasEvents { table.columns.append(.init("EVENT")) }
    if hasProblems { table.columns.append(.init("PROBLEM")) }
    table.rows = outcomes.map { outcome in
      var cells: [Table.Cell] = [
        .init(ResourceName.id(outcome.name)), outcome.error == nil ? .init(verb, .good) : .init("failed", .bad),
      ]
      if hasEvents { cells.append(.init(outcome.event.isEmpty ? ValueText.none : ResourceName.id(outcome.event))) }
      if hasProblems { cells.append(.init(outcome.error?.message ?? "")) }
      return cells
    }
    return table
  }

  private func json(_ outcome: Outcome) -> JSONValue {
    var members: [(String, JSONValue)] = [
      ("kind", .string(ResourceKind.deadLetters.singular)), ("name", .string(outcome.name)),
      ("effect", .string(outcome.error == nil ? verb : "failed")),
    ]
    if !outcome.event.isEmpty { members.append(("event", .string(outcome.event))) }
    if let error = outcome.error { members.append(("problem", .string(error.message))) }
    return .object(members)
  }

  private func judge(_ outcomes: [Outcome], of count: Int) throws(CtlError) {
    let errors = outcomes.compactMap(\.error)
    guard let first = errors.first else { return }
    if count == 1 { throw first }
    let done = outcomes.count - errors.count
    guard done > 0 else { throw CtlError(first.code, "none of \(count) could be \(verb): \(first.message)") }
    let last = errors[errors.count - 1]
    throw CtlError(
      .partial, "\(done) of \(count) were \(verb): \(last.message)",
      hint: "say it again for the rest, once its cause is gone")
  }
}
