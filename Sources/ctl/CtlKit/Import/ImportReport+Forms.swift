import ControlAPI

extension ImportReport {
  func print(_ note: ImportNote, _ state: inout State) throws(CtlError) {
    let isBad = note.kind == .itemRefused
    try print(isProblem: true, &state) {
      printer.paint(Printable.escaped(note.description), isBad ? .bad : .warning)
    } value: {
      var members: [(String, JSONValue)] = [
        ("line", .integer(Int64(note.line))), ("effect", .string(note.kind.rawValue)),
      ]
      if let property = note.property { members.append(("property", .string(property))) }
      members.append(("reason", .string(note.reason)))
      return .object(members)
    }
  }

  func print(
    _ answer: Carillon_V1_ImportResult, _ effect: ChangeEffect, line: Int64, label: String, names: [String],
    _ state: inout State
  ) throws(CtlError) {
    if printer.format == .name, effect != .failed { names.forEach(printer.sink.line) }
    try print(isProblem: effect == .failed, &state) {
      text(answer, effect, line: line, label: label)
    } value: {
      var members: [(String, JSONValue)] = [
        ("line", .integer(line)), ("effect", .string(effect.rawValue)), ("name", .string(names.first ?? "")),
        ("displayName", .string(label)),
      ]
      if names.count > 1 { members.append(("names", .array(names.map(JSONValue.string)))) }
      let faults = answer.violations.map {
        JSONValue.object([("field", .string($0.field)), ("description", .string($0.description_p))])
      }
      if !faults.isEmpty { members.append(("violations", .array(faults))) }
      return .object(members)
    }
  }

  private func text(
    _ answer: Carillon_V1_ImportResult, _ effect: ChangeEffect, line: Int64, label: String
  ) -> String {
    let reasons = answer.violations.map { "\($0.field): \($0.description_p)" }.joined(separator: "; ")
    let words = isDryRun && effect != .failed ? "would be \(effect.rawValue)" : effect.rawValue
    let told = printer.paint(words, effect == .failed ? .bad : effect == .unchanged ? .faint : .good)
    return "line \(line): \(Printable.escaped(label)): \(told)"
      + (reasons.isEmpty ? "" : ": \(Printable.escaped(reasons))")
  }

  /// Only the form that is asked for is made.
  private func print(
    isProblem: Bool, _ state: inout State, line: () -> String, value: () -> JSONValue
  ) throws(CtlError) {
    switch printer.format {
    case .table, .wide:
      guard (isProblem ? state.shownProblems : state.shownTaken) < Self.maxShown else {
        state.hidden += 1
        return
      }
      if isProblem { state.shownProblems += 1 } else { state.shownTaken += 1 }
      printer.sink.line(line())
    case .name: return
    case .json: printer.sink.write((state.printed == 0 ? "{\"results\":[\n" : ",\n") + value().compact)
    case .jsonl: printer.sink.line(value().compact)
    case .yaml:
      if state.printed > 0 { printer.sink.line("---") }
      printer.sink.write(try YAMLText.document(value()))
    }
    state.printed += 1
  }

  func printSums(_ state: State) throws(CtlError) {
    let sums = json(state.summary)
    switch printer.format {
    case .table, .wide:
      if state.hidden > 0 { printer.sink.line("and \(state.hidden) lines more; --output jsonl tells all of them") }
      printer.sink.line(text(state.summary))
    case .name: break
    case .json:
      printer.sink.line((state.printed == 0 ? "{\"results\":[" : "\n") + "],\"summary\":\(sums.compact)}")
    case .jsonl: printer.sink.line(JSONValue.object([("summary", sums)]).compact)
    case .yaml:
      if state.printed > 0 { printer.sink.line("---") }
      printer.sink.write(try YAMLText.document(.object([("summary", sums)])))
    }
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

extension OutputFormat {
  /// Whether it is read by people, who are told no more than they can read.
  var isForPeople: Bool { self == .table || self == .wide }
}
