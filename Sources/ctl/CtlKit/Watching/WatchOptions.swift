import ArgumentParser

/// `--watch` of lists and gets: first what there is, then each change as it happens.
struct WatchOptions: ParsableArguments {
  static let usual = TimeSpan(milliseconds: 2_000)
  static let least = TimeSpan(milliseconds: 500)
  static let most = TimeSpan(milliseconds: 3_600_000)
  /// How long it tries to reach an agent again that was reached before.
  static let patience = Duration.seconds(60)

  @Flag(name: [.customShort("w"), .long], help: "Go on with each change, until interrupted.") var watch = false
  @Option(help: "With --watch: how often to look where the API tells no changes, 500ms to 1h (default: 2s).")
  var interval: TimeSpan?
  @Option(help: "With --watch: end after so many changes.") var count: Int?

  func validate() throws {
    if let interval, !(Self.least.milliseconds...Self.most.milliseconds ~= interval.milliseconds) {
      throw ValidationError("--interval: must be 500ms to 1h")
    }
    if let count, count < 1 { throw ValidationError("--count: must be at least 1") }
    if !watch, interval != nil || count != nil { throw ValidationError("--interval and --count go with --watch") }
  }

  var pause: Duration { (interval ?? Self.usual).duration }

  /// Watches until enough has changed, or somebody interrupts it.
  /// - Parameters:
  ///   - stream: what tells the changes; nil: `fetch` is asked again and again.
  ///   - fetch: all that there is now.
  func follow<Row>(
    _ session: Session, stream: RowStream<Row>?,
    fetch: @Sendable @escaping () async throws(CtlError) -> [Row]
  ) async throws(CtlError) {
    let feed = RowFeed<Row>(printer: session.printer, isFleet: false, limit: count ?? .max)
    let pause = pause
    do {
      try await Interruption.ends {
        if let stream { return try await stream.follow(session, feed) }
        try await RowPolling(pause: pause, fetch: fetch).follow(session, feed)
      }
    } catch {
      throw RPCFailure.error(error)
    }
    session.printer.sink.flush()
  }
}

extension WatchOptions {
  /// Watches resources by id. One that is not there to begin with is an error; one that is deleted later is gone.
  func follow<N: Noun>(_ noun: N.Type, _ ids: [String], _ session: Session) async throws(CtlError) {
    var names: [String] = []
    for id in ids { names.append(try session.name(N.kind, id)) }
    for name in names { _ = try await N.get(session.client, name: name) }
    let wanted = names
    try await follow(session, stream: N.stream(only: Set(names))) { () throws(CtlError) in
      var found: [N.Resource] = []
      for name in wanted {
        if let resource = try await N.find(session.client, name) { found.append(resource) }
      }
      return found
    }
  }
}
