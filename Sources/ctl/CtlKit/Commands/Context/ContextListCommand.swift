import ArgumentParser

struct ContextListCommand: ContextFileCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List contexts; a star marks the one in use.",
    discussion: "Example:\n  ctl context list")

  @OptionGroup var output: OutputOptions

  func perform(_ work: ContextWork) throws {
    let list = try work.file.read()
    let json = list.contexts.map { ContextJSON.of($0, isCurrent: $0.name == list.current) }
    if work.printer.format == .jsonl {
      for value in json { work.printer.sink.line(value.compact) }
      return
    }
    try work.printer.document(.array(json), names: list.contexts.map(\.name)) {
      guard !list.contexts.isEmpty else { return [] }
      var table = Table(columns: [
        .init(""), .init("NAME"), .init("AGENTS"), .init("NAMESPACE"), .init("CERTIFICATE", isWide: true),
        .init("TOKEN", isWide: true),
      ])
      table.rows = list.contexts.map { context in
        [
          .init(context.name == list.current ? "*" : "", .good), .init(context.name),
          .init(context.agents.map { "\($0.name) (\($0.address.text))" }.joined(separator: ", ")),
          .init(context.namespace ?? "default"), .init(context.certificate ?? ValueText.none),
          .init(context.token?.text ?? ValueText.none),
        ]
      }
      return work.printer.lines(table)
    }
  }
}

/// A context, for programs.
enum ContextJSON {
  static func of(_ context: ConnectionContext, isCurrent: Bool) -> JSONValue {
    guard case .object(let members) = ContextText.json(context) else { return .null }
    return .object(members + [("current", .bool(isCurrent))])
  }
}
