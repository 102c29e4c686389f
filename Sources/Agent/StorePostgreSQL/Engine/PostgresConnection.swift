import Store

/// One connection to a database, on a thread of its own. What it runs is not stopped by the cancelling of a task: an
/// agent that drains still has to record.
actor PostgresConnection {
  private nonisolated let thread: ConnectionThread
  private nonisolated let interrupt: Interrupt
  private nonisolated let configuration: PostgresConfiguration
  private var session: PostgresSession?

  /// The session, if it is connected; it stays on the connection's thread.
  var present: PostgresSession? { session }

  nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

  /// A connection that is not made yet.
  init(_ configuration: PostgresConfiguration) throws(StoreError) {
    self.configuration = configuration
    thread = try ConnectionThread()
    interrupt = try Interrupt()
  }

  /// Connects, unless it is connected.
  func connect() throws(StoreError) { _ = try connected() }

  private func connected() throws(StoreError) -> PostgresSession {
    if let session, session.isAlive { return session }
    session = nil
    let fresh = try PostgresSession(configuration, interrupt: interrupt)
    session = fresh
    return fresh
  }

  /// Whether it can be used; looks whether the server closed it. Does not wait.
  var isAlive: Bool { session?.isAlive ?? false }

  /// Runs `body` on the connection's thread, each statement a transaction of its own. Whether a change was made whose
  /// answer was lost is `.unknown`.
  func run<Value: Sendable>(
    onlyReads: Bool = false, _ body: @Sendable (PostgresSession) throws -> Value
  ) throws(StoreError) -> Value {
    let session = try connected()
    session.onlyReads = onlyReads
    defer { session.onlyReads = false }
    do {
      let value = try body(session)
      try session.checkReads()
      if session.isInTransaction { session.rollback() }
      return value
    } catch {
      if session.isInTransaction { session.rollback() }
      throw Self.storeError(error)
    }
  }

  /// How one run of a transaction ended.
  enum Attempt<Value: Sendable>: Sendable {
    case committed(Value)
    case failed(StoreError)
    /// It was not committed, and may be run again.
    case again(StoreError)
    /// COMMIT was sent, and its answer did not come.
    case inDoubt(Value, DoubtfulTransaction, StoreError)
  }

  /// Runs a transaction once.
  func attempt<Value: Sendable>(
    _ options: TransactionOptions, _ body: @Sendable (PostgresSession) throws -> Value
  ) -> Attempt<Value> {
    let value: Value
    let session: PostgresSession
    do throws(StoreError) {
      session = try connected()
    } catch {
      return .again(error)
    }
    do {
      try session.begin(options)
      value = try body(session)
      try session.checkReads()
      if options.access == .mayWrite { try session.findNumber() }
    } catch {
      session.rollback()
      return Self.ended(Self.storeError(error))
    }
    let doubt = session.transaction.map { DoubtfulTransaction(number: $0, mark: session.mark) }
    do throws(StoreError) {
      try session.commit()
      return .committed(value)
    } catch {
      if session.isUsable {
        session.rollback()
        return Self.ended(error)
      }
      // What has no number wrote nothing: it cannot be told from a committed one.
      guard let doubt else { return .committed(value) }
      return .inDoubt(value, doubt, error)
    }
  }

  /// Before COMMIT was sent nothing is committed: what PostgreSQL calls passing, and a lost connection, may run again.
  private static func ended<Value>(_ error: StoreError) -> Attempt<Value> {
    guard let said = error.postgres, said.mayRunAgain || said.isLost else { return .failed(error) }
    return .again(error)
  }

  private static func storeError(_ error: any Error) -> StoreError {
    error as? StoreError ?? StoreError(.unavailable, "the store failed: \(error)", cause: error)
  }

  /// Closes it; when it is used again, it connects again.
  func disconnect() { session = nil }

  /// Ends, from any thread, what it runs, and closes it for good.
  nonisolated func cut() { interrupt.raise() }

  /// Closes it, once what it runs has ended.
  func close() {
    session = nil
    interrupt.raise()
  }
}
