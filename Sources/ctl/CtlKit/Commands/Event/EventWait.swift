import ArgumentParser
import ControlAPI

/// `ctl event wait`
struct EventWait: CtlCommand {
  /// Time between two looks.
  static let pollMilliseconds: Int64 = 200

  static let configuration = CommandConfiguration(
    commandName: "wait", abstract: "Wait until an event is in a state; exit 7 when the time is over.",
    discussion: """
      Ends with 1 when the event settles in another state.

      Example:
        ctl event wait EVENT --for completed --within 30s
      """)

  @OptionGroup var global: GlobalOptions
  @Argument(help: "Id or full name.") var id: String
  @Option(name: .customLong("for"), help: "The state: completed, failed, cancelled, …") var state = "completed"
  @Option(help: "How long to wait.") var within = TimeSpan(milliseconds: 30_000)

  func perform(_ session: Session) async throws {
    let wanted: Carillon_V1_Event.State = try EnumText.value(state, "--for")
    let name = try session.name(.events, id)
    let clock = ContinuousClock()
    let end = clock.now.advanced(by: within.duration)
    while true {
      let event = try await Events.get(session.client, name: name)
      if event.state == wanted { return try session.printer.one(event) }
      let current = EnumText.label(event.state)
      if event.state.isFinal {
        throw CtlError(
          .failed, "the event is \(current), and will not be \(state)", hint: "see why: ctl event explain \(id)")
      }
      guard clock.now < end else {
        throw CtlError(.timeout, "the event is \(current) still", hint: "see why: ctl event explain \(id)")
      }
      try await clock.sleep(for: .milliseconds(Self.pollMilliseconds))
    }
  }
}
