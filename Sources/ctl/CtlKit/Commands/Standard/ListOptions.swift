import ArgumentParser

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
