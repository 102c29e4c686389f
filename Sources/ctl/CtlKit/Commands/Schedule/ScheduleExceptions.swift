import ArgumentParser
import ControlAPI
import SwiftProtobuf

/// Which occurrence of a schedule is meant.
struct OccurrenceChoice: ParsableArguments {
  /// Coming ones that are named when none was chosen.
  static let suggestions: Int32 = 5

  @Option(help: "Key of the occurrence; ctl schedule upcoming ID -o wide shows them.") var occurrence: String?
  @Flag(help: "The next one.") var next = false

  func validate() throws {
    if occurrence != nil, next { throw ValidationError("--occurrence and --next exclude each other") }
  }

  /// Its key; when none was chosen, an error that names the coming ones.
  func key(_ session: Session, _ name: String) async throws(CtlError) -> String {
    if let occurrence { return occurrence }
    let coming = try await Upcoming.ask(session, of: name, limit: next ? 1 : Self.suggestions)
    let id = ResourceName.id(name)
    guard let first = coming.first else {
      throw CtlError(.conflict, "nothing is coming of schedule \(id)", hint: "see what it is: ctl schedule get \(id)")
    }
    if next { return first.occurrenceKey }
    throw CtlError(
      .invalidArgument, "which occurrence of \(id)?",
      violations: coming.map {
        .init(field: "--occurrence \($0.occurrenceKey)", reason: "\(LocalTime.friendly($0.localTime)) \($0.timeZone)")
      }, hint: "choose one of these, or --next for the first")
  }
}

struct ScheduleSkip: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "skip", abstract: "Do not send one occurrence; the series goes on.",
    discussion: """
      Without an occurrence it names the coming ones.

      Examples:
        ctl schedule skip ada-birthday --next --reason "not this year"
        ctl schedule skip standup --occurrence 2026-12-24T09:30
      """)

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "Id or full name of the schedule.") var id: String
  @OptionGroup var choice: OccurrenceChoice
  @Option(help: "Why, for people; at most 500 bytes.") var reason = ""
  @Flag(help: "Only check it.") var dryRun = false

  func perform(_ session: Session) async throws {
    let name = try session.name(.schedules, id)
    let request = Carillon_V1_SkipOccurrenceRequest.with {
      $0.name = name
      $0.reason = reason
      $0.validateOnly = dryRun
    }
    var complete = request
    complete.occurrenceKey = try await choice.key(session, name)
    let chosen = complete
    let schedule = try await session.client.call {
      try await session.client.schedules.skipOccurrence(chosen, options: $0)
    }
    let said = "occurrence \(chosen.occurrenceKey) \(dryRun ? "would be" : "is") skipped"
    try OccurrenceReport(schedule: schedule, key: chosen.occurrenceKey, said: said, canRestore: !dryRun)
      .show(session.printer)
  }
}

struct ScheduleMove: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "move", abstract: "Have one occurrence at another local time, once.",
    discussion: """
      The time is local, in the schedule's zone. Without an occurrence it names the coming ones.

      Example:
        ctl schedule move standup --occurrence 2026-12-24T09:30 --to 2026-12-24T10:00
      """)

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "Id or full name of the schedule.") var id: String
  @OptionGroup var choice: OccurrenceChoice
  @Option(help: "Local time without an offset, such as 2026-12-24T10:00.") var to: LocalTime
  @Option(help: "Why, for people; at most 500 bytes.") var reason = ""
  @Flag(help: "Only check it.") var dryRun = false

  func perform(_ session: Session) async throws {
    let name = try session.name(.schedules, id)
    var request = Carillon_V1_MoveOccurrenceRequest()
    request.name = name
    request.occurrenceKey = try await choice.key(session, name)
    request.localTime = to.iso
    request.reason = reason
    request.validateOnly = dryRun
    let complete = request
    let schedule = try await session.client.call {
      try await session.client.schedules.moveOccurrence(complete, options: $0)
    }
    let said = "occurrence \(complete.occurrenceKey) \(dryRun ? "would be" : "is") moved to \(to.friendly)"
    try OccurrenceReport(schedule: schedule, key: complete.occurrenceKey, said: said, canRestore: !dryRun)
      .show(session.printer)
  }
}

struct ScheduleRestore: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore", abstract: "Take back a skip or a move.",
    discussion: "Example:\n  ctl schedule restore standup --occurrence 2026-12-24T09:30")

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "Id or full name of the schedule.") var id: String
  @Option(help: "Key of the occurrence; without it, those that can be restored are named.") var occurrence: String?

  func perform(_ session: Session) async throws {
    let name = try session.name(.schedules, id)
    guard let occurrence else { throw try await missing(name, session) }
    let request = Carillon_V1_RestoreOccurrenceRequest.with {
      $0.name = name
      $0.occurrenceKey = occurrence
    }
    let schedule = try await session.client.call {
      try await session.client.schedules.restoreOccurrence(request, options: $0)
    }
    try OccurrenceReport(
      schedule: schedule, key: occurrence, said: "occurrence \(occurrence) is as it was", canRestore: false
    ).show(session.printer)
  }

  private func missing(_ name: String, _ session: Session) async throws(CtlError) -> CtlError {
    let schedule = try await Schedules.get(session.client, name: name)
    let id = ResourceName.id(name)
    guard !schedule.exceptions.isEmpty else { return CtlError(.conflict, "nothing of \(id) is skipped or moved") }
    return CtlError(
      .invalidArgument, "which occurrence of \(id)?",
      violations: schedule.exceptions.map { .init(field: "--occurrence \($0.occurrenceKey)", reason: $0.summary) },
      hint: "choose one of these")
  }
}

/// What became of an occurrence: a sentence for people, the schedule for programs.
struct OccurrenceReport {
  var schedule: Carillon_V1_Schedule
  var key: String
  var said: String
  var canRestore: Bool

  func show(_ printer: Printer) throws(CtlError) {
    let id = ResourceName.id(schedule.name)
    try printer.document(try Printer.json(schedule), names: [schedule.name]) {
      let lines = [Printable.escaped("schedule \(id): \(said)")]
      return canRestore
        ? lines + [printer.paint("take it back: ctl schedule restore \(id) --occurrence \(key)", .faint)] : lines
    }
  }
}

extension LocalTime: ExpressibleByArgument {
  init?(argument: String) { self.init(argument) }
}
