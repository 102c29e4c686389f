import ArgumentParser
import ControlAPI

/// `ctl sink test`
struct SinkTest: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "test", abstract: "Send a test event to a sink, and show what became of it.",
    discussion: """
      It is marked: "[Test] " stands before its title, and machines are told too. No subscription is asked.

      Examples:
        ctl sink test partner
        ctl sink test mail --user ada --text "Is this you?"
      """)

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "Id or full name of the sink.") var id: String
  @Option(help: "Whose address it goes to, where the sink sends to each user's own.") var user: String?
  @Option(help: "What it says.") var text = ""
  @Flag(help: "Do not wait for the outcome.") var noWait = false
  @Option(help: "How long to wait.") var within = TimeSpan(milliseconds: 30_000)

  func perform(_ session: Session) async throws {
    var request = Carillon_V1_TestSinkRequest()
    request.name = try session.name(.sinks, id)
    request.user = try ResourceKind.users.optionalName(user, namespace: session.namespace)
    request.text = text
    let complete = request
    let event = try await session.client.call { try await session.client.sinks.testSink(complete, options: $0) }
    guard !noWait else { return try session.printer.one(event) }
    try await EventWaiting.showOutcome(session, name: event.name, within: within)
  }
}
