import EventModel
import Store
import StorePostgreSQL
import StoreSQL
import StoreSQLite

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// A store that is open for being moved, whichever it is.
enum OpenStore: Sendable {
  case sqlite(SQLiteStore)
  case postgres(PostgresStore)

  /// Opens it, making its tables as needed; one that was moved away too.
  /// - Throws: `.locked` when an agent has the file open; else as the store's own `open`.
  static func open(_ address: StoreAddress) async throws(StoreError) -> OpenStore {
    switch address {
    case .sqlite(let path):
      var options = SQLiteStore.Options(readers: 1)
      options.opensMoved = true
      do throws(StoreError) {
        return .sqlite(try await SQLiteStore.open(path: path, options: options))
      } catch {
        guard error.code == .locked else { throw error }
        throw StoreError(.locked, "\(error.message): stop that agent first", cause: error)
      }
    case .postgresql(let url):
      var options = PostgresStore.Options(url: url, connections: 1)
      options.opensMoved = true
      return .postgres(try await PostgresStore.open(options))
    }
  }

  func close() async {
    switch self {
    case .sqlite(let store): await store.close()
    case .postgres(let store): await store.close()
    }
  }

  /// The store's clock.
  func clock() async throws(StoreError) -> Timestamp {
    switch self {
    case .sqlite(let store): try await store.clock()
    case .postgres(let store): try await store.clock()
    }
  }

  /// One long snapshot.
  func snapshot<Value: Sendable>(
    _ body: @escaping @Sendable (Session) throws -> Value
  ) async throws(StoreError) -> Value {
    switch self {
    case .sqlite(let store): try await store.read(.fresh, body)
    case .postgres(let store): try await store.snapshot(body)
    }
  }

  /// One long transaction, while no agent runs on the store.
  /// - Throws: `.failedPrecondition` when one does.
  func writeAlone<Value: Sendable>(
    _ body: @escaping @Sendable (Session) throws -> Value
  ) async throws(StoreError) -> Value {
    switch self {
    case .sqlite(let store): return try await store.write(.change, rows: 1_000_000, body)
    case .postgres(let store):
      let now = try await store.clock()
      return try await store.writeAlone { session in
        if let agent = try session.liveAgents(now: now).first {
          throw StoreError(
            .failedPrecondition,
            "the agent \(agent.name) runs on the database: its lease holds until \(agent.until.text); stop it first")
        }
        return try body(session)
      }
    }
  }

  /// Makes room for the buckets of some days, as days since 1970.
  func prepare(days: [Int64]) async throws(StoreError) {
    guard case .postgres(let store) = self else { return }
    guard days.count <= Self.maximumDays, days.allSatisfy({ (0...Self.lastDay).contains($0) }) else {
      throw StoreError(.invalid, "the backup's events are of \(days.count) days; the most is \(Self.maximumDays)")
    }
    for start in stride(from: 0, to: days.count, by: Self.daysPerTransaction) {
      try await store.makePartitions(ofDays: Array(days[start..<min(start + Self.daysPerTransaction, days.count)]))
    }
  }

  /// Each day is two tables.
  private static let maximumDays = 10_000
  /// The last that a bucket's number can carry.
  private static let lastDay: Int64 = (1 << 23) - 1
  /// A table and its indexes take a lock each, of which a transaction may hold some thousands.
  private static let daysPerTransaction = 30
}

/// The machine's clock.
enum MachineClock {
  static func now() -> Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(seconds: Int64(time.tv_sec)) + TimeSpan(microseconds: Int64(time.tv_nsec) / 1_000)
  }
}
