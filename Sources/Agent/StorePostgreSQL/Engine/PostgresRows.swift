import Store
import StoreSQL

/// A result's rows as the common code reads them: it has no parameters, and is stepped from row to row.
final class PostgresRows: SQLStatement {
  private let result: PostgresResult
  private var row = -1

  init(_ result: PostgresResult) {
    self.result = result
  }

  func step() -> Bool {
    row += 1
    return row < result.rows
  }

  func reset() { row = -1 }
  var changes: Int { result.changes }

  func isNull(_ column: Int32) -> Bool { result.isNull(row, Int(column)) }
  func int64(_ column: Int32) -> Int64 { result.int64(row, Int(column)) }
  func double(_ column: Int32) -> Double { result.double(row, Int(column)) }
  func bytes(_ column: Int32) -> UnsafeBufferPointer<UInt8> { result.bytes(row, Int(column)) }

  func bindNull(at place: Int32) throws { throw Self.noParameters }
  func bind(_ value: Int64, at place: Int32) throws { throw Self.noParameters }
  func bind(_ value: Double, at place: Int32) throws { throw Self.noParameters }
  func bind(_ value: String, at place: Int32) throws { throw Self.noParameters }
  func bind(_ value: [UInt8], at place: Int32) throws { throw Self.noParameters }

  private static let noParameters = StoreError(
    .failedPrecondition, "a result that was read already takes no parameters")
}

extension PostgresResult {
  /// Reads every row with the common code's readers.
  func map<Item>(_ read: (Columns) throws -> Item) rethrows -> [Item] {
    let rows = PostgresRows(self)
    let columns = Columns(statement: rows)
    var items: [Item] = []
    items.reserveCapacity(self.rows)
    while rows.step() { items.append(try read(columns)) }
    return items
  }
}
