import PluginTesting

/// Writes what a check finds.
struct CheckPrinter: Sendable {
  let options: CheckOptions
  let isJSON: Bool
  /// Documents as they stood on the command line.
  let repeated: [(option: String, value: String)]
  let sink: any TextSink

  /// The cases there are, with what each is about.
  static func list(_ sink: any TextSink, isJSON: Bool) {
    if isJSON {
      let cases = CheckCase.all.map { one in
        JSONValue.object([
          ("name", .string(one.name)), ("kind", .string(one.kind.rawValue)), ("sentence", .string(one.sentence)),
          ("rule", .string(one.rule)), ("advice", .string(one.advice)),
        ])
      }
      sink.line(JSONValue.array(cases).pretty)
    } else {
      let width = CheckCase.all.map(\.name.count).max() ?? 0
      for one in CheckCase.all {
        sink.line(one.name + String(repeating: " ", count: width - one.name.count) + "  " + one.sentence)
      }
    }
    sink.flush()
  }

  /// Runs the check; answers the cases that failed.
  func run() -> [String] {
    let report = CheckRun(options).run()
    let failed = report.results.filter { $0.status == .failed }.map(\.name)
    if isJSON {
      sink.line(CheckText.json(report))
      return failed
    }
    let plugin = report.plugin.isEmpty ? "" : " (\(Printable.escaped(report.plugin)))"
    sink.line("\(Printable.escaped(report.file))\(plugin), seed \(report.seed)")
    for result in report.results { write(result) }
    sink.line(CheckText.summary(report))
    return failed
  }

  /// Runs one case in this process; answers its name if it failed.
  func foreground(_ name: String) throws(CtlError) -> [String] {
    guard let result = CheckRun.inForeground(name, options) else { throw .invalid("--case", "there is no such case") }
    write(result)
    return result.status == .failed ? [name] : []
  }

  private func write(_ result: CaseResult) {
    for line in CheckText.lines(result, again: again(result.name)) { sink.line(Printable.escaped(line)) }
  }

  /// The command line that runs one case again, where a debugger can be put before it.
  private func again(_ name: String) -> String {
    let documents = repeated.flatMap { [$0.option, Self.quoted($0.value)] }
    return
      (["ctl plugin check", Self.quoted(options.file), "--seed \(options.seed)", "--case \(name)"] + documents
      + ["--foreground"]).joined(separator: " ")
  }

  /// As a shell takes it.
  private static func quoted(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { byte in
      Byte.isLetter(byte) || Byte.isDigit(byte) || "/._-+:@".utf8.contains(byte)
    }
    return isPlain && !text.isEmpty ? text : "'" + text.replacing("'", with: "'\\''") + "'"
  }
}
