import Store

extension PostgresPool {
  /// Runs `body` in a transaction that is committed when this returns. After a serialisation failure, a deadlock, or a
  /// connection lost before COMMIT, it runs again: `body` must do nothing but with its session.
  ///
  /// - Parameter evidence: looks for what `body` wrote, where it leaves no mark of its own (`PostgresSession.mark`). It
  ///   settles the one case in which the transaction's number does not: the database crashed after COMMIT was sent. Without
  ///   a mark and without evidence that is `.unknown`.
  func transaction<Value: Sendable>(
    _ options: TransactionOptions = .writing, evidence: Settlement.Evidence? = nil,
    _ body: @escaping @Sendable (PostgresSession) throws -> Value
  ) async throws(StoreError) -> Value {
    var attempt = 1
    while true {
      let failure: StoreError
      switch await once(options, body) {
      case .committed(let value): return value
      case .failed(let error): throw error
      case .again(let error): failure = error
      case .inDoubt(let value, let doubt, let error):
        switch await Settlement(configuration: configuration).settle(doubt, evidence: evidence) {
        case .committed: return value
        case .aborted: failure = error
        case .unknown(let reason):
          throw StoreError(.unknown, "it is not known whether the change was made: \(reason)", cause: error)
        }
      }
      guard attempt < options.attempts else { throw failure }
      await Pause.jittered(.milliseconds(5 << min(attempt, 6)))
      attempt += 1
    }
  }

  private func once<Value: Sendable>(
    _ options: TransactionOptions, _ body: @escaping @Sendable (PostgresSession) throws -> Value
  ) async -> PostgresConnection.Attempt<Value> {
    let connection: PostgresConnection
    do throws(StoreError) {
      connection = try await take()
    } catch {
      return error.postgres?.isConnecting == true ? .again(error) : .failed(error)
    }
    let attempt = await connection.attempt(options, body)
    give(connection, attempt.failure)
    return attempt
  }
}

extension PostgresConnection.Attempt {
  fileprivate var failure: StoreError? {
    switch self {
    case .committed: nil
    case .failed(let error), .again(let error), .inDoubt(_, _, let error): error
    }
  }
}
