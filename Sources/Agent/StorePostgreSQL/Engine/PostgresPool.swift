import Store

/// A bounded number of connections to one database, made when they are needed. Callers wait for one in the order of
/// their coming, a bounded number of them for a bounded time.
actor PostgresPool {
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

  nonisolated let configuration: PostgresConfiguration
  nonisolated let limits: Limits
  /// Connections that nobody uses.
  private(set) var idle: [PostgresConnection] = []
  private var busy: [ObjectIdentifier: PostgresConnection] = [:]
  private var waiters: [Waiter] = []
  private var nextWaiter = 0
  private var failures = 0
  private var lastFailure: StoreError?
  private var mayConnectAt = ContinuousClock.now
  /// The attempt to connect that is under way, while connecting fails.
  private var attempt: Task<Void, Never>?
  private var isClosed = false
  private var closers: [CheckedContinuation<Void, Never>] = []

  private struct Waiter {
    let id: Int
    let continuation: CheckedContinuation<Result<PostgresConnection, StoreError>, Never>
  }

  init(_ configuration: PostgresConfiguration, limits: Limits = Limits()) {
    self.configuration = configuration
    self.limits = limits
  }

  // MARK: Using connections

  /// Runs `body` on a connection, each statement a transaction of its own.
  nonisolated func run<Value: Sendable>(
    onlyReads: Bool = false, _ body: @escaping @Sendable (PostgresSession) throws -> Value
  ) async throws(StoreError) -> Value {
    let connection = try await take()
    do {
      let value = try await connection.run(onlyReads: onlyReads, body)
      await give(connection, nil)
      return value
    } catch {
      await give(connection, error)
      throw error
    }
  }

  /// Takes a connection. It connects itself when it is used; while that fails, one caller tries, after a pause, and the
  /// others learn what came of it.
  func take() async throws(StoreError) -> PostgresConnection {
    let connection = try await slot()
    guard failures > 0 else { return connection }
    if await connection.isAlive { return connection }
    await tryConnecting(connection)
    guard let lastFailure else { return connection }
    pass(on: connection)
    throw lastFailure
  }

  /// Gives a connection back, and tells what came of its use; the next who waits gets it.
  func give(_ connection: PostgresConnection, _ error: StoreError?) {
    if let error, error.postgres?.isConnecting == true {
      noteFailure(error)
    } else if error == nil {
      (failures, lastFailure) = (0, nil)
    }
    pass(on: connection)
  }

  private func pass(on connection: PostgresConnection) {
    guard busy[ObjectIdentifier(connection)] != nil else { return }
    if isClosed {
      busy[ObjectIdentifier(connection)] = nil
      Task { await connection.close() }
      if busy.isEmpty { resumeClosers() }
    } else if waiters.isEmpty {
      busy[ObjectIdentifier(connection)] = nil
      idle.append(connection)
    } else {
      waiters.removeFirst().continuation.resume(returning: .success(connection))
    }
  }

  private func slot() async throws(StoreError) -> PostgresConnection {
    guard !isClosed else { throw Self.closed }
    if let connection = idle.popLast() {
      busy[ObjectIdentifier(connection)] = connection
      return connection
    }
    if busy.count < limits.connections {
      let connection = try PostgresConnection(configuration)
      busy[ObjectIdentifier(connection)] = connection
      return connection
    }
    guard waiters.count < limits.waiters else {
      throw StoreError(.unavailable, "\(waiters.count) callers already wait for a connection to the database")
    }
    let result = await withCheckedContinuation { continuation in
      nextWaiter += 1
      waiters.append(Waiter(id: nextWaiter, continuation: continuation))
      expire(nextWaiter)
    }
    return try result.get()
  }

  private func expire(_ id: Int) {
    let patience = Duration.milliseconds(limits.waitMilliseconds)
    Task {
      try? await Task.sleep(for: patience)
      guard let index = waiters.firstIndex(where: { $0.id == id }) else { return }
      let waiter = waiters.remove(at: index)
      waiter.continuation.resume(returning: .failure(overdue))
    }
  }

  private var overdue: StoreError {
    if let lastFailure { return lastFailure }
    return StoreError(
      .unavailable,
      "no connection to the database was free within \(limits.waitMilliseconds) ms (\(limits.connections) are in use)")
  }

  static let closed = StoreError(.unavailable, "the connections to the database are closed")

  // MARK: Failing to connect

  private func tryConnecting(_ connection: PostgresConnection) async {
    if let present = attempt { return await present.value }
    let task = Task { await pauseAndConnect(connection) }
    attempt = task
    await task.value
    attempt = nil
  }

  private func pauseAndConnect(_ connection: PostgresConnection) async {
    let pause = ContinuousClock.now.duration(to: mayConnectAt)
    if pause > .zero { await Pause.now(pause) }
    do throws(StoreError) {
      try await connection.connect()
      (failures, lastFailure) = (0, nil)
    } catch {
      noteFailure(error)
    }
  }

  private func noteFailure(_ error: StoreError) {
    lastFailure = error
    failures += 1
    let doubled = limits.backoffMilliseconds << min(failures - 1, 16)
    let pause = min(doubled, limits.maximumBackoffMilliseconds)
    mayConnectAt = .now + .milliseconds(Int.random(in: pause / 2...max(pause, 1)))
  }

  // MARK: Its state

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
    Health(busy: busy.count, idle: idle.count, waiting: waiters.count, failure: lastFailure)
  }

  /// Lets nobody in any more, waits for those who have a connection, and closes them all; after `graceMilliseconds`
  /// what still runs is cut off.
  func close(graceMilliseconds: Int = 10_000) async {
    isClosed = true
    for waiter in waiters { waiter.continuation.resume(returning: .failure(Self.closed)) }
    waiters = []
    for connection in idle { await connection.close() }
    idle = []
    guard !busy.isEmpty else { return }
    let cutter = Task { [connections = Array(busy.values)] in
      guard (try? await Task.sleep(for: .milliseconds(graceMilliseconds))) != nil else { return }
      for connection in connections { connection.cut() }
    }
    await withCheckedContinuation { closers.append($0) }
    cutter.cancel()
  }

  private func resumeClosers() {
    for closer in closers { closer.resume() }
    closers = []
  }
}
