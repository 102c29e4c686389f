import ArgumentParser
import ControlAPI

/// `ctl event wait`
struct EventWait: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "wait", abstract: "Wait until an event is in a state; exit 7 when the time is over.",
    discussion: """
      Ends with 1 when the event settles in another state.

      Example:
        ctl event wait EVENT --for completed --within 30s
      """)

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "Id or full name.", completion: .names(of: .events)) var id: String
  @Option(name: .customLong("for"), help: "The state: completed, failed, cancelled, …") var state = "completed"
  @Option(help: "How long to wait.") var within = TimeSpan(milliseconds: 30_000)

  func perform(_ session: Session) async throws {
    let wanted: Carillon_V1_Event.State = try EnumText.value(state, "--for")
    let name = try session.name(.events, id)
    let event = try await EventWaiting.until(session, name: name, within: within) { $0 == wanted || $0.isFinal }
    guard event.state == wanted else {
      throw CtlError(
        .failed, "the event is \(EnumText.label(event.state)), and will not be \(state)",
        hint: "see why: ctl event explain \(id)")
    }
    try session.printer.one(event)
  }
}

/// Looks at an event until it is as wanted.
enum EventWaiting {
  /// Time between two looks.
  static let pollMilliseconds: Int64 = 200

  /// Nothing more happens to it.
  static func settled(
    _ session: Session, name: String, within: TimeSpan
  ) async throws -> Carillon_V1_Event {
    try await until(session, name: name, within: within) { $0.isFinal }
  }

  /// Waits for its outcome, and shows all of its steps.
  static func showOutcome(_ session: Session, name: String, within: TimeSpan) async throws {
    let event = try await settled(session, name: name, within: within)
    try await EventExplain.show(session, name: name)
    guard event.state == .completed else {
      throw CtlError(.failed, "the event is \(EnumText.label(event.state))")
    }
  }

  static func until(
    _ session: Session, name: String, within: TimeSpan, _ isReached: (Carillon_V1_Event.State) -> Bool
  ) async throws -> Carillon_V1_Event {
    let clock = ContinuousClock()
    let end = clock.now.advanced(by: within.duration)
    while true {
      let event = try await Events.get(session.client, name: name)
      if isReached(event.state) { return event }
      guard clock.now < end else {
        throw CtlError(
          .timeout, "the event is \(EnumText.label(event.state)) still",
          hint: "see why: ctl event explain \(ResourceName.id(name))")
      }
      try await clock.sleep(for: .milliseconds(pollMilliseconds))
    }
  }
}
