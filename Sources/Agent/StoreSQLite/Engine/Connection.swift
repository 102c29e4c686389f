import Dispatch
import EventModel
import GRDB
import Store
import StoreSQL

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// How connections are set up.
enum Connection {
  /// "Carl" in ASCII: tells this program's files from other SQLite files.
  private static let applicationID = 0x4361_726c
  /// Pages in the write-ahead log before they are moved into the file: each move costs two more `fsync`.
  private static let checkpointPages = 4_000

  /// Opens the file, sets it up and migrates it. Blocks.
  static func open(path: String, options: SQLiteStore.Options) throws -> DatabasePool {
    try makeFile(path)
    let pool = try DatabasePool(path: path, configuration: configuration(options))
    do {
      try pool.writeWithoutTransaction { database in
        try refuseForeignFile(database)
        // GRDB sets NORMAL for WAL; with that, a power cut may undo acknowledged transactions.
        try database.execute(sql: "PRAGMA synchronous = FULL")
        try database.execute(sql: "PRAGMA wal_autocheckpoint = \(checkpointPages)")
        try database.execute(sql: "PRAGMA cache_size = -\(max(options.cacheKibibytes, 1))")
        // What is deleted is overwritten. What SQLite leaves behind when it moves rows about is `PageGap`'s.
        try database.execute(sql: "PRAGMA secure_delete = ON")
        if let pages = options.maximumPages {
          try database.execute(sql: "PRAGMA max_page_count = \(max(pages, 1))")
        }
      }
      try Migrations.run(pool)
      if !options.opensMoved { try pool.read { try Session($0).refuseMoved() } }
      // When somebody else reads the file now, upkeep does it.
      _ = try pool.writeWithoutTransaction { try Session($0).scrubAll() }
      if options.checksIntegrity { try checkIntegrity(pool) }
      return pool
    } catch {
      try? pool.close()
      throw error
    }
  }

  private static func configuration(_ options: SQLiteStore.Options) -> Configuration {
    var configuration = Configuration()
    configuration.maximumReaderCount = min(max(options.readers, 1), 16)
    configuration.persistentReadOnlyConnections = true
    // Rows refer to each other by numbers that the verbs check; the engine's own check would look up every one again.
    configuration.foreignKeysEnabled = false
    configuration.busyMode = .timeout(5)
    configuration.label = "store"
    let cache = max(options.cacheKibibytes / 4, 1)
    configuration.prepareDatabase { database in
      // No mmap: an I/O error on a mapped page ends the process, where a read answers an error.
      try database.execute(sql: "PRAGMA mmap_size = 0; PRAGMA cache_size = -\(cache); PRAGMA temp_store = MEMORY")
    }
    return configuration
  }

  /// Makes the file for its owner's eyes only; SQLite gives the log beside it the same mode.
  private static func makeFile(_ path: String) throws(StoreError) {
    let descriptor = Self.openFile(path)
    guard descriptor >= 0 else { throw failure("open", path) }
    defer { _ = closeFile(descriptor) }
    guard fchmod(descriptor, 0o600) == 0 else { throw failure("set the mode of", path) }
  }

  private static func openFile(_ path: String) -> Int32 {
    #if canImport(Glibc)
      Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    #elseif canImport(Musl)
      Musl.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    #else
      Darwin.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    #endif
  }

  private static func closeFile(_ descriptor: Int32) -> Int32 { close(descriptor) }

  private static func failure(_ verb: String, _ path: String) -> StoreError {
    let code = errno
    return StoreError(
      code == ENOSPC ? .full : .unavailable, "cannot \(verb) the store \(path): \(String(cString: strerror(code)))")
  }

  /// A file that is SQLite's but not ours is left alone.
  private static func refuseForeignFile(_ database: Database) throws {
    let id = try Int.fetchOne(database, sql: "PRAGMA application_id") ?? 0
    let tables = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
    guard id == applicationID || tables == 0 else {
      throw StoreError(.corrupt, "the file is an SQLite file of another program")
    }
    if id != applicationID { try database.execute(sql: "PRAGMA application_id = \(applicationID)") }
  }

  /// For those who only read.
  /// - Throws: `.corrupt` when the file is no store.
  static func requireStore(_ database: Database) throws {
    guard try Int.fetchOne(database, sql: "PRAGMA application_id") == applicationID else {
      throw StoreError(.corrupt, "the file is no store")
    }
  }

  private static func checkIntegrity(_ pool: DatabasePool) throws {
    let answer = try pool.read { try String.fetchOne($0, sql: "PRAGMA quick_check(1)") }
    guard answer == "ok" else {
      throw StoreError(.corrupt, "the store's file is damaged: \(answer ?? "quick_check gave no answer")")
    }
  }
}

/// Runs blocking work on a thread of its own, so that Swift's cooperative pool never waits.
func onThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
  await withCheckedContinuation { continuation in
    DispatchQueue.global().async { continuation.resume(returning: body()) }
  }
}

/// The machine's clock.
enum SystemClock {
  static func now() -> Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(seconds: Int64(time.tv_sec)) + TimeSpan(microseconds: Int64(time.tv_nsec) / 1_000)
  }
}
