import ArgumentParser

/// `ctl NOUN list`, where a noun has no choices of its own.
struct ListCommand<N: Noun>: CtlCommand {
  static var configuration: CommandConfiguration {
    let noun = N.kind.singular
    return CommandConfiguration(
      commandName: "list", abstract: "List \(N.kind.plural).",
      discussion: "Examples:\n  ctl \(noun) list -o wide\n  ctl \(noun) list --watch")
  }

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @OptionGroup var length: ListLength
  @OptionGroup var condition: ListCondition

  func perform(_ session: Session) async throws {
    // A watch of the API tells all of them; what is chosen is looked for.
    let filter = condition.filter
    let stream = filter.isEmpty ? N.stream(only: []) : nil
    try await length.list(session, stream: stream) { size, token throws(CtlError) in
      try await N.page(
        session.client, .init(parent: session.parent(N.kind), size: size, token: token, filter: filter))
    }
  }
}
