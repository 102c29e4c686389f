import GRDB
package import Store
package import StoreSQL

/// Reads a store's file while an agent has it open, from another process.
///
/// The lock file keeps a second *agent* away. A reader is no agent: SQLite's WAL gives it the state of one moment, however
/// long it reads, and lets the agent write on. Two things wait for it: the log is not emptied meanwhile, so that it grows;
/// and so is what erasing a person leaves in unused bytes, for which the agent waits as for any reader.
package enum SQLiteSnapshot {
  /// - Throws: `.unavailable` when there is no such file, `.corrupt` when it is no store of this version.
  package static func read<Value: Sendable>(
    path: String, _ body: @escaping @Sendable (Session) throws -> Value
  ) async throws(StoreError) -> Value {
    let result: Result<Value, StoreError> = await onThread {
      do {
        return .success(try readNow(path, body))
      } catch {
        return .failure(StoreError(sqlite: error))
      }
    }
    return try result.get()
  }

  private static func readNow<Value>(_ path: String, _ body: (Session) throws -> Value) throws -> Value {
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(5)
    configuration.label = "snapshot"
    configuration.prepareDatabase { try $0.execute(sql: "PRAGMA mmap_size = 0; PRAGMA cache_size = -8192") }
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    defer { try? queue.close() }
    return try queue.inDatabase { database in
      try database.beginTransaction(.deferred)
      defer { try? database.rollback() }
      try Connection.requireStore(database)
      try Migrations.requireNewest(database)
      return try body(Session(database))
    }
  }
}
