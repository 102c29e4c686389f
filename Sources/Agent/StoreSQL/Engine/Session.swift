import EventModel
import Store

/// One job inside a transaction, or one read inside a snapshot: everything the verbs do is written as methods of it.
public final class Session {
  package let database: any SQLDatabase
  private var lastReceipt: Int64?

  package init(_ database: any SQLDatabase) {
    self.database = database
  }

  package var dialect: any SQLDialect { database.dialect }

  package func query(_ sql: String) throws -> Query { Query(statement: try database.statement(sql)) }

  /// The number of the next receipt. Numbers grow in the order of commits, since there is one writer, and are not used
  /// again after retention: that makes them the watcher's cursor.
  package func nextReceipt() throws -> Int64 {
    let next = try (lastReceipt ?? maximumReceipt()) + 1
    lastReceipt = next
    return next
  }

  /// The newest receipt's number, removed ones included.
  package func maximumReceipt() throws -> Int64 {
    let newest = try query("SELECT max(id) FROM receipt").first { $0.int64(0) } ?? 0
    return max(newest, try counter(.receiptFloor))
  }

  /// Runs `body` in a savepoint; undoes it when it throws, or when `keeps` is false.
  package func savepoint<Value>(keeps: Bool = true, _ body: () throws -> Value) throws -> Value {
    try query("SAVEPOINT change").run()
    do {
      let value = try body()
      if !keeps { try query("ROLLBACK TO change").run() }
      try query("RELEASE change").run()
      if !keeps { lastReceipt = nil }
      return value
    } catch {
      // When the database rolled everything back by itself (a full disk), the savepoint is gone with it.
      if database.isInTransaction {
        try query("ROLLBACK TO change").run()
        try query("RELEASE change").run()
      }
      lastReceipt = nil
      throw error
    }
  }
}

extension Session {
  /// Numbers in `meta`.
  package enum Counter: String {
    case queueRevision = "queue_revision"
    case routingRevision = "routing_revision"
    case accessRevision = "access_revision"
    case receiptFloor = "receipt_floor"
    /// Not 0: the file is to be written anew, as what it was before may hold what was deleted.
    case vacuumOwed = "vacuum_owed"
    /// Not 0: somebody was erased, and the file's unused bytes are not overwritten yet. Counts up with each.
    case scrubOwed = "scrub_owed"
    /// See `MovedMark`.
    case movingSince = "moving_since"
    case movedAt = "moved_at"
  }

  package func counter(_ counter: Counter) throws -> Int64 {
    try query("SELECT value FROM meta WHERE key = ?").first(counter.rawValue) { $0.int64(0) } ?? 0
  }

  package func setCounter(_ counter: Counter, _ value: Int64) throws {
    try query("INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value")
      .run(counter.rawValue, value)
  }

  /// Adds 1, and answers the new value.
  @discardableResult
  package func bump(_ counter: Counter) throws -> Int64 {
    let value = try self.counter(counter) + 1
    try setCounter(counter, value)
    return value
  }

  /// The number of a namespace that exists.
  package func namespace(_ name: String) throws -> Int64? {
    try query("SELECT id FROM namespace WHERE name = ?").first(name) { $0.int64(0) }
  }

  /// The number of a namespace, made when it is new.
  package func makeNamespace(_ name: String) throws -> Int64 {
    if let number = try namespace(name) { return number }
    return try query("INSERT INTO namespace (name) VALUES (?) RETURNING id").only(name) { $0.int64(0) }
  }
}
