import ArgumentParser

/// `ctl apply`
struct ApplyCommand: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "apply", abstract: "Create or change what a file describes; what is so already stays untouched.",
    discussion: """
      The file has YAML or JSON documents, each with kind (Queue, Sink, User, Subscription, Template or
      Schedule), id, and
      fields. Fields that are not in a document keep their value. A file with a fault changes nothing.

      Example:
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

  @OptionGroup var global: GlobalOptions
  @Option(name: [.customShort("f"), .customLong("file")], help: "A file, or - for standard input; repeatable.")
  var files: [String]
  @Flag(help: "Only say what would change.") var dryRun = false

  /// What others refer to comes first.
  private static let order: [ResourceKind] = [.queues, .sinks, .users, .subscriptions, .templates, .schedules]

  func perform(_ session: Session) async throws {
    var documents: [ApplyDocument] = []
    for path in files {
      let file = try InputFile(path, surroundings: session.around)
      let bytes = try file.readAll(maxBytes: YAMLReader.maxBytes)
      documents += try ApplyDocument.read(bytes, name: file.name, namespace: session.namespace)
    }
    var outcomes: [ApplyOutcome] = []
    for kind in Self.order {
      for document in documents where document.kind == kind {
        outcomes.append(await apply(document, session.client))
      }
    }
    try show(outcomes, session.printer)
    try Self.judge(outcomes)
  }

  private func apply(_ document: ApplyDocument, _ client: Client) async -> ApplyOutcome {
    do {
      let effect =
        switch document.kind {
        case .queues: try await Queues.apply(document, client, isDryRun: dryRun)
        case .sinks: try await Sinks.apply(document, client, isDryRun: dryRun)
        case .users: try await Users.apply(document, client, isDryRun: dryRun)
        case .subscriptions: try await Subscriptions.apply(document, client, isDryRun: dryRun)
        case .schedules: try await Schedules.apply(document, client, isDryRun: dryRun)
        case .templates: try await Templates.apply(document, client, isDryRun: dryRun)
        case .events, .deadLetters, .plugins, .agents:
          throw CtlError(.unsupported, "a \(document.kind.singular) cannot be applied")
        }
      return ApplyOutcome(document: document, effect: effect)
    } catch let error as CtlError {
      return ApplyOutcome(document: document, effect: .failed, error: error)
    } catch {
      return ApplyOutcome(document: document, effect: .failed, error: RPCFailure.error(error))
    }
  }

  private func show(_ outcomes: [ApplyOutcome], _ printer: Printer) throws(CtlError) {
    let names = outcomes.map(\.document.name)
    try printer.document(.array(outcomes.map(\.json)), names: names) {
      let hasProblems = outcomes.contains { $0.error != nil }
      var table = Table(columns: [.init("KIND"), .init("ID"), .init(dryRun ? "WOULD BE" : "EFFECT")])
      if hasProblems { table.columns.append(.init("PROBLEM")) }
      table.rows = outcomes.map(\.cells)
      return printer.lines(table)
    }
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

/// What became of a document.
struct ApplyOutcome: Sendable {
  var document: ApplyDocument
  var effect: ChangeEffect
  var error: CtlError?

  /// The error in one line.
  private var problem: String? {
    guard let error else { return nil }
    let fields = error.violations.map { "\($0.field): \($0.reason)" }
    return ([error.message] + fields).joined(separator: "; ")
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
