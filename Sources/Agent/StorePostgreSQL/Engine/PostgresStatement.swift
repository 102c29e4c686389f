import Store
import StoreSQL

/// A statement as the shared SQL layer uses it: bound, run by the first step, read row by row.
final class PostgresStatement: SQLStatement {
  private unowned let session: PostgresSession
  private let entry: StatementCache.Entry
  private var parameters = ParameterList()
  private var result: PostgresResult?
  private var row = 0
  private(set) var changes = 0

  init(_ session: PostgresSession, _ entry: StatementCache.Entry) {
    self.session = session
    self.entry = entry
  }

  /// Whether it stands on a row.
  var isStepping: Bool { result != nil }

  func bindNull(at place: Int32) throws { try parameters.bindNull(at: Int(place) - 1) }
  func bind(_ value: Int64, at place: Int32) throws { try parameters.bind(value, at: Int(place) - 1) }
  func bind(_ value: Double, at place: Int32) throws { try parameters.bind(value, at: Int(place) - 1) }
  func bind(_ value: String, at place: Int32) throws { try parameters.bind(value, at: Int(place) - 1) }
  func bind(_ value: [UInt8], at place: Int32) throws { try parameters.bind(value, at: Int(place) - 1) }

  func step() throws -> Bool {
    do throws(StoreError) {
      return try advance()
    } catch {
      reset()
      throw error
    }
  }

  private func advance() throws(StoreError) -> Bool {
    try session.checkReads()
    if let result {
      row += 1
      if row < result.rows { return true }
    } else {
      let answer = try session.execute(entry, parameters)
      changes = answer.changes
      row = 0
      if answer.rows > 0 {
        result = answer
        return true
      }
    }
    reset()
    return false
  }

  func reset() {
    result = nil
    parameters.removeAll()
  }

  func isNull(_ column: Int32) -> Bool { result?.isNull(row, Int(column)) ?? true }
  func int64(_ column: Int32) -> Int64 { result?.int64(row, Int(column)) ?? 0 }
  func double(_ column: Int32) -> Double { result?.double(row, Int(column)) ?? 0 }
  func bytes(_ column: Int32) -> UnsafeBufferPointer<UInt8> {
    result?.bytes(row, Int(column)) ?? UnsafeBufferPointer(start: nil, count: 0)
  }
}

extension PostgresSession {
  /// With ``isInTransaction`` what `SQLDatabase` asks for, but for its dialect, which is the store's business.
  ///
  /// A statement that is being stepped is left alone: then this is another one of the same text.
  func statement(_ sql: String) throws -> any SQLStatement {
    let entry = cache.entry(sql, translate: configuration.translate)
    if let statement = entry.statement, !statement.isStepping { return statement }
    let statement = PostgresStatement(self, entry)
    entry.statement = statement
    return statement
  }
}
