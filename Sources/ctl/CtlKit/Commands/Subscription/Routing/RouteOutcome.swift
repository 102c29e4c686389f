import EventModel

/// Where an event would go, and what every subscription says to it.
struct RouteOutcome: Sendable {
  var event: TestedEvent
  var person: TestedPerson?
  var verdicts: [RouteVerdict]
  var targets: [RouteTarget]

  var reached: [String] { targets.filter(\.isReached).map(\.sink).sorted() }

  func show(_ printer: Printer, expected: Set<String>?) throws(CtlError) {
    try printer.document(json(expected), names: reached) {
      var table = Table(columns: [.init("SUBSCRIPTION"), .init("SINK"), .init("MATCHES"), .init("WHY")])
      table.rows = verdicts.map { verdict in
        [
          .init(verdict.subscription.id), .init(verdict.subscription.sink),
          verdict.refusal == nil ? .init("yes", .good) : .init("no", .faint), .init(why(verdict)),
        ]
      }
      return (verdicts.isEmpty ? ["there are no subscriptions"] : printer.lines(table)) + [""] + sinks(printer)
    }
  }

  private func why(_ verdict: RouteVerdict) -> String {
    if let refusal = verdict.refusal { return "\(refusal.part.rawValue): \(refusal.detail)" }
    let first = targets.first { $0.sink == verdict.subscription.sink }?.subscription
    return first == verdict.subscription.id ? "" : "\(first ?? "") comes first and decides how"
  }

  private func sinks(_ printer: Printer) -> [String] {
    guard !targets.isEmpty else { return ["It goes to no sink."] }
    var table = Table(columns: [.init("GOES TO"), .init("HOW"), .init("BY"), .init("DETAIL")])
    table.rows = targets.map { target in
      let style: Style = target.delivery == .sent ? .good : target.delivery == .skipped ? .bad : .warning
      return [
        .init(target.sink), .init(target.delivery.rawValue, style), .init(target.subscription), .init(target.detail),
      ]
    }
    return printer.lines(table)
  }

  private func json(_ expected: Set<String>?) -> JSONValue {
    var members: [(String, JSONValue)] = [
      ("event", event.json(person)), ("subscriptions", .array(verdicts.map(json))),
      ("sinks", .array(targets.map(json))),
    ]
    if let expected {
      members.append(("missing", .array(expected.subtracting(reached).sorted().map(JSONValue.string))))
      members.append(("unexpected", .array(Set(reached).subtracting(expected).sorted().map(JSONValue.string))))
    }
    return .object(members)
  }

  private func json(_ verdict: RouteVerdict) -> JSONValue {
    var members: [(String, JSONValue)] = [
      ("subscription", .string(verdict.subscription.id)), ("sink", .string(verdict.subscription.sink)),
      ("matches", .bool(verdict.refusal == nil)),
    ]
    if let refusal = verdict.refusal {
      members += [("part", .string(refusal.part.rawValue)), ("detail", .string(refusal.detail))]
    }
    return .object(members)
  }

  private func json(_ target: RouteTarget) -> JSONValue {
    var members: [(String, JSONValue)] = [
      ("sink", .string(target.sink)), ("delivery", .string(target.delivery.rawValue)),
      ("subscription", .string(target.subscription)),
    ]
    if !target.detail.isEmpty { members.append(("detail", .string(target.detail))) }
    return .object(members)
  }
}

extension RouteOutcome {
  /// - Throws: exit 1 when the event is not sent to these sinks exactly.
  func judge(_ expected: Set<String>) throws(CtlError) {
    let missing = expected.subtracting(reached).sorted().map { sink in
      CtlError.Violation(field: sink, reason: "expected, but \(absence(of: sink))")
    }
    let unexpected = Set(reached).subtracting(expected).sorted().map { sink in
      let by = targets.first { $0.sink == sink }?.subscription ?? ""
      return CtlError.Violation(field: sink, reason: "not expected, but subscription \(by) sends it there")
    }
    guard !missing.isEmpty || !unexpected.isEmpty else { return }
    throw CtlError(
      .failed, "it goes to \(Self.list(reached)), expected was \(Self.list(expected.sorted()))",
      violations: missing + unexpected)
  }

  private static func list(_ sinks: [String]) -> String { sinks.isEmpty ? "no sink" : sinks.joined(separator: ", ") }

  private func absence(of sink: String) -> String {
    if let target = targets.first(where: { $0.sink == sink }) { return "it is skipped: \(target.detail)" }
    let refusals = verdicts.filter { $0.subscription.sink == sink }.compactMap { verdict in
      verdict.refusal.map { "\(verdict.subscription.id) (\($0.part.rawValue): \($0.detail))" }
    }
    guard !refusals.isEmpty else { return "no subscription names it" }
    return "no subscription matches: \(refusals.joined(separator: ", "))"
  }
}
