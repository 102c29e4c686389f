import Store
import Synchronization

/// A bounded number of connections to one database, made when they are needed. Callers wait for one in the order of
/// their coming, a bounded number of them for a bounded time.
final class PostgresPool: Sendable {
  /// The pool's bounds.
  struct Limits: Sendable {
    /// Connections at a time.
    var connections = 4
    /// Callers that may wait for one.
    var waiters = 1_000
    /// How long a caller waits for one, in milliseconds.
    var waitMilliseconds = 10_000
    /// The first pause after a failure to connect, in milliseconds; it doubles with each, up to `maximumBackoff…`.
    var backoffMilliseconds = 100
    var maximumBackoffMilliseconds = 5_000
  }

  let configuration: PostgresConfiguration
  let limits: Limits
  private let state = Mutex(PoolState())

  init(_ configuration: PostgresConfiguration, limits: Limits = Limits()) {
    self.configuration = configuration
    self.limits = limits
  }

  static let closed = StoreError(.unavailable, "the connections to the database are closed")

  /// Runs `body` on a connection, each statement a transaction of its own.
  func run<Value: Sendable>(
    onlyReads: Bool = false, _ body: @escaping @Sendable (PostgresSession) throws -> Value
  ) async throws(StoreError) -> Value {
    let connection = try await take()
    do {
      let value = try await connection.run(onlyReads: onlyReads, body)
      give(connection, nil)
      return value
    } catch {
      give(connection, error)
      throw error
    }
  }

  /// Takes a connection. It connects itself when it is used; while that fails, one caller tries, after a pause, and the
  /// others learn what came of it.
  func take() async throws(StoreError) -> PostgresConnection {
    let connection = try await free()
    guard state.withLock({ $0.failures > 0 }) else { return connection }
    if await connection.isAlive { return connection }
    await tryConnecting(connection)
    guard let failure = state.withLock({ $0.lastFailure }) else { return connection }
    pass(on: connection)
    throw failure
  }

  /// Gives a connection back, and tells what came of its use; the next who waits gets it.
  func give(_ connection: PostgresConnection, _ error: StoreError?) {
    if error == nil {
      state.withLock { $0.noteSuccess() }
    } else if let error, error.postgres?.isConnecting == true {
      state.withLock { $0.noteFailure(error, limits) }
    }
    pass(on: connection)
  }

  private func pass(on connection: PostgresConnection) {
    switch state.withLock({ $0.give(connection) }) {
    case .nothing: break
    case .handOn(let waiter): waiter.continuation.resume(returning: .success(connection))
    case .close(let closers):
      Task {
        await connection.close()
        for closer in closers { closer.resume() }
      }
    }
  }

  private func free() async throws(StoreError) -> PostgresConnection {
    if let connection = try tryTaking() { return connection }
    let result = await withCheckedContinuation { continuation in
      // Whoever gave one back meanwhile saw nobody waiting: look again, and only then wait.
      let outcome = state.withLock { state -> Result<PostgresConnection, StoreError>? in
        do throws(StoreError) {
          if let connection = try take(&state) { return .success(connection) }
        } catch {
          return .failure(error)
        }
        expire(state.wait(continuation))
        return nil
      }
      if let outcome { continuation.resume(returning: outcome) }
    }
    return try result.get()
  }

  private func tryTaking() throws(StoreError) -> PostgresConnection? {
    try state.withLock { state throws(StoreError) in try take(&state) }
  }

  private func take(_ state: inout PoolState) throws(StoreError) -> PostgresConnection? {
    try state.take(limits) { () throws(StoreError) in try PostgresConnection(configuration) }
  }

  private func expire(_ id: Int) {
    Task {
      try? await Task.sleep(for: .milliseconds(limits.waitMilliseconds))
      let (waiter, failure) = state.withLock { ($0.leave(id), $0.lastFailure) }
      let overdue = StoreError(
        .unavailable,
        "no connection to the database was free within \(limits.waitMilliseconds) ms (\(limits.connections) are in use)"
      )
      waiter?.continuation.resume(returning: .failure(failure ?? overdue))
    }
  }

  private func tryConnecting(_ connection: PostgresConnection) async {
    let attempt = state.withLock { state in
      if let present = state.attempt { return present }
      let task = Task { await pauseAndConnect(connection) }
      state.attempt = task
      return task
    }
    await attempt.value
  }

  private func pauseAndConnect(_ connection: PostgresConnection) async {
    let pause = ContinuousClock.now.duration(to: state.withLock { $0.mayConnectAt })
    if pause > .zero { await Pause.now(pause) }
    do throws(StoreError) {
      try await connection.connect()
      state.withLock { $0.noteSuccess() }
    } catch {
      state.withLock { $0.noteFailure(error, limits) }
    }
    state.withLock { $0.attempt = nil }
  }

  /// What a person or a check of health wants to know.
  struct Health: Sendable {
    var busy: Int
    var idle: Int
    var waiting: Int
    /// Why the last attempt to connect failed; nil when it did not.
    var failure: StoreError?
  }

  /// See ``Health``.
  var health: Health {
    state.withLock {
      Health(busy: $0.busy.count, idle: $0.idle.count, waiting: $0.waiters.count, failure: $0.lastFailure)
    }
  }

  /// Connections that nobody uses.
  var idle: [PostgresConnection] { state.withLock { $0.idle } }

  /// Lets nobody in any more, waits for those who have a connection, and closes them all; after `graceMilliseconds`
  /// what still runs is cut off.
  func close(graceMilliseconds: Int = 10_000) async {
    let (waiters, idle) = state.withLock { $0.close() }
    for waiter in waiters { waiter.continuation.resume(returning: .failure(Self.closed)) }
    for connection in idle { await connection.close() }
    let cutter = Task {
      guard (try? await Task.sleep(for: .milliseconds(graceMilliseconds))) != nil else { return }
      for connection in state.withLock({ Array($0.busy.values) }) { connection.cut() }
    }
    await withCheckedContinuation { (closer: CheckedContinuation<Void, Never>) in
      if !state.withLock({ $0.waitForLast(closer) }) { closer.resume() }
    }
    cutter.cancel()
  }
}
