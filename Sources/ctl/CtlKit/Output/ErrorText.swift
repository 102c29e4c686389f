/// How an error is told: what happened, which field, what to do next.
enum ErrorText {
  static func plain(_ error: CtlError, paint: Paint = .off) -> String {
    let place = error.agent.map { "\(Printable.escaped($0)): " } ?? ""
    var lines = [paint("error:", .bad) + " " + place + Printable.escaped(error.message)]
    for violation in error.untoldViolations {
      lines.append("  \(Printable.escaped(violation.field)): \(Printable.escaped(violation.reason))")
    }
    if let hint = error.hint { lines.append("  " + paint("next:", .heading) + " " + Printable.escaped(hint)) }
    return lines.joined(separator: "\n")
  }

  static func json(_ error: CtlError) -> String {
    var fields: [(String, JSONValue)] = [
      ("code", .string(error.code.rawValue)), ("exitStatus", .integer(Int64(error.code.exitStatus.rawValue))),
      ("message", .string(error.message)),
    ]
    if let agent = error.agent { fields.append(("agent", .string(agent))) }
    if let reason = error.reason { fields.append(("reason", .string(reason))) }
    if !error.violations.isEmpty {
      fields.append(
        (
          "fieldViolations",
          .array(
            error.violations.map { .object([("field", .string($0.field)), ("description", .string($0.reason))]) })
        ))
    }
    if let hint = error.hint { fields.append(("next", .string(hint))) }
    return JSONValue.object([("error", .object(fields))]).compact
  }

  static func text(_ error: CtlError, format: OutputFormat, paint: Paint) -> String {
    format.isForPrograms ? json(error) : plain(error, paint: paint)
  }
}
