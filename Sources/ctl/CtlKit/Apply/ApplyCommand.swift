import ArgumentParser

/// `ctl apply`
struct ApplyCommand: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "apply", abstract: "Create or change what a file describes; what is so already stays untouched.",
    discussion: """
      The file has YAML or JSON documents, each with kind (Queue, Sink, User, Subscription, Template or
      Schedule), id, and
      fields. Fields that are not in a document keep their value. A file with a fault changes nothing.

      With --prune, what the namespace has of the kinds in the file, and the file has not, is deleted, after a question.
      Queues are not pruned: all namespaces share them.

      Examples:
        ctl apply -f carillon.yaml --prune --dry-run=server
        ctl apply -f - <<END
        kind: Sink
        id: partner
        plugin: webhook
        configuration: {url: "https://partner.example/hooks"}
        ---
        kind: Subscription
        id: birthdays
        eventType: birthday
        sink: partner
        END
      """)

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @OptionGroup var files: DocumentFiles
  @Option(
    defaultAsFlag: DryRun.server, parsing: .next,
    help: "Only say what would change; the agent works it out.")
  var dryRun: DryRun?
  @Flag(help: "Delete what the file does not have, of the kinds that it has.") var prune = false
  @OptionGroup var confirmation: Confirmation

  private var isDryRun: Bool { dryRun != nil }

  func validate() throws {
    if case .unknown(let text) = dryRun { throw ValidationError("--dry-run: must be server, not \(text)") }
  }

  func perform(_ session: Session) async throws {
    let documents = try files.read(session)
    // Asked before anything is changed.
    let surplus = prune ? try await surplus(of: documents, session) : []
    var outcomes: [ApplyOutcome] = []
    for document in documents { outcomes.append(await apply(document, after: outcomes, session)) }
    if outcomes.allSatisfy({ $0.error == nil }) {
      for document in surplus {
        outcomes.append(
          await outcome(document) { actions throws(CtlError) in
            if !isDryRun { try await actions.delete(session.client, document.name) }
            return .deleted
          })
      }
    } else if !surplus.isEmpty {
      session.around.errors.line("nothing is pruned, as not everything could be applied")
    }
    try ApplyOutcome.show(outcomes, isDryRun: isDryRun, session.printer)
    try Self.judge(outcomes)
  }

  private func apply(
    _ document: ApplyDocument, after done: [ApplyOutcome], _ session: Session
  ) async -> ApplyOutcome {
    let result = await outcome(document) { actions throws(CtlError) in
      try await actions.apply(document, session.client, isDryRun)
    }
    // What would be created is not there for those that refer to it, when nothing is.
    let promised = Set(done.filter { isDryRun && $0.effect == .created }.map(\.document.name))
    guard result.error?.mayBeMissingReference == true, let missing = document.reference(to: promised) else {
      return result
    }
    var promise = await outcome(document) { actions throws(CtlError) in
      try await actions.exists(session.client, document.name) ? .updated : .created
    }
    promise.note = "cannot be tried before \(ResourceName.id(missing)) is there"
    return promise
  }

  private func outcome(
    _ document: ApplyDocument, _ body: (KindActions) async throws(CtlError) -> ChangeEffect
  ) async -> ApplyOutcome {
    do throws(CtlError) {
      return ApplyOutcome(document: document, effect: try await body(KindActions.of(document.kind)))
    } catch {
      return ApplyOutcome(document: document, effect: .failed, error: error)
    }
  }

  /// What is there and not in the documents; what refers to others comes first.
  private func surplus(of documents: [ApplyDocument], _ session: Session) async throws(CtlError) -> [ApplyDocument] {
    let wanted = Set(documents.map(\.name))
    var found: [ApplyDocument] = []
    for kind in KindActions.order.reversed() where kind.isNamespaced {
      for namespace in Set(documents.filter { $0.kind == kind }.map(\.namespace)).sorted() {
        for name in try await KindActions.of(kind).names(session.client, namespace) where !wanted.contains(name) {
          found.append(
            ApplyDocument(
              kind: kind, id: ResourceName.id(name), namespace: namespace, line: 0, body: .object([]), paths: []))
        }
      }
    }
    if !found.isEmpty, !isDryRun {
      let names = found.prefix(10).map { "\($0.kind.singular) \($0.id)" }.joined(separator: ", ")
      try confirmation.ask(
        "Delete \(found.count) resources that the file does not have (\(names)\(found.count > 10 ? ", …" : ""))?",
        session.around)
    }
    return found
  }

  static func judge(_ outcomes: [ApplyOutcome]) throws(CtlError) {
    let failures = outcomes.compactMap(\.error)
    guard let first = failures.first else { return }
    if failures.count < outcomes.count {
      throw CtlError(
        .partial, "\(failures.count) of \(outcomes.count) could not be applied",
        hint: "correct them, then apply the file again")
    }
    throw outcomes.count == 1
      ? first : CtlError(first.code, "none of \(outcomes.count) could be applied: \(first.message)")
  }
}

/// Where a change is only tried.
enum DryRun: ExpressibleByArgument, Sendable, Equatable {
  case server
  /// The parser would take the default instead of what it cannot read; `validate` refuses it.
  case unknown(String)

  static let allValueStrings = ["server"]

  init(argument: String) { self = argument == "server" ? .server : .unknown(argument) }

  var defaultValueDescription: String { "server" }
}

/// What became of a document.
struct ApplyOutcome: Sendable {
  var document: ApplyDocument
  var effect: ChangeEffect
  var error: CtlError?
  /// What could not be found out.
  var note: String?

  /// The error, or the note, in one line.
  private var problem: String? {
    guard let error else { return note }
    let fields = error.untoldViolations.map { "\($0.field): \($0.reason)" }
    return ([error.message] + fields).joined(separator: "; ")
  }

  static func show(_ outcomes: [ApplyOutcome], isDryRun: Bool, _ printer: Printer) throws(CtlError) {
    let names = outcomes.map(\.document.name)
    try printer.document(.array(outcomes.map(\.json)), names: names) {
      let hasProblems = outcomes.contains { $0.problem != nil }
      var table = Table(columns: [.init("KIND"), .init("ID"), .init(isDryRun ? "WOULD BE" : "EFFECT")])
      if hasProblems { table.columns.append(.init("PROBLEM")) }
      table.rows = outcomes.map(\.cells)
      return printer.lines(table)
    }
  }

  var cells: [Table.Cell] {
    let style: Style? = effect == .failed ? .bad : effect == .unchanged ? .faint : .good
    return [
      .init(document.kind.singular), .init(document.id), .init(effect.rawValue, style),
      .init(problem.map { "line \(document.line): \($0)" } ?? ""),
    ]
  }

  var json: JSONValue {
    guard case .object(var members) = EffectReport(kind: document.kind, name: document.name, effect: effect).json else {
      return .null
    }
    members.append(("line", .integer(Int64(document.line))))
    if let problem { members.append(("problem", .string(problem))) }
    return .object(members)
  }
}
