public import EventModel
public import Store
import StoreSQL

extension SQLiteStore {
  /// See ``ResourceStore``. Erasing is one transaction; then the log is emptied and the file's unused bytes are
  /// overwritten, in steps between which others write. While a reader holds an old state of the file that is not
  /// possible: it is waited for as long as `Options.eraseWait`, and then the error says so; the person is erased all the
  /// same. What is left is overwritten by the next call, with the next upkeep or at the next opening.
  public func erase(
    namespace: String, user: String, _ precondition: Precondition, actor: Actor, dryRun: Bool, now: Timestamp
  ) async throws(StoreError) -> Erasure {
    let result: Result<Erasure, StoreError>
    do {
      result = .success(
        try await write(.change, rows: Session.rowsPerUpkeep) {
          try $0.erase(namespace, user, precondition, actor: actor, dryRun: dryRun, now: now)
        })
    } catch {
      // Asked for again because the last time a reader was in the way: now there is no such person.
      guard error.code == .notFound else { throw error }
      result = .failure(error)
    }
    if !dryRun { try await scrubIfOwed() }
    return try result.get()
  }

  /// Overwrites what erasing left in unused bytes, if that was not done yet.
  func scrubIfOwed() async throws(StoreError) {
    let owed = try await read { try $0.counter(.scrubOwed) }
    guard owed != 0 else { return }
    var next: Int64? = 1
    var deadline = ContinuousClock.now + eraseWait
    while let page = next {
      switch try await step({ try $0.scrub(from: page) }) {
      case .done(let following):
        next = following
        deadline = ContinuousClock.now + eraseWait
      case .held:
        guard ContinuousClock.now < deadline else { throw Self.held }
        try? await Task.sleep(for: .milliseconds(20))
      }
    }
    // Somebody erased meanwhile does it again.
    try await write(.change, rows: 1) { try $0.settleScrub(owed) }
  }

  private static var held: StoreError {
    StoreError(
      .unknown,
      "the person is erased, but a reader of the store's file keeps an old state of it, which is overwritten as soon as that reader ends; ask again to be told when it is"
    )
  }
}

extension Session {
  /// The same when the store is opened and nobody reads; answers false when somebody does.
  func scrubAll() throws -> Bool {
    let owed = try counter(.scrubOwed)
    guard owed != 0 else { return true }
    var next: Int64? = 1
    while let page = next {
      guard case .done(let following) = try scrub(from: page) else { return false }
      next = following
    }
    try settleScrub(owed)
    return true
  }

  func settleScrub(_ owed: Int64) throws {
    try query("UPDATE meta SET value = 0 WHERE key = ? AND value = ?").run(Counter.scrubOwed.rawValue, owed)
  }
}
