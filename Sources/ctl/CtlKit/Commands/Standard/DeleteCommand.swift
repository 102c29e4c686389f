import ArgumentParser

/// `ctl NOUN delete ID…`
struct DeleteCommand<N: DeletableNoun>: CtlCommand {
  static var configuration: CommandConfiguration {
    let noun = N.kind.singular
    return CommandConfiguration(
      commandName: "delete", abstract: "Delete one \(noun) or several.",
      discussion: "Example:\n  ctl \(noun) delete ID")
  }

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "Ids or full names.", completion: .names(of: N.kind)) var ids: [String]
  @Option(help: "Delete only if it still has this etag.") var etag = ""

  func validate() throws {
    if !etag.isEmpty, ids.count > 1 { throw ValidationError("--etag: goes with one id only") }
  }

  func perform(_ session: Session) async throws {
    for id in ids {
      let name = try session.name(N.kind, id)
      try await N.delete(session.client, name: name, etag: etag)
      try EffectReport(kind: N.kind, name: name, effect: .deleted).show(session.printer)
    }
  }
}
