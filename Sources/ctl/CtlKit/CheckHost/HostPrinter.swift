/// Writes what a check of an agent finds.
struct HostPrinter: Sendable {
  /// The agent as it stood on the command line; nil: the usual one.
  let agent: String?
  let seed: UInt64
  let sink: any TextSink

  /// The cases there are, with what each is about.
  static func list(_ sink: any TextSink, isJSON: Bool) {
    if isJSON {
      let cases = HostCase.all.map { one in
        JSONValue.object([
          ("name", .string(one.name)), ("attack", .string(one.attack)), ("duty", .string(one.duty)),
          ("places", .array(one.places.map { .string($0.rawValue) })),
        ])
      }
      sink.line(JSONValue.array(cases).pretty)
    } else {
      let width = HostCase.all.map(\.name.count).max() ?? 0
      for one in HostCase.all {
        sink.line(one.name + String(repeating: " ", count: width - one.name.count) + "  " + one.attack)
      }
    }
    sink.flush()
  }

  /// One trial: a line, and below it what is wrong and how to have it again.
  func write(_ verdict: HostVerdict) {
    let test = verdict.trial.test
    let indent = String(repeating: " ", count: 9)
    if verdict.isClean {
      sink.line("ok       \(verdict.trial.name)")
    } else {
      sink.line("FAILED   \(verdict.trial.name)  \(Printable.escaped(verdict.faults[0]))")
      for fault in verdict.faults.dropFirst() { sink.line(indent + Printable.escaped(fault)) }
      sink.line("\(indent)attack: the plugin \(test.attack)")
      sink.line("\(indent)must:   \(test.duty)")
      sink.line("\(indent)again:  \(again(verdict.trial))")
    }
    if !verdict.folder.isEmpty { sink.line("\(indent)kept:   \(verdict.folder)") }
    sink.flush()
  }

  /// The last line: it counts.
  func summarize(_ verdicts: [HostVerdict]) {
    let failed = verdicts.count { !$0.isClean }
    let cases = Set(verdicts.map(\.trial.test.name)).count
    sink.line(
      "\(verdicts.count) trials of \(cases) case\(cases == 1 ? "" : "s"): \(verdicts.count - failed) ok, \(failed) failed"
    )
    sink.flush()
  }

  /// All of it as one JSON document.
  func json(_ verdicts: [HostVerdict]) {
    let trials = verdicts.map { verdict in
      JSONValue.object([
        ("name", .string(verdict.trial.test.name)), ("isolation", .string(verdict.trial.place.rawValue)),
        ("status", .string(verdict.isClean ? "ok" : "failed")),
        ("faults", .array(verdict.faults.map(JSONValue.string))),
        ("attack", .string(verdict.trial.test.attack)), ("duty", .string(verdict.trial.test.duty)),
        ("milliseconds", .integer(verdict.milliseconds)), ("folder", .string(verdict.folder)),
      ])
    }
    // As text: a seed has 64 bits, and a JSON number often 53.
    sink.line(
      JSONValue.object([
        ("seed", .string("\(seed)")), ("clean", .bool(verdicts.allSatisfy(\.isClean))), ("trials", .array(trials)),
      ]).pretty)
    sink.flush()
  }

  private func again(_ trial: HostTrial) -> String {
    let agent = agent.map { " --agent '\($0.replacing("'", with: "'\\''"))'" } ?? ""
    return
      "ctl plugin check-host\(agent) --seed \(seed) --case \(trial.test.name) --isolation \(trial.place.rawValue) --keep"
  }
}
