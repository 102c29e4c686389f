import ArgumentParser

/// `ctl delete`
struct DeleteFiles: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete", abstract: "Delete what a file describes; what is not there stays so.",
    discussion: """
      What refers to others goes first. Asks when there is more than one.

      Example:
        ctl delete -f carillon.yaml
      """)

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @OptionGroup var files: DocumentFiles
  @OptionGroup var confirmation: Confirmation

  func perform(_ session: Session) async throws {
    let documents: [ApplyDocument] = try files.read(session).reversed()
    if documents.count > 1 {
      let names = documents.prefix(10).map { "\($0.kind.singular) \($0.id)" }.joined(separator: ", ")
      try confirmation.ask(
        "Delete \(documents.count) resources (\(names)\(documents.count > 10 ? ", …" : ""))?", session.around)
    }
    var outcomes: [ApplyOutcome] = []
    for document in documents { outcomes.append(await delete(document, session.client)) }
    try ApplyOutcome.show(outcomes, isDryRun: false, session.printer)
    try ApplyCommand.judge(outcomes)
  }

  private func delete(_ document: ApplyDocument, _ client: Client) async -> ApplyOutcome {
    do throws(CtlError) {
      try await KindActions.of(document.kind).delete(client, document.name)
      return ApplyOutcome(document: document, effect: .deleted)
    } catch {
      if error.code == .notFound { return ApplyOutcome(document: document, effect: .unchanged) }
      return ApplyOutcome(document: document, effect: .failed, error: error)
    }
  }
}
