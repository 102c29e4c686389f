public import EventModel
import GRDB
public import Store
public import StoreSQL
import Synchronization

/// The embedded store: one SQLite file in WAL mode, one writer, a few readers.
///
/// What a verb answers is durable: every transaction is synchronised to the disk (`synchronous = FULL`) before it
/// returns. One process has the file at a time.
public final class SQLiteStore: SQLStore {
  /// How a store is opened.
  public struct Options: Sendable {
    /// Read connections; 1 to 16.
    public var readers: Int
    /// Page cache of the writing connection, in KiB; each reader has a quarter of it.
    public var cacheKibibytes: Int
    /// Reads every page once at opening, and refuses a damaged file; takes seconds per gigabyte.
    public var checksIntegrity: Bool
    /// The most pages (4 KiB) that the file may have; nil: as many as the disk holds.
    public var maximumPages: Int?
    /// How long erasing somebody waits for readers that hold an old state of the file.
    public var eraseWait: Duration
    /// The name of the agent that uses the store: its audit records form one chain.
    public var agent: String
    /// Opens a store too whose content went to another one: see `MovedMark`.
    package var opensMoved = false

    /// Makes options.
    public init(
      readers: Int = 3, cacheKibibytes: Int = 8_192, checksIntegrity: Bool = false, maximumPages: Int? = nil,
      eraseWait: Duration = .seconds(10), agent: String = standardAgent
    ) {
      self.readers = readers
      self.cacheKibibytes = cacheKibibytes
      self.checksIntegrity = checksIntegrity
      self.maximumPages = maximumPages
      self.eraseWait = eraseWait
      self.agent = agent
    }

    /// Whose chain audit records stand in that no named agent writes.
    public static let standardAgent = "agent"
  }

  private let pool: DatabasePool
  private let writer: Writer
  private let gate = Gate()
  private let lock: Mutex<LockFile?>
  let eraseWait: Duration

  /// Opens the store at `path`, making or migrating it as needed.
  /// - Throws: `.locked` when another process has it open, `.corrupt` when it is damaged or of a newer version, `.full`,
  ///   `.unavailable` when the file cannot be used.
  public static func open(path: String, options: Options = Options()) async throws(StoreError) -> SQLiteStore {
    let lock = try LockFile(path: path + ".lock")
    let result = await onThread { Result { try Connection.open(path: path, options: options) } }
    switch result {
    case .success(let pool): return SQLiteStore(pool: pool, lock: lock, options: options)
    case .failure(let error): throw StoreError(sqlite: error)
    }
  }

  private init(pool: DatabasePool, lock: LockFile, options: Options) {
    self.pool = pool
    self.writer = Writer(pool: pool, agent: options.agent)
    self.lock = Mutex(lock)
    eraseWait = options.eraseWait
  }

  /// Finishes what is under way and closes. Calling it again does nothing.
  public func close() async {
    guard await gate.close() else { return }
    let pool = self.pool
    // The write-ahead log is moved into the file first: the last connection to close may be a reader, which cannot.
    // Should either fail, nothing is lost: the log is read again at the next opening.
    await onThread {
      _ = try? pool.writeWithoutTransaction { try $0.checkpoint(.truncate) }
      try? pool.close()
    }
    lock.withLock { $0 = nil }
  }

  /// The store's own clock; the pipeline corrects its clock by it.
  public func clock() async throws(StoreError) -> Timestamp { SystemClock.now() }

  /// One transaction of the single writer.
  public func write<Value: Sendable>(
    _ priority: WritePriority, rows: Int, _ body: @escaping @Sendable (Session) throws -> Value
  ) async throws(StoreError) -> Value {
    guard gate.enter() else { throw StoreError(.unavailable, "the store is closed") }
    defer { gate.leave() }
    return try await writer.run(priority, rows: rows, body)
  }

  /// What cannot be done in a transaction, on the writer's connection.
  func step<Value: Sendable>(_ body: @escaping @Sendable (Session) throws -> Value) async throws(StoreError) -> Value {
    guard gate.enter() else { throw StoreError(.unavailable, "the store is closed") }
    defer { gate.leave() }
    return try await writer.runOutside(.claim, body)
  }

  /// How many transactions wait for the writer.
  var waiting: Int { writer.waiting }

  /// One snapshot of a reader. Not GRDB's `async` read, which gives up when the task is cancelled: a draining agent
  /// still has to load and record.
  public func read<Value: Sendable>(
    _ freshness: Freshness = .fresh, _ body: @escaping @Sendable (Session) throws -> Value
  ) async throws(StoreError) -> Value {
    guard gate.enter() else { throw StoreError(.unavailable, "the store is closed") }
    defer { gate.leave() }
    let pool = self.pool
    let result: Result<Value, StoreError> = await withCheckedContinuation { continuation in
      pool.asyncRead { database in
        do {
          continuation.resume(returning: .success(try body(Session(try database.get()))))
        } catch {
          continuation.resume(returning: .failure(StoreError(sqlite: error)))
        }
      }
    }
    return try result.get()
  }
}
