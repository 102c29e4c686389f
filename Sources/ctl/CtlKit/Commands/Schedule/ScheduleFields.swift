import ArgumentParser
import ControlAPI
import SwiftProtobuf

/// The fields of a schedule on the command line.
struct ScheduleFields: ParsableArguments {
  @Option(help: "What the event type asks for, as JSON, or @FILE.") var definition: String?
  @Option(help: "Local time of day such as 09:00: \"at\" in the definition.") var at: String?
  @Option(
    help: """
      path=value in the definition, such as title="Stand-up" or templates.text=Hello; repeatable. The value is a text \
      unless it is JSON.
      """)
  var set: [PairArgument] = []
  @Option(help: "Queue (default: the event type's).") var queue: String?
  @Option(help: "IANA time zone (default: the user's).") var zone: String?
  @Option(help: "Local times that the zone skips: shift-forward, before or skip.") var gap: String?
  @Option(help: "Local times that the zone has twice: first, second or both.") var fold: String?
  @Option(help: "Occurrences missed while nothing ran: all, latest, skip or merge.") var catchUp: String?
  @Option(help: "How late a missed occurrence may be, such as 24h.") var catchUpWindow: TimeSpan?
  @Flag(inversion: .prefixedNo, help: "Plan nothing.") var paused: Bool?

  /// Whether single members of the definition are set, so that the others must be known.
  var setsMembers: Bool { definition == nil && !(set.isEmpty && at == nil) }

  /// Sets what was given. `--definition` replaces it as a whole; `--set` and `--at` set members of what `schedule` has.
  func apply(to schedule: inout Carillon_V1_Schedule, _ session: Session) throws(CtlError) -> FieldPaths {
    var fields = FieldPaths()
    let pairs = set + [at].compactMap { $0 }.map { PairArgument(name: "at", value: JSONValue.string($0).compact) }
    if definition != nil || !pairs.isEmpty {
      let value = try ObjectArgument.read(definition, pairs, field: "--definition", base: schedule.definition)
      try fields.set("definition", value) { schedule.definition = $0 }
    }
    try fields.set("queue", queue) { name throws(CtlError) in
      schedule.queue = try ResourceKind.queues.optionalName(name, namespace: session.namespace)
    }
    try fields.set("time_zone", zone) { schedule.timeZone = $0 }
    try fields.set("gap", gap) { text throws(CtlError) in schedule.gap = try EnumText.value(text, "--gap") }
    try fields.set("fold", fold) { text throws(CtlError) in schedule.fold = try EnumText.value(text, "--fold") }
    try fields.set("catch_up", catchUp) { text throws(CtlError) in
      schedule.catchUp.mode = try EnumText.value(text, "--catch-up")
    }
    try fields.set("catch_up", catchUpWindow) { schedule.catchUp.window = .init($0) }
    try fields.set("state", paused) { schedule.state = $0 ? .paused : .active }
    return fields
  }
}
