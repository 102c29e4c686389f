import ArgumentParser

/// `ctl NOUN get ID…`
struct GetCommand<N: Noun>: CtlCommand {
  static var configuration: CommandConfiguration {
    let noun = N.kind.singular
    return CommandConfiguration(
      commandName: "get", abstract: "Show one \(noun) or several.",
      discussion: "Examples:\n  ctl \(noun) get ID -o yaml\n  ctl \(noun) get ID --watch")
  }

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "Ids or full names.", completion: .names(of: N.kind)) var ids: [String]
  @OptionGroup var watching: WatchOptions

  func perform(_ session: Session) async throws {
    if watching.watch { return try await watching.follow(N.self, ids, session) }
    var list = ListPrinter<N.Resource>(session.printer, isSingle: ids.count == 1)
    for id in ids {
      try list.add([try await N.get(session.client, name: try session.name(N.kind, id))])
    }
    list.finish()
  }
}
