import Store

/// Finds out what became of a transaction whose COMMIT was not answered. It asks, and never guesses.
struct Settlement: Sendable {
  let configuration: PostgresConfiguration
  /// How long it tries, in seconds.
  var patienceSeconds = 20

  /// What became of it.
  enum Outcome: Sendable {
    case committed
    case aborted
    /// It could not be found out.
    case unknown(String)
  }

  /// Looks for what the transaction wrote; whether it is there.
  typealias Evidence = @Sendable (PostgresSession) throws -> Bool

  /// For a transaction that comes to the same when it is run twice: what is in doubt is run again.
  static let mayRunAgain: Evidence = { _ in false }

  private enum Look {
    case settled(Outcome)
    case inProgress
  }

  /// Asks on a fresh connection until there is an answer, or its patience ends.
  func settle(_ doubt: DoubtfulTransaction, evidence: Evidence?) async -> Outcome {
    let evidence = doubt.mark.map { mark -> Evidence in { try mark.isThere($0) } } ?? evidence
    let end = ContinuousClock.now + .seconds(patienceSeconds)
    var wait = Duration.milliseconds(20)
    var reason = "no time was left to ask"
    while ContinuousClock.now < end {
      switch await ask(doubt.number, evidence) {
      case .success(.settled(let outcome)): return outcome
      case .success(.inProgress): reason = "it was still in progress"
      case .failure(let error): reason = error.message
      }
      await Pause.now(wait)
      wait = min(wait * 2, .milliseconds(500))
    }
    return .unknown(reason)
  }

  private func ask(
    _ transaction: TransactionNumber, _ evidence: Evidence?
  ) async -> Result<Look, StoreError> {
    do {
      let connection = try PostgresConnection(configuration)
      let look = try await connection.run(onlyReads: true) { session in
        try Self.look(at: transaction, session, evidence)
      }
      await connection.close()
      return .success(look)
    } catch {
      return .failure(error)
    }
  }

  private static func look(
    at transaction: TransactionNumber, _ session: PostgresSession, _ evidence: Evidence?
  ) throws -> Look {
    let (status, incarnation) = try status(of: transaction, session)
    switch status {
    case "committed" where incarnation == transaction.incarnation: return .settled(.committed)
    case "committed":
      // The server crashed meanwhile. If it forgot the transaction, its number may be another's now.
      guard let evidence else {
        return .settled(.unknown("the database crashed meanwhile, and the transaction's number may be another's"))
      }
      return .settled(try evidence(session) ? .committed : .aborted)
    case "aborted", "future": return .settled(.aborted)
    // The server crashed meanwhile, and gave the number to another: it would not have, had this one been committed.
    case "in progress" where incarnation != transaction.incarnation: return .settled(.aborted)
    case "in progress":
      // Its session waits for a peer that is gone; nothing else holds it up. COMMIT itself cannot be interrupted.
      _ = try session.execute(
        """
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE backend_xid = ($1::int8::text::xid8)::xid AND usename = current_user AND state LIKE 'idle in transaction%'
        """, [.int64(Int64(bitPattern: transaction.number))])
      return .inProgress
    default: return .settled(.unknown("the database keeps no record of it any more"))
    }
  }

  /// `committed`, `aborted`, `in progress`, `future` for a number that was not given out yet (the server crashed and
  /// forgot it, which it cannot do with one that is committed), or nothing when it is too long ago.
  private static func status(
    of transaction: TransactionNumber, _ session: PostgresSession
  ) throws -> (String, Incarnation?) {
    do throws(StoreError) {
      // One statement, so that both are of one life of the server, whichever session a pooler gives.
      let result = try session.execute(
        "SELECT pg_xact_status($1::int8::text::xid8), \(Incarnation.columns)",
        [.int64(Int64(bitPattern: transaction.number))])
      guard result.rows == 1 else { return ("", nil) }
      return (result.text(0, 0), Incarnation(started: result.int64(0, 1), recovered: result.int64(0, 2)))
    } catch {
      guard error.postgres?.state == "22023" else { throw error }
      return ("future", nil)
    }
  }
}
