package import EventModel

/// The row that a query stands on. Valid until the query's next step.
package struct Columns {
  let statement: any SQLStatement

  /// The row on which a statement stands.
  package init(statement: any SQLStatement) {
    self.statement = statement
  }

  func isNull(_ column: Int32) -> Bool { statement.isNull(column) }

  package func int64(_ column: Int32) -> Int64 { statement.int64(column) }

  package func optionalInt64(_ column: Int32) -> Int64? { isNull(column) ? nil : int64(column) }

  package func int32(_ column: Int32) -> Int32 { Int32(clamping: int64(column)) }

  package func int(_ column: Int32) -> Int { Int(int64(column)) }

  package func bool(_ column: Int32) -> Bool { int64(column) != 0 }

  package func double(_ column: Int32) -> Double { statement.double(column) }

  package func time(_ column: Int32) -> Timestamp { Timestamp(microseconds: int64(column)) }

  package func optionalTime(_ column: Int32) -> Timestamp? { isNull(column) ? nil : time(column) }

  package func span(_ column: Int32) -> TimeSpan { TimeSpan(microseconds: int64(column)) }

  /// The bytes of a text; they are the statement's, and valid until the next step.
  func utf8(_ column: Int32) -> UnsafeBufferPointer<UInt8> { statement.bytes(column) }

  package func text(_ column: Int32) -> String { String(decoding: utf8(column), as: UTF8.self) }

  package func optionalText(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }

  package func rowSet(_ column: Int32) -> RowSet { RowSet(bytes: Array(statement.bytes(column))) }
}
