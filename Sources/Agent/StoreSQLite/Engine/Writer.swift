import GRDB
import GRDBSQLite
import Store
import StoreSQL
import Synchronization

/// The single writer: jobs wait in order of priority, and small ones that wait together share one transaction, so that
/// they share one `fsync` too (group commit). A job is durable, and its caller goes on, only after the COMMIT.
final class Writer: Sendable {
  /// Jobs share a transaction up to this many rows together; a larger job has one of its own.
  static let rowsPerGroup = 1_000
  /// No job joins a transaction that has run for this long.
  static let groupTime = Duration.milliseconds(50)

  private let pool: DatabasePool
  private let agent: String
  private let state = Mutex(State())

  private struct State {
    var waiting = WritePriority.allCases.map { _ in Line() }
    var isRunning = false
  }

  /// Jobs of one priority, first come first served.
  private struct Line {
    private var jobs: [Job] = []
    private var head = 0

    var count: Int { jobs.count - head }
    var first: Job? { head < jobs.count ? jobs[head] : nil }

    mutating func append(_ job: Job) { jobs.append(job) }

    /// Takes the first out. The room of those taken is given back when they are half of all, so that each costs the same.
    mutating func removeFirst() {
      head += 1
      guard head * 2 >= jobs.count else { return }
      jobs.removeFirst(head)
      head = 0
    }
  }

  /// A job, its type erased. `perform` keeps its result until `finish` is told how the COMMIT went.
  private struct Job: Sendable {
    let rows: Int
    /// Runs between transactions, alone.
    var isOutside = false
    let perform: @Sendable (Session) throws -> Void
    let finish: @Sendable (StoreError?) -> Void
  }

  /// - Parameter agent: in whose chain audit records are written.
  init(pool: DatabasePool, agent: String) {
    self.pool = pool
    self.agent = agent
  }

  /// Runs `body` in a transaction that is committed when this returns. What `body` throws undoes what it did.
  func run<Value: Sendable>(
    _ priority: WritePriority, rows: Int, _ body: @escaping @Sendable (Session) throws -> Value
  ) async throws(StoreError) -> Value {
    let result: Result<Value, StoreError> = await withCheckedContinuation { continuation in
      let box = ResultBox<Value>()
      let job = Job(
        rows: max(rows, 1), perform: { box.set(try body($0)) },
        finish: { continuation.resume(returning: box.result(error: $0)) })
      enqueue(job, priority)
    }
    return try result.get()
  }

  /// Runs `body` outside of any transaction, when its turn comes: for what cannot be done in one.
  func runOutside<Value: Sendable>(
    _ priority: WritePriority, _ body: @escaping @Sendable (Session) throws -> Value
  ) async throws(StoreError) -> Value {
    let result: Result<Value, StoreError> = await withCheckedContinuation { continuation in
      let box = ResultBox<Value>()
      let job = Job(
        rows: .max, isOutside: true, perform: { box.set(try body($0)) },
        finish: { continuation.resume(returning: box.result(error: $0)) })
      enqueue(job, priority)
    }
    return try result.get()
  }

  /// How many jobs wait.
  var waiting: Int { state.withLock { $0.waiting.reduce(0) { $0 + $1.count } } }

  private func enqueue(_ job: Job, _ priority: WritePriority) {
    let starts = state.withLock { state in
      state.waiting[priority.rawValue].append(job)
      defer { state.isRunning = true }
      return !state.isRunning
    }
    if starts {
      pool.asyncWriteWithoutTransaction { [self] database in drain(database) }
    }
  }

  /// Does jobs until none waits. One drain runs at a time.
  private func drain(_ database: Database) {
    while let first = next(within: .max) {
      if first.isOutside { runOutside(first, database) } else { runGroup(first, database) }
    }
  }

  private func runOutside(_ job: Job, _ database: Database) {
    do {
      try job.perform(Session(database, agent: agent))
      job.finish(nil)
    } catch {
      job.finish(StoreError(sqlite: error))
    }
  }

  /// The next job, if it has at most `rows`; nil and not running any more when there is none at all.
  private func next(within rows: Int) -> Job? {
    state.withLock { state in
      for index in state.waiting.indices {
        guard let job = state.waiting[index].first else { continue }
        guard job.rows <= rows else { return nil }
        state.waiting[index].removeFirst()
        return job
      }
      // Only a drain between groups may stop; within a group the caller asks again.
      if rows == .max { state.isRunning = false }
      return nil
    }
  }

  private func runGroup(_ first: Job, _ database: Database) {
    let started = ContinuousClock.now
    do {
      try database.beginTransaction(.immediate)
    } catch {
      first.finish(StoreError(sqlite: error))
      return
    }
    var done: [Job] = []
    var rows = 0
    var candidate: Job? = first
    while let job = candidate {
      switch attempt(job, database, isFirst: done.isEmpty) {
      case .kept: done.append(job)
      case .undone(let error): job.finish(error)
      case .rolledBack(let error):
        // The disk is full or failing, and SQLite undid the whole transaction.
        for job in done + [job] { job.finish(error) }
        return
      }
      rows += job.rows
      candidate = started.duration(to: .now) < Self.groupTime ? next(within: Self.rowsPerGroup - rows) : nil
      if done.isEmpty, candidate != nil, !begin(database) {
        candidate?.finish(StoreError(.unavailable, "the store's file cannot be written"))
        return
      }
    }
    finish(done, database)
  }

  private enum Attempt {
    case kept
    case undone(StoreError)
    case rolledBack(StoreError)
  }

  /// Runs one job. The first of a group needs no savepoint, which would copy pages: the transaction itself is one.
  private func attempt(_ job: Job, _ database: Database, isFirst: Bool) -> Attempt {
    do {
      if !isFirst { try Session(database).query("SAVEPOINT job").run() }
      try job.perform(Session(database, agent: agent))
      if !isFirst { try Session(database).query("RELEASE job").run() }
      return .kept
    } catch {
      let failure = StoreError(sqlite: error)
      guard sqlite3_get_autocommit(database.sqliteConnection) == 0 else { return .rolledBack(failure) }
      do {
        if isFirst {
          try database.rollback()
        } else {
          try Session(database).query("ROLLBACK TO job").run()
          try Session(database).query("RELEASE job").run()
        }
        return .undone(failure)
      } catch {
        return .rolledBack(StoreError(sqlite: error))
      }
    }
  }

  /// Begins again after the first job was rolled back.
  private func begin(_ database: Database) -> Bool {
    if database.isInsideTransaction { return true }
    return (try? database.beginTransaction(.immediate)) != nil
  }

  private func finish(_ done: [Job], _ database: Database) {
    guard !done.isEmpty else { return }
    var failure: StoreError?
    do {
      try database.commit()
    } catch {
      failure = StoreError(commit: error)
      if database.isInsideTransaction {
        do { try database.rollback() } catch { failure = StoreError(commit: error) }
      }
    }
    for job in done { job.finish(failure) }
  }
}

/// Holds a job's result until its transaction is committed.
private final class ResultBox<Value: Sendable>: Sendable {
  private let value = Mutex<Value?>(nil)

  func set(_ value: Value) {
    self.value.withLock { $0 = value }
  }

  func result(error: StoreError?) -> Result<Value, StoreError> {
    if let error { return .failure(error) }
    guard let value = value.withLock({ $0 }) else {
      return .failure(StoreError(.unknown, "a transaction was committed without its result"))
    }
    return .success(value)
  }
}
