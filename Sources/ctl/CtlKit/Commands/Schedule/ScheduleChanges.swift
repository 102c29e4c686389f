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

struct ScheduleCreate: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "create", abstract: "Create a schedule: for a person, or for everyone (a broadcast) without --user.",
    discussion: """
      What a definition may hold is the event type's to say. Values of --set are texts unless they are JSON: numbers, \
      true, false, lists and objects are taken as such; \"true\" in quotes is a text.

      Examples:
        ctl schedule create ada-birthday --event-type birthday --user ada --at 09:00 --set lead_days=7
        ctl schedule create standup --event-type reminder --zone Europe/Paris --set title="Stand-up" \\
          --set repeat="FREQ=WEEKLY;BYDAY=MO,TU" --set start=2026-11-23T09:30
      """)

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "The new schedule's id.") var id: String
  @Option(name: [.customLong("event-type"), .customLong("type")], help: "Event type such as birthday.")
  var type: String
  @Option(help: "For whom (default: a broadcast).") var user: String?
  @OptionGroup var fields: ScheduleFields
  @Flag(help: "Only check it.") var dryRun = false
  @OptionGroup var retry: RequestKey

  func perform(_ session: Session) async throws {
    var schedule = Carillon_V1_Schedule()
    schedule.eventType = type
    schedule.user = try ResourceKind.users.optionalName(user, namespace: session.namespace)
    _ = try fields.apply(to: &schedule, session)
    let complete = schedule
    let request = Carillon_V1_CreateScheduleRequest.with {
      $0.parent = session.parent(.schedules)
      $0.scheduleID = id
      $0.schedule = complete
      $0.validateOnly = dryRun
      $0.requestID = retry.requestId
    }
    let answer = try await session.client.call {
      try await session.client.schedules.createSchedule(request, options: $0)
    }
    try session.printer.one(answer)
  }
}

struct ScheduleUpdate: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "update", abstract: "Change a schedule. What pends is planned anew; what was sent is not sent again.",
    discussion: """
      --at and --set change members of the definition and keep the others; --definition replaces it as a whole.

      Example:
        ctl schedule update ada-birthday --at 08:30
      """)

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "Id or full name.", completion: .names(of: .schedules)) var id: String
  @OptionGroup var fields: ScheduleFields
  @Option(help: "Change it only if it still has this etag.") var etag = ""
  @Flag(help: "Only check it.") var dryRun = false

  func perform(_ session: Session) async throws {
    var schedule = Carillon_V1_Schedule()
    schedule.name = try session.name(.schedules, id)
    schedule.etag = etag
    if fields.setsMembers {
      let current = try await Schedules.get(session.client, name: schedule.name)
      schedule.definition = current.definition
      // Whoever changed the definition meanwhile is not overwritten.
      if etag.isEmpty { schedule.etag = current.etag }
    }
    let mask = try fields.apply(to: &schedule, session).mask()
    try session.printer.one(try await Schedules.update(session, schedule, mask, dryRun: dryRun))
  }
}

struct SchedulePause: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "pause", abstract: "Plan nothing more of a schedule.",
    discussion: "Example:\n  ctl schedule pause ada-birthday")

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "Id or full name.", completion: .names(of: .schedules)) var id: String

  func perform(_ session: Session) async throws { try await change(session, id, .paused) }
}

struct ScheduleResume: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Plan a paused schedule again.",
    discussion: "Example:\n  ctl schedule resume ada-birthday")

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "Id or full name.", completion: .names(of: .schedules)) var id: String

  func perform(_ session: Session) async throws { try await change(session, id, .active) }
}

private func change(_ session: Session, _ id: String, _ state: Carillon_V1_Schedule.State) async throws(CtlError) {
  var schedule = Carillon_V1_Schedule()
  schedule.name = try session.name(.schedules, id)
  schedule.state = state
  try session.printer.one(try await Schedules.update(session, schedule, .with { $0.paths = ["state"] }))
}
