package import Store
package import StoreSQL

extension PostgresStore {
  /// A whole store is one transaction, or one snapshot: a day, in milliseconds.
  private static let longest = 86_400_000
  /// How long others' locks are waited for, in milliseconds.
  private static let patience = 10_000

  /// One long snapshot, on the direct connection.
  package func snapshot<Value: Sendable>(
    _ body: @escaping @Sendable (Session) throws -> Value
  ) async throws(StoreError) -> Value {
    var options = TransactionOptions.snapshot
    Self.lengthen(&options)
    let dialect = self.dialect
    return try await direct.transaction(options) { try body(Session(PostgresDatabase($0, dialect))) }
  }

  /// One long transaction on the direct connection, which is not run again. No agent gets or renews a lease meanwhile.
  package func writeAlone<Value: Sendable>(
    _ body: @escaping @Sendable (Session) throws -> Value
  ) async throws(StoreError) -> Value {
    var options = TransactionOptions.writing
    Self.lengthen(&options)
    let dialect = self.dialect
    return try await direct.transaction(options) { session in
      _ = try session.simple("LOCK TABLE agent IN EXCLUSIVE MODE")
      return try body(Session(PostgresDatabase(session, dialect)))
    }
  }

  private static func lengthen(_ options: inout TransactionOptions) {
    options.statementTimeoutMilliseconds = longest
    options.idleTimeoutMilliseconds = longest
    options.lockTimeoutMilliseconds = patience
    options.attempts = 1
  }

  /// Makes the partitions of some days, as days since 1970.
  package func makePartitions(ofDays numbers: [Int64]) async throws(StoreError) {
    try await partitions.make(Set(numbers.map(BucketDay.init(number:))))
  }
}
