import GRDB
import GRDBSQLite
import Store
import StoreSQL

/// How far the overwriting of unused bytes came.
enum ScrubStep: Sendable {
  /// A reader holds an old state of the file.
  case held
  /// The next page to look at; nil when all were.
  case done(next: Int64?)
}

extension Session {
  /// Pages looked at in one go, while others wait for the writer: some 20 milliseconds.
  private static let pagesPerStep: Int64 = 4_096
  /// How long readers are waited for, in milliseconds, while others wait for the writer.
  private static let patienceMilliseconds: Int32 = 100
  /// As the connection is set up.
  private static let busyMilliseconds: Int32 = 5_000
  /// Beyond it, the first byte of an overflow page may look like that of a tree's node.
  private static let maximumPages: Int64 = 1 << 24

  /// Moves the log into the file and empties it; then zeroes what is unused in some pages of the file. Outside of a
  /// transaction.
  ///
  /// The file is written past SQLite, through its own handle. That is safe, because the log is empty and the write lock is
  /// held, so that the file is the newest state of each page; because only bytes are touched that no cell is in; and because
  /// the connection forgets its copies of the pages before it can write them again.
  func scrub(from first: Int64) throws -> ScrubStep {
    let database = try connection
    guard try truncateLog(database) else { return .held }
    try database.beginTransaction(.immediate)
    let result = Result { try zeroGaps(database, from: first) }
    try database.rollback()
    // Its copies of the pages hold what was zeroed.
    sqlite3_db_release_memory(database.sqliteConnection)
    return .done(next: try result.get())
  }

  /// Answers false when a reader is in the way.
  private func truncateLog(_ database: Database) throws -> Bool {
    let connection = database.sqliteConnection
    sqlite3_busy_timeout(connection, Self.patienceMilliseconds)
    defer { sqlite3_busy_timeout(connection, Self.busyMilliseconds) }
    let code = sqlite3_wal_checkpoint_v2(connection, nil, SQLITE_CHECKPOINT_TRUNCATE, nil, nil)
    switch code {
    case SQLITE_OK: return true
    case SQLITE_BUSY, SQLITE_LOCKED: return false
    default: throw DatabaseError(resultCode: ResultCode(rawValue: code), message: "the log cannot be emptied")
    }
  }

  private func zeroGaps(_ database: Database, from first: Int64) throws -> Int64? {
    let count = try query("PRAGMA page_count").first { $0.int64(0) } ?? 0
    let size = try query("PRAGMA page_size").first { $0.int(0) } ?? 0
    guard count <= Self.maximumPages, size >= 512 else {
      throw StoreError(
        .unavailable, "the store's file has \(count) pages of \(size) bytes: too many to overwrite; VACUUM it")
    }
    let file = try PageFile(database, pageSize: size)
    let end = min(first + Self.pagesPerStep, count + 1)
    for page in first..<end { try file.zeroGap(ofPage: page) }
    try file.synchronise()
    return end > count ? nil : end
  }
}

/// The store's file, through SQLite's own handle: a descriptor of ours would drop SQLite's locks when it is closed (POSIX).
private final class PageFile {
  private let file: UnsafeMutablePointer<sqlite3_file>
  private let methods: sqlite3_io_methods
  private let pageSize: Int
  private var buffer: [UInt8]
  private var hasWritten = false

  init(_ database: Database, pageSize: Int) throws {
    var file: UnsafeMutablePointer<sqlite3_file>?
    let code = sqlite3_file_control(database.sqliteConnection, "main", SQLITE_FCNTL_FILE_POINTER, &file)
    guard code == SQLITE_OK, let file, let methods = file.pointee.pMethods?.pointee else {
      throw DatabaseError(resultCode: ResultCode(rawValue: code), message: "SQLite gave no handle of the file")
    }
    self.file = file
    self.methods = methods
    self.pageSize = pageSize
    buffer = [UInt8](repeating: 0, count: pageSize)
  }

  func zeroGap(ofPage page: Int64) throws {
    let offset = (page - 1) * Int64(pageSize)
    try buffer.withUnsafeMutableBytes { bytes in
      try check(methods.xRead?(file, bytes.baseAddress, Int32(pageSize), offset))
      guard let gap = PageGap.range(UnsafeRawBufferPointer(bytes), header: page == 1 ? 100 : 0),
        bytes[gap].contains(where: { $0 != 0 })
      else { return }
      let unused = UnsafeMutableRawBufferPointer(rebasing: bytes[gap])
      unused.initializeMemory(as: UInt8.self, repeating: 0)
      try check(methods.xWrite?(file, unused.baseAddress, Int32(gap.count), offset + Int64(gap.lowerBound)))
      hasWritten = true
    }
  }

  func synchronise() throws {
    if hasWritten { try check(methods.xSync?(file, SQLITE_SYNC_NORMAL)) }
  }

  private func check(_ code: Int32?) throws {
    guard code != SQLITE_OK else { return }
    throw DatabaseError(resultCode: ResultCode(rawValue: code ?? SQLITE_IOERR), message: "a page cannot be overwritten")
  }
}
