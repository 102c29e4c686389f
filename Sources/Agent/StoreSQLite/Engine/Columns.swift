import EventModel
import GRDBSQLite

/// The row that a query stands on. Valid until the query's next step.
struct Columns {
  let pointer: OpaquePointer

  func isNull(_ column: Int32) -> Bool { sqlite3_column_type(pointer, column) == SQLITE_NULL }

  func int64(_ column: Int32) -> Int64 { sqlite3_column_int64(pointer, column) }

  func optionalInt64(_ column: Int32) -> Int64? { isNull(column) ? nil : int64(column) }

  func int32(_ column: Int32) -> Int32 { Int32(clamping: int64(column)) }

  func int(_ column: Int32) -> Int { Int(int64(column)) }

  func bool(_ column: Int32) -> Bool { int64(column) != 0 }

  func double(_ column: Int32) -> Double { sqlite3_column_double(pointer, column) }

  func time(_ column: Int32) -> Timestamp { Timestamp(microseconds: int64(column)) }

  func optionalTime(_ column: Int32) -> Timestamp? { isNull(column) ? nil : time(column) }

  func span(_ column: Int32) -> TimeSpan { TimeSpan(microseconds: int64(column)) }

  /// The bytes of a text; they are SQLite's, and valid until the next step.
  func utf8(_ column: Int32) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(
      start: sqlite3_column_text(pointer, column), count: Int(sqlite3_column_bytes(pointer, column)))
  }

  func text(_ column: Int32) -> String { String(decoding: utf8(column), as: UTF8.self) }

  func optionalText(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }

  func rowSet(_ column: Int32) -> RowSet {
    guard let start = sqlite3_column_blob(pointer, column) else { return RowSet() }
    let count = Int(sqlite3_column_bytes(pointer, column))
    return RowSet(bytes: Array(UnsafeRawBufferPointer(start: start, count: count)))
  }
}
