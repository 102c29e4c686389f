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

/// Which resources of a list, by a condition on their fields.
struct ListCondition: ParsableArguments {
  @Option(help: "Only those for which this holds, as in subscriptions, such as time_zone == \"Europe/Paris\".")
  var filter = ""
}

/// How much of a list is shown.
struct ListLength: ParsableArguments {
  @Option(help: "Show so many at most (default: all).") var limit: Int?
  @OptionGroup var watching: WatchOptions

  func validate() throws {
    if let limit, limit < 1 { throw ValidationError("--limit: must be 1 or more") }
    // What leaves the first so many would look as if it were gone.
    if limit != nil, watching.watch { throw ValidationError("--limit and --watch exclude each other") }
  }

  /// - Parameter stream: what tells changes for `--watch`; nil: the list is asked for again and again.
  func list<Row: TableRow & Sendable & Equatable>(
    _ session: Session, stream: RowStream<Row>? = nil,
    fetch: @Sendable @escaping (_ size: Int32, _ token: String) async throws(CtlError) -> Page<Row>
  ) async throws(CtlError) {
    if watching.watch {
      return try await watching.follow(session, stream: stream) { () throws(CtlError) in
        try await Self.all(fetch)
      }
    }
    var list = ListPrinter<Row>(session.printer)
    try await Paging.each(limit: limit, fetch: fetch) { rows throws(CtlError) in try list.add(rows) }
    list.finish()
  }

  /// All pages at once, for what has to be compared.
  static func all<Row: TableRow & Sendable & Equatable>(
    _ fetch: (_ size: Int32, _ token: String) async throws(CtlError) -> Page<Row>
  ) async throws(CtlError) -> [Row] {
    var rows: [Row] = []
    // One more than a watch takes, so that it can say that there are too many.
    try await Paging.each(limit: RowFeed<Row>.maxRows + 1, fetch: fetch) { rows += $0 }
    return rows
  }
}

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
