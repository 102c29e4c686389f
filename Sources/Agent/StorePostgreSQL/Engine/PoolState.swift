import Store

/// Who has which connection of a pool, who waits for one, and how connecting goes. Pure but for the connections in it.
struct PoolState: Sendable {
  /// A caller that waits for a connection.
  struct Waiter: Sendable {
    let id: Int
    let continuation: CheckedContinuation<Result<PostgresConnection, StoreError>, Never>
  }

  /// Connections that nobody uses; the last one used is at the end, and used first.
  private(set) var idle: [PostgresConnection] = []
  private(set) var busy: [ObjectIdentifier: PostgresConnection] = [:]
  private(set) var waiters: [Waiter] = []
  private var nextWaiter = 0
  private(set) var isClosed = false
  private var closers: [CheckedContinuation<Void, Never>] = []

  /// How often connecting failed since it last went well, why it did the last time, and when it may be tried again.
  private(set) var failures = 0
  private(set) var lastFailure: StoreError?
  private(set) var mayConnectAt = ContinuousClock.now
  /// The attempt to connect that is under way, while connecting fails.
  var attempt: Task<Void, Never>?

  /// A connection for a caller; nil when it has to wait.
  mutating func take(
    _ limits: PostgresPool.Limits, make: () throws(StoreError) -> PostgresConnection
  ) throws(StoreError) -> PostgresConnection? {
    guard !isClosed else { throw PostgresPool.closed }
    var free = idle.popLast()
    if free == nil, busy.count < limits.connections { free = try make() }
    guard let connection = free else {
      guard waiters.count < limits.waiters else {
        throw StoreError(.unavailable, "\(waiters.count) callers already wait for a connection to the database")
      }
      return nil
    }
    busy[ObjectIdentifier(connection)] = connection
    return connection
  }

  /// Puts a caller at the end of the line; answers its number.
  mutating func wait(_ continuation: CheckedContinuation<Result<PostgresConnection, StoreError>, Never>) -> Int {
    nextWaiter += 1
    waiters.append(Waiter(id: nextWaiter, continuation: continuation))
    return nextWaiter
  }

  /// Takes a caller out of the line, if it still waits.
  mutating func leave(_ id: Int) -> Waiter? {
    waiters.firstIndex { $0.id == id }.map { waiters.remove(at: $0) }
  }

  /// What is to be done with a connection that was given back.
  enum Next: Sendable {
    case nothing
    case handOn(Waiter)
    case close([CheckedContinuation<Void, Never>])
  }

  /// Takes a connection back.
  mutating func give(_ connection: PostgresConnection) -> Next {
    let id = ObjectIdentifier(connection)
    guard busy[id] != nil else { return .nothing }
    if isClosed {
      busy[id] = nil
      guard busy.isEmpty else { return .close([]) }
      defer { closers = [] }
      return .close(closers)
    }
    guard waiters.isEmpty else { return .handOn(waiters.removeFirst()) }
    busy[id] = nil
    idle.append(connection)
    return .nothing
  }

  /// Lets nobody in any more; answers who waited, and which connections nobody used.
  mutating func close() -> ([Waiter], [PostgresConnection]) {
    isClosed = true
    defer { (waiters, idle) = ([], []) }
    return (waiters, idle)
  }

  /// Waits until the last connection is given back; false when none is out.
  mutating func waitForLast(_ closer: CheckedContinuation<Void, Never>) -> Bool {
    guard !busy.isEmpty else { return false }
    closers.append(closer)
    return true
  }

  mutating func noteSuccess() { (failures, lastFailure) = (0, nil) }

  mutating func noteFailure(_ error: StoreError, _ limits: PostgresPool.Limits) {
    lastFailure = error
    failures += 1
    let doubled = limits.backoffMilliseconds << min(failures - 1, 16)
    let pause = min(doubled, limits.maximumBackoffMilliseconds)
    mayConnectAt = .now + .milliseconds(Int.random(in: pause / 2...max(pause, 1)))
  }
}
