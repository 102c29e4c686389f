import ArgumentParser
import ControlAPI
import SwiftProtobuf

struct DeadLetterDiscard: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "discard", abstract: "Remove dead letters for good, unsent.",
    discussion: """
      Asks first when there is more than one.

      Examples:
        ctl dead-letter discard 42 --reason "the endpoint is gone"
        ctl dead-letter discard --all --code http-410 --reason "the endpoint is gone"
      """)

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @OptionGroup var selection: DeadLetterSelection
  @Option(help: "Why, for the audit record; at most 500 bytes.") var reason = ""
  @Option(help: "So many at most, such as 50/s or 600/m; up to 1000/s.") var rate = PaceArgument.standard
  @OptionGroup var confirmation: Confirmation

  func perform(_ session: Session) async throws {
    let names = try await selection.names(session)
    if names.count > 1 {
      try confirmation.ask("Remove \(names.count) dead letters for good, unsent?", session.around)
    }
    let run = DeadLetterRun(verb: "discarded", pace: rate, showsEach: !selection.all)
    try await run.perform(names, session) { name throws(CtlError) in
      let request = Carillon_V1_DiscardDeadLetterRequest.with {
        $0.name = name
        $0.reason = reason
      }
      _ = try await session.client.call {
        try await session.client.deadLetters.discardDeadLetter(request, options: $0)
      }
      return ""
    }
  }
}
