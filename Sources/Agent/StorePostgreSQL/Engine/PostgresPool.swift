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
  private var idle: [PostgresConnection] = []
  private var busy: [ObjectIdentifier: PostgresConnection] = [:]
  private var waiters: [Waiter] = []
  private var nextWaiter = 0
  private var failures = 0
  private var lastFailure: StoreError?
  private var mayConnectAt = ContinuousClock.now
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
      await give(connection)
      return value
    } catch {
      await give(connection)
      throw error
    }
  }

  /// Takes a connection that is connected.
  func take() async throws(StoreError) -> PostgresConnection {
    let connection = try await slot()
    do {
      try await waitForBackoff()
      try await connection.connect()
      (failures, lastFailure) = (0, nil)
      return connection
    } catch {
      noteFailure(error)
      give(connection)
      throw error
    }
  }

  /// Gives a connection back; the next who waits gets it. A broken one connects again when it is taken.
  func give(_ connection: PostgresConnection) {
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

  private func waitForBackoff() async throws(StoreError) {
    let wait = ContinuousClock.now.duration(to: mayConnectAt)
    guard wait > .zero, let lastFailure else { return }
    // Whoever comes within the pause is told at once what went wrong last, but for the one who tries first.
    guard wait <= .milliseconds(limits.waitMilliseconds) else { throw lastFailure }
    await Pause.now(wait)
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
