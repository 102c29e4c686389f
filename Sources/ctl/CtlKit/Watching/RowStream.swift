/// What tells the changes of a noun: a watch of the API.
struct RowStream<Row: TableRow & Sendable & Equatable>: Sendable {
  /// Feeds what there is and each change, until the feed is done or the task is cancelled. Goes on when the connection breaks.
  var follow: @Sendable (Session, RowFeed<Row>) async throws -> Void
}

/// Looks again and again, where the API tells no changes.
struct RowPolling<Row: TableRow & Sendable & Equatable>: Sendable {
  let pause: Duration
  let fetch: @Sendable () async throws(CtlError) -> [Row]

  func follow(_ session: Session, _ feed: RowFeed<Row>) async throws {
    try await Reconnecting.run(session, noting: feed) {
      while true {
        try feed.take(all: try await fetch())
        if feed.isDone { return }
        try await ContinuousClock().sleep(for: pause)
      }
    }
  }
}

/// Who knows whether there were answers.
protocol AnswerNote: AnyObject, Sendable {
  /// Whether there was an answer since it was last asked.
  func takeAnswered() -> Bool
}

/// Does what goes on for long again when the connection breaks, for as long as somebody who was reached before might come back.
enum Reconnecting {
  /// - Parameter limit: how long nobody may answer.
  static func run(
    _ session: Session, limit: Duration = WatchOptions.patience, noting note: some AnswerNote,
    _ body: () async throws -> Void
  ) async throws {
    var retry = ReconnectPace(limit: limit)
    while true {
      do { return try await body() } catch {
        let failure = RPCFailure.error(error)
        // Who ends it breaks the connection, too.
        guard !Task.isCancelled, failure.code == .unreachable, let wait = retry.wait(after: note.takeAnswered()) else {
          throw failure
        }
        if retry.isFirst { session.around.errors.line("the connection broke; going on where it was as soon as it can") }
        try await ContinuousClock().sleep(for: wait)
      }
    }
  }
}
