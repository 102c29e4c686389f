import GRDB
import GRDBSQLite
import Store
import StoreSQL

/// A prepared statement on GRDB's connection. It goes straight to SQLite's C interface: rows of the ledger pass here by the
/// hundred thousand, and a dictionary or an array of boxed values for each would cost more than SQLite itself.
final class SQLiteStatement: SQLStatement {
  /// Keeps the pointer alive; GRDB's cache of statements has it too.
  private let statement: Statement
  private let pointer: OpaquePointer
  private let connection: OpaquePointer

  /// Takes the statement from the connection's cache, or compiles it.
  init(_ database: Database, _ sql: String) throws {
    statement = try database.cachedStatement(sql: sql)
    pointer = statement.sqliteStatement
    guard let connection = database.sqliteConnection else {
      throw DatabaseError(resultCode: .SQLITE_MISUSE, message: "connection is closed")
    }
    self.connection = connection
  }

  func bindNull(at place: Int32) throws { try check(sqlite3_bind_null(pointer, place)) }

  func bind(_ value: Int64, at place: Int32) throws { try check(sqlite3_bind_int64(pointer, place, value)) }

  func bind(_ value: Double, at place: Int32) throws { try check(sqlite3_bind_double(pointer, place, value)) }

  func bind(_ value: String, at place: Int32) throws {
    var text = value
    let code = text.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) { characters in
        // A null address would bind NULL: an empty text has to have one.
        guard let base = characters.baseAddress else { return sqlite3_bind_text(pointer, place, "", 0, Self.transient) }
        return sqlite3_bind_text64(
          pointer, place, base, UInt64(characters.count), Self.transient, UInt8(truncatingIfNeeded: SQLITE_UTF8))
      }
    }
    try check(code)
  }

  func bind(_ value: [UInt8], at place: Int32) throws {
    let code = value.withUnsafeBytes { buffer in
      guard let base = buffer.baseAddress, !buffer.isEmpty else { return sqlite3_bind_zeroblob(pointer, place, 0) }
      return sqlite3_bind_blob64(pointer, place, base, UInt64(buffer.count), Self.transient)
    }
    try check(code)
  }

  func step() throws -> Bool {
    let code = sqlite3_step(pointer)
    switch code {
    case SQLITE_ROW: return true
    case SQLITE_DONE:
      reset()
      return false
    default:
      let error = failure(code)
      reset()
      throw error
    }
  }

  /// The code that `sqlite3_reset` answers repeats the error of the step before, which was thrown already.
  func reset() {
    _ = sqlite3_reset(pointer)
  }

  var changes: Int { Int(sqlite3_changes64(connection)) }

  func isNull(_ column: Int32) -> Bool { sqlite3_column_type(pointer, column) == SQLITE_NULL }

  func int64(_ column: Int32) -> Int64 { sqlite3_column_int64(pointer, column) }

  func double(_ column: Int32) -> Double { sqlite3_column_double(pointer, column) }

  func bytes(_ column: Int32) -> UnsafeBufferPointer<UInt8> {
    let start = sqlite3_column_blob(pointer, column)
    let count = Int(sqlite3_column_bytes(pointer, column))
    return UnsafeBufferPointer(start: start?.assumingMemoryBound(to: UInt8.self), count: start == nil ? 0 : count)
  }

  /// SQLite copies the bytes before the call returns (`SQLITE_TRANSIENT`).
  private static var transient: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }

  private func check(_ code: Int32) throws {
    guard code == SQLITE_OK else { throw failure(code) }
  }

  private func failure(_ code: Int32) -> StoreError {
    let extended = sqlite3_extended_errcode(connection)
    return StoreError(
      sqlite: DatabaseError(
        resultCode: ResultCode(rawValue: extended & 0xff == code & 0xff ? extended : code),
        message: String(cString: sqlite3_errmsg(connection))))
  }
}
