import ArgumentParser

/// `ctl NOUN list`, where the API has no filter.
struct WholeListCommand<N: Noun>: CtlCommand {
  static var configuration: CommandConfiguration { ListCommand<N>.configuration }

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @OptionGroup var length: ListLength

  func perform(_ session: Session) async throws {
    try await length.list(session, stream: N.stream(only: [])) { size, token throws(CtlError) in
      try await N.page(session.client, .init(parent: session.parent(N.kind), size: size, token: token))
    }
  }
}
