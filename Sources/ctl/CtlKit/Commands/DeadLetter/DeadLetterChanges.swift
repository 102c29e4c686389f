import ArgumentParser
import ControlAPI
import SwiftProtobuf

/// Which dead letters a change is for.
struct DeadLetterSelection: ParsableArguments {
  /// Changed by one command at most: their names are kept in memory.
  static let maxAtOnce = 100_000

  @Argument(help: "Ids or full names.") var ids: [String] = []
  @Flag(help: "All that the filters choose.") var all = false
  @OptionGroup var filter: DeadLetterFilter

  func validate() throws {
    if ids.isEmpty, !all { throw ValidationError("which? Give ids, or --all with or without filters") }
    if !ids.isEmpty, all { throw ValidationError("--all excludes ids") }
    if !all, !filter.isEmpty { throw ValidationError("filters go with --all") }
  }

  /// The names of those that there are now: what dies while the command runs is none of its business.
  func names(_ session: Session) async throws(CtlError) -> [String] {
    guard all else {
      var names: [String] = []
      for id in ids {
        let name = try session.name(.deadLetters, id)
        if !names.contains(name) { names.append(name) }
      }
      return names
    }
    var request = try filter.request(session)
    request.diedBefore = .init(milliseconds: session.around.now() + 1)
    let filtered = request
    var names: [String] = []
    try await Paging.each(
      limit: Self.maxAtOnce,
      fetch: { size, token throws(CtlError) in
        var page = filtered
        page.pageSize = size
        page.pageToken = token
        return try await DeadLetters.page(session.client, page)
      }, body: { names += $0.map(\.name) })
    if names.count == Self.maxAtOnce {
      session.around.errors.line("only the newest \(names.count) are taken; say it again for the rest")
    }
    return names
  }
}

struct DeadLetterReplay: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay", abstract: "Send dead letters again: the same message with the same id, to the same sink.",
    discussion: """
      Asks first when there is more than one. What fails again becomes a dead letter again.

      Examples:
        ctl dead-letter replay 42
        ctl dead-letter replay --all --sink partner --since 24h --rate 50/s
      """)

  @OptionGroup var global: GlobalOptions
  @OptionGroup var selection: DeadLetterSelection
  @Option(help: "So many at most, such as 50/s or 600/m; up to 1000/s.") var rate = PaceArgument.standard
  @OptionGroup var confirmation: Confirmation

  func perform(_ session: Session) async throws {
    let names = try await selection.names(session)
    if names.count > 1 {
      try confirmation.ask("Send \(names.count) dead letters again, at \(rate.text)?", session.around)
    }
    let run = DeadLetterRun(verb: "replayed", pace: rate, showsEach: !selection.all)
    try await run.perform(names, session) { name throws(CtlError) in
      try await session.client.call {
        try await session.client.deadLetters.replayDeadLetter(.with { $0.name = name }, options: $0)
      }.name
    }
  }
}

struct DeadLetterDiscard: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "discard", abstract: "Remove dead letters for good, unsent.",
    discussion: """
      Asks first when there is more than one.

      Examples:
        ctl dead-letter discard 42 --reason "the endpoint is gone"
        ctl dead-letter discard --all --code http-410 --reason "the endpoint is gone"
      """)

  @OptionGroup var global: GlobalOptions
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
