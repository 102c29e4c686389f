import ArgumentParser

/// `ctl diff`
struct DiffCommand: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff", abstract: "Say what applying a file would change: exit 1 when there is a difference.",
    discussion: """
      The agent works it out; nothing is changed.

      Example:
        ctl diff -f carillon.yaml
      """)

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @OptionGroup var files: DocumentFiles

  func perform(_ session: Session) async throws {
    var found: [(document: ApplyDocument, difference: DocumentDifference)] = []
    for document in try files.read(session) {
      let created = Set(found.filter { $0.difference.effect == .created }.map(\.document.name))
      found.append((document, try await difference(document, created, session.client)))
    }
    let printer = session.printer
    let different = found.filter { $0.difference.effect != .unchanged }
    try printer.document(.array(found.map(Self.json)), names: different.map { $0.document.name }) {
      different.flatMap { document, difference in
        let title = "\(document.kind.singular) \(document.id): would be \(difference.effect.rawValue)"
        return [printer.paint(Printable.escaped(title), .heading)] + difference.lines(printer.paint)
      }
    }
    let count = different.count
    guard count == 0 else { throw CtlError(.failed, "\(count) of \(found.count) documents differ") }
  }

  /// - Parameter created: what documents before it would create: it is not there for those that refer to it.
  private func difference(
    _ document: ApplyDocument, _ created: Set<String>, _ client: Client
  ) async throws(CtlError) -> DocumentDifference {
    let actions = try KindActions.of(document.kind)
    do { return try await actions.difference(document, client) } catch {
      guard error.mayBeMissingReference, document.reference(to: created) != nil,
        try await !actions.exists(client, document.name)
      else { throw error }
      return DocumentDifference(before: nil, after: document.body)
    }
  }

  private static func json(_ found: (document: ApplyDocument, difference: DocumentDifference)) -> JSONValue {
    let report = EffectReport(kind: found.document.kind, name: found.document.name, effect: found.difference.effect)
    guard case .object(let members) = report.json else { return .null }
    return .object(members + [("changes", found.difference.json)])
  }
}
