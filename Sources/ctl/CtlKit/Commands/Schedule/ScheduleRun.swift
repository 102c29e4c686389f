import ArgumentParser
import ControlAPI

/// `ctl schedule run`: send it now.
struct ScheduleRun: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Send now what a schedule would say: as a test, or as an extra event.",
    discussion: """
      The series is untouched: this is an event of its own. A test is marked wherever it goes: "[Test] " stands before \
      its title. Without --test it is a real event, and asks first.

      Examples:
        ctl schedule run ada-birthday --test --sink local --wait
        ctl schedule run standup --yes
      """)

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "Id or full name of the schedule.") var id: String
  @Flag(help: "Mark it as a test.") var test = false
  @Option(help: "Only to this sink (default: to all that are subscribed).") var sink: String?
  @Option(help: "Key of the occurrence whose words are sent (default: the next one's).") var occurrence = ""
  @Flag(help: "Wait for the outcome, and show it.") var wait = false
  @Option(help: "How long to wait.") var within = TimeSpan(milliseconds: 30_000)
  @Option(help: "Your key: the same key makes the same event, however often it is sent.") var requestID: String?
  @OptionGroup var confirmation: Confirmation

  func perform(_ session: Session) async throws {
    var request = Carillon_V1_RunScheduleRequest()
    request.name = try session.name(.schedules, id)
    request.occurrenceKey = occurrence
    request.test = test
    request.sink = try ResourceKind.sinks.optionalName(sink, namespace: session.namespace)
    request.requestID = requestID ?? RandomKey.make()
    if !test {
      try confirmation.ask(
        "This sends a real event of \(ResourceName.id(request.name)), besides its series. Send it?", session.around)
    }
    let complete = request
    let event = try await session.client.call {
      try await session.client.schedules.runSchedule(complete, options: $0)
    }
    guard wait else { return try session.printer.one(event) }
    try await EventWaiting.showOutcome(session, name: event.name, within: within)
  }
}
