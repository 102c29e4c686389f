import CPostgreSQL
import Store

extension PostgresSession {
  /// Runs a statement with binary parameters and reads all of its rows, in binary.
  @discardableResult
  func execute(_ sql: String, _ parameters: [PostgresValue] = []) throws(StoreError) -> PostgresResult {
    try execute(cache.entry(sql), try ParameterList(parameters))
  }

  /// Runs a statement of the cache.
  func execute(_ entry: StatementCache.Entry, _ parameters: ParameterList) throws(StoreError) -> PostgresResult {
    guard let options = pendingBegin else { return try executeNow(entry, parameters) }
    pendingBegin = nil
    let item = Pipeline.Item(sql: entry.sql, parameters: parameters, entry: entry)
    guard let result = try run(try options.beginning + [item]).last else { throw lose() }
    return result
  }

  private func executeNow(
    _ entry: StatementCache.Entry, _ parameters: ParameterList
  ) throws(StoreError) -> PostgresResult {
    let raw = try connected()
    startClock()
    let isAlone = PQtransactionStatus(raw) == PQTRANS_IDLE
    let types = try types(of: parameters, for: entry)
    if configuration.prepare == .auto, cache.shouldPrepare(entry, for: types) {
      do throws(StoreError) {
        guard let name = entry.name, PQsendPrepare(raw, name, entry.sql, Int32(types.count), types) == 1 else {
          throw lose()
        }
        _ = try lastResult()
      } catch {
        cache.forget(entry)
        throw error
      }
    }
    guard Self.send(entry, parameters, types, raw) else { throw lose() }
    do throws(StoreError) {
      return try lastResult()
    } catch {
      throw isAlone && !onlyReads && !isUsable ? Self.inDoubt(error) : error
    }
  }

  /// Outside a transaction a statement commits by itself: without its answer nobody knows.
  static func inDoubt(_ error: StoreError) -> StoreError {
    guard error.postgres?.isLost == true else { return error }
    return StoreError(.unknown, "it is not known whether the change was made: \(error.message)", cause: error.cause)
  }

  /// Puts a statement into libpq's buffer.
  static func send(
    _ entry: StatementCache.Entry, _ parameters: ParameterList, _ types: [Oid], _ raw: OpaquePointer
  ) -> Bool {
    parameters.withPointers { count, values, lengths, formats in
      if let name = entry.name { return PQsendQueryPrepared(raw, name, count, values, lengths, formats, 1) == 1 }
      return PQsendQueryParams(raw, entry.sql, count, types, values, lengths, formats, 1) == 1
    }
  }

  /// The parameters' types. A NULL has the type that its place had before, if any.
  func types(of parameters: ParameterList, for entry: StatementCache.Entry) throws(StoreError) -> [Oid] {
    guard parameters.count == entry.parameters else {
      throw StoreError(
        .invalid, "a statement with \(entry.parameters) parameters was given \(parameters.count): \(entry.sql)")
    }
    for place in 0..<parameters.count where parameters.type(place) != PostgresType.unknown {
      entry.types[place] = parameters.type(place)
    }
    return entry.types
  }

  /// Runs statements without parameters, several at once if need be; answers the last one's rows, in text.
  func simple(_ sql: String) throws(StoreError) -> PostgresResult {
    let raw = try connected()
    startClock()
    guard PQsendQuery(raw, sql) == 1 else { throw lose() }
    return try lastResult()
  }

  /// The same for what cannot stand in a transaction, where a time-out could be set: after so many milliseconds the server
  /// is asked to give it up, and its answer is that it did.
  func simple(_ sql: String, cancelAfterMilliseconds limit: Int) throws(StoreError) -> PostgresResult {
    let raw = try connected()
    deadline = .now + .milliseconds(limit)
    cancelsAtDeadline = true
    defer { cancelsAtDeadline = false }
    guard PQsendQuery(raw, sql) == 1 else { throw lose() }
    return try lastResult()
  }
}
