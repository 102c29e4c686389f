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
