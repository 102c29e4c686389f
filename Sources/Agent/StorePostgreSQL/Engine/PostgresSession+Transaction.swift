import CPostgreSQL
import Store

extension PostgresSession {
  /// Begins a transaction, in one round trip; one that only reads, with its first statement.
  func begin(_ options: TransactionOptions) throws(StoreError) {
    answerTimeoutMilliseconds = options.answerTimeoutMilliseconds
    last = []
    transaction = nil
    mark = nil
    pendingBegin = nil
    isReading = options.access == .reads
    if options.access == .reads {
      pendingBegin = options
    } else {
      try beginNow(options)
    }
  }

  /// Begins a transaction that was to begin with its first statement, for one that cannot share a round trip.
  func beginIfPending() throws(StoreError) {
    guard let options = pendingBegin else { return }
    pendingBegin = nil
    try beginNow(options)
  }

  private func beginNow(_ options: TransactionOptions) throws(StoreError) {
    let released = cache.takeStale().map { "DEALLOCATE \($0); " }.joined()
    let about = try simple(released + options.begin(isPooled: isPooled))
    if options.access == .writes { try note(about) }
  }

  /// Takes over the transaction's number, and the server's incarnation if it is in there.
  private func note(_ about: PostgresResult) throws(StoreError) {
    guard let number = about.integer(0, 0), number > 0 else {
      throw StoreError(.corrupt, "the database gave a transaction no number")
    }
    if isPooled, let started = about.integer(0, 1), let recovered = about.integer(0, 2) {
      incarnation = Incarnation(started: started, recovered: recovered)
    }
    transaction = TransactionNumber(number: UInt64(number), incarnation: incarnation)
  }

  /// Reads the number of a transaction that may have written; nil when it did not.
  func findNumber() throws(StoreError) {
    let columns = isPooled ? ", \(Incarnation.columns)" : ""
    let about = try simple("SELECT pg_current_xact_id_if_assigned()\(columns)")
    if !about.isNull(0, 0) { try note(about) }
  }

  /// Sends a statement with COMMIT, in one round trip. Only its failure is seen, which undoes the transaction.
  func addToCommit(_ sql: String, _ parameters: [PostgresValue] = []) throws(StoreError) {
    guard last.count < Pipeline.maximumStatements else {
      throw StoreError(.invalid, "more than \(Pipeline.maximumStatements) statements wait for COMMIT")
    }
    last.append(Pipeline.Item(sql: sql, parameters: try ParameterList(parameters)))
  }

  /// Commits. What it throws after the connection was lost (`isUsable` is false) leaves open whether it did.
  func commit() throws(StoreError) {
    defer { ended() }
    if pendingBegin != nil, last.isEmpty { return }
    if isReading, last.isEmpty, transactionStatus == PQTRANS_INTRANS { return try sendEnd() }
    try beginIfPending()
    let commit = Pipeline.Item(sql: "COMMIT", parameters: ParameterList())
    let results = last.isEmpty ? [try simple("COMMIT")] : try run(last + [commit])
    // What failed in the transaction, and was caught in its body, makes COMMIT a rollback.
    guard results.last?.tag == "COMMIT" else {
      throw StoreError(.unavailable, "the database undid the transaction, since a statement of it had failed")
    }
  }

  /// Asks for the end of a transaction that only read, and does not wait for it: it has all it wanted, and whoever uses the
  /// connection next reads the answer.
  private func sendEnd() throws(StoreError) {
    let raw = try connected()
    startClock()
    guard PQsendQuery(raw, "COMMIT") == 1 else { throw lose() }
    isEnding = true
    try flush()
  }

  /// Reads the answer to that; gives the connection up when none comes.
  func takeEnd() {
    guard isEnding else { return }
    isEnding = false
    startClock()
    do throws(StoreError) {
      while let result = try nextResult() { PQclear(result) }
    } catch {
      giveUp()
    }
  }

  /// Undoes the transaction; gives the connection up when that fails.
  func rollback() {
    defer { ended() }
    guard isUsable, transactionStatus != PQTRANS_IDLE else { return }
    do { _ = try simple("ROLLBACK") } catch { giveUp() }
  }

  private func ended() {
    isReading = false
    last = []
    pendingBegin = nil
    transaction = nil
    mark = nil
    answerTimeoutMilliseconds = configuration.answerTimeoutMilliseconds
  }

  /// Runs `body` so that it can be undone alone.
  func savepoint<Value>(_ body: () throws -> Value) throws -> Value {
    try beginIfPending()
    _ = try simple("SAVEPOINT part")
    do {
      let value = try body()
      _ = try simple("RELEASE part")
      return value
    } catch {
      if isUsable { _ = try simple("ROLLBACK TO part; RELEASE part") }
      throw error
    }
  }
}
