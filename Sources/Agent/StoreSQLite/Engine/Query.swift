import EventModel
import GRDB
import GRDBSQLite

/// A prepared statement of one connection, bound by position and read by column number.
///
/// It goes straight to SQLite's C interface on GRDB's connection: rows of the ledger pass here by the hundred thousand,
/// and a dictionary or an array of boxed values for each would cost more than SQLite itself. A query is compiled once
/// per connection; one query must not be used again while it is being stepped.
struct Query {
  private let statement: Statement
  let pointer: OpaquePointer
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

  /// Runs it to its end; answers how many rows it changed.
  @discardableResult
  func run<each Value: Bindable>(_ values: repeat each Value) throws -> Int {
    try bind(repeat each values)
    while try step() {}
    return Int(sqlite3_changes64(connection))
  }

  /// The first row, if there is one.
  func first<each Value: Bindable, Item>(
    _ values: repeat each Value, read: (Columns) throws -> Item
  ) throws -> Item? {
    try bind(repeat each values)
    defer { reset() }
    return try step() ? try read(Columns(pointer: pointer)) : nil
  }

  /// Whether there is a row.
  func exists<each Value: Bindable>(_ values: repeat each Value) throws -> Bool {
    try bind(repeat each values)
    defer { reset() }
    return try step()
  }

  /// All rows.
  func all<each Value: Bindable, Item>(
    _ values: repeat each Value, read: (Columns) throws -> Item
  ) throws -> [Item] {
    var items: [Item] = []
    try forEach(repeat each values) { items.append(try read($0)) }
    return items
  }

  /// Reads row after row.
  func forEach<each Value: Bindable>(_ values: repeat each Value, body: (Columns) throws -> Void) throws {
    try bind(repeat each values)
    defer { reset() }
    while try step() { try body(Columns(pointer: pointer)) }
  }

  /// Reads row after row while the body answers true.
  func whileTrue<each Value: Bindable>(_ values: repeat each Value, body: (Columns) throws -> Bool) throws {
    try bind(repeat each values)
    defer { reset() }
    while try step() {
      guard try body(Columns(pointer: pointer)) else { return }
    }
  }

  private func bind<each Value: Bindable>(_ values: repeat each Value) throws {
    var index: Int32 = 0
    for value in repeat each values {
      index += 1
      let code = value.bind(to: pointer, at: index)
      guard code == SQLITE_OK else { throw failure(code) }
    }
  }

  private func step() throws -> Bool {
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
  private func reset() {
    _ = sqlite3_reset(pointer)
  }

  private func failure(_ code: Int32) -> DatabaseError {
    let extended = sqlite3_extended_errcode(connection)
    return DatabaseError(
      resultCode: ResultCode(rawValue: extended & 0xff == code & 0xff ? extended : code),
      message: String(cString: sqlite3_errmsg(connection)))
  }
}
