import ArgumentParser
import ControlAPI
import GRPCCore
import SwiftProtobuf

struct DeadLetterReplay: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay", abstract: "Send dead letters again: the same message with the same id, to the same sink.",
    discussion: """
      Asks first when there is more than one. What fails again becomes a dead letter again. All at once needs the role
      admin.

      Examples:
        ctl dead-letter replay 42
        ctl dead-letter replay --all --sink partner --since 24h --rate 50/s
      """)

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @OptionGroup var selection: DeadLetterSelection
  @Option(help: "So many at most, such as 50/s or 600/m; up to 1000/s.") var rate = PaceArgument.standard
  @OptionGroup var confirmation: Confirmation

  func perform(_ session: Session) async throws {
    if selection.all { return try await replayAll(session) }
    let names = try await selection.names(session)
    if names.count > 1 {
      try confirmation.ask("Send \(names.count) dead letters again, at \(rate.text)?", session.around)
    }
    let run = DeadLetterRun(verb: "replayed", pace: rate, showsEach: true)
    try await run.perform(names, session) { name throws(CtlError) in
      try await session.client.call {
        try await session.client.deadLetters.replayDeadLetter(.with { $0.name = name }, options: $0)
      }.name
    }
  }

  /// The agent does it, at the rate; it ends with the connection.
  private func replayAll(_ session: Session) async throws {
    let count = try await selection.names(session).count
    let chosen = try selection.filter.request(session)
    if count > 1 { try confirmation.ask("Send \(count) dead letters again, at \(rate.text)?", session.around) }
    let request = Carillon_V1_ReplayDeadLettersRequest.with {
      $0.parent = chosen.parent
      $0.sink = chosen.sink
      $0.code = chosen.code
      $0.user = chosen.user
      if chosen.hasDiedFrom { $0.diedFrom = chosen.diedFrom }
      // What dies while it runs is none of its business: else what fails again would go again, and again.
      $0.diedBefore = .init(milliseconds: session.around.now() + 1)
      $0.ratePerSecond = rate.perSecond
    }
    try await BulkRun(verb: "replayed", noun: "dead letters", total: Int64(count)).perform(session) { follow in
      try await session.client.deadLetters.replayDeadLetters(
        request, options: session.client.streamOptions, onResponse: follow)
    }
  }
}
