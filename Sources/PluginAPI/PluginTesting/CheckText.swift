import PluginHost

/// A report for people and for programs.
public enum CheckText {
  /// Widest name of a case.
  private static let width = CheckCase.all.map(\.name.count).max() ?? 0

  /// One case: a line, and below it what is wrong and what to do about it.
  /// - Parameter again: the command line that runs this case alone, in the foreground.
  public static func lines(_ result: CaseResult, again: String) -> [String] {
    let name = result.name + String(repeating: " ", count: max(0, width - result.name.count))
    let indent = String(repeating: " ", count: 9)
    let notes = result.warnings.map { "\(indent)warning: \($0)" }
    switch result.status {
    case .ok: return ["ok       \(name)"] + notes
    case .skipped: return ["skipped  \(name)  \(result.reason)"] + notes
    case .failed:
      let first = result.faults.first ?? ""
      var lines = ["FAILED   \(name)  \(first)"] + result.faults.dropFirst().map { "\(indent)\($0)" }
      if let one = CheckCase.named(result.name) {
        lines += ["\(indent)rule:  \(one.sentence) (\(one.rule))", "\(indent)do:    \(one.advice)"]
      }
      lines += (result.notes + ["again: \(again)"]).map { indent + $0 }
      return lines + notes
    }
  }

  /// The last line: it counts.
  public static func summary(_ report: CheckReport) -> String {
    let warnings = report.results.reduce(0) { $0 + $1.warnings.count }
    let parts = [
      "\(report.count(.ok)) ok", "\(report.count(.failed)) failed", "\(report.count(.skipped)) skipped",
      "\(warnings) warning\(warnings == 1 ? "" : "s")",
    ]
    let missing =
      report.missing > 0
      ? "; NOT ALL WAS TRIED: \(report.missing) case\(report.missing == 1 ? "" : "s") could not be, see above" : ""
    return "\(report.results.count) cases: \(parts.joined(separator: ", "))\(missing)"
  }

  /// All of it as one JSON document, in a stable order.
  public static func json(_ report: CheckReport) -> String {
    let cases = report.results.map { result -> JSONValue in
      let one = CheckCase.named(result.name)
      return object([
        ("name", .string(result.name)), ("status", .string(result.status.rawValue)),
        ("faults", .array(result.faults.map(JSONValue.string))),
        ("warnings", .array(result.warnings.map(JSONValue.string))),
        ("notes", .array(result.notes.map(JSONValue.string))), ("reason", .string(result.reason)),
        ("rule", .string(one?.rule ?? "")), ("advice", .string(one?.advice ?? "")),
        ("milliseconds", .integer(result.milliseconds)),
      ])
    }
    let counts = [CaseResult.Status.ok, .failed, .skipped].map {
      ($0.rawValue, JSONValue.integer(Int64(report.count($0))))
    }
    return CheckingParts.text(
      object([
        // As text: a seed has 64 bits, and a JSON number often 53.
        ("file", .string(report.file)), ("plugin", .string(report.plugin)), ("seed", .string("\(report.seed)")),
        ("clean", .bool(report.isClean)), ("complete", .bool(report.missing == 0)), ("counts", object(counts)),
        ("cases", .array(cases)),
      ]))
  }

  private static func object(_ members: [(String, JSONValue)]) -> JSONValue {
    var object = JSONObject()
    for (name, value) in members { _ = object.add(name, value) }
    return .object(object)
  }
}
