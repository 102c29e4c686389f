/// A row that a transaction wrote and nobody else can have written just so. After a crash, when the transaction's number may
/// be another's, the row tells whether the transaction was committed.
struct Mark: Sendable {
  /// A query that answers a row where it is there.
  let sql: String
  let parameters: [PostgresValue]

  /// Whether it is there.
  func isThere(_ session: PostgresSession) throws -> Bool { try session.execute(sql, parameters).rows > 0 }
}

/// A transaction of which it is not known whether it was committed.
struct DoubtfulTransaction: Sendable {
  let number: TransactionNumber
  /// What is there if it was.
  let mark: Mark?
}
