import CPostgreSQL
import Store

extension PostgresSession {
  /// What the server said in a failed result. Sentences of the classes that quote values are left out.
  static func error(of result: OpaquePointer) -> PostgresError {
    func field(_ code: Int32) -> String { PQresultErrorField(result, code).map { String(cString: $0) } ?? "" }
    let state = field(Int32(UInt8(ascii: "C")))
    let severity = field(Int32(UInt8(ascii: "V")))
    var error = PostgresError(state: state, message: field(Int32(UInt8(ascii: "M"))))
    error.endsSession = state.isEmpty || severity == "FATAL" || severity == "PANIC"
    if ["22", "P0"].contains(error.stateClass) { error.message = "" }
    return error
  }

  /// What one statement of the wire answered.
  enum Answer {
    case rows(OpaquePointer)
    case failed(PostgresError)
    /// An earlier statement of the pipeline failed.
    case skipped
    case copyIn
    case copyOut
    case synchronised
  }

  /// Reads an answer. Owns the result, unless it hands it on.
  static func answer(_ result: OpaquePointer) -> Answer {
    switch PQresultStatus(result) {
    case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: return .rows(result)
    case PGRES_PIPELINE_SYNC:
      PQclear(result)
      return .synchronised
    case PGRES_PIPELINE_ABORTED:
      PQclear(result)
      return .skipped
    case PGRES_COPY_IN, PGRES_COPY_BOTH:
      PQclear(result)
      return .copyIn
    case PGRES_COPY_OUT:
      PQclear(result)
      return .copyOut
    default:
      let error = error(of: result)
      PQclear(result)
      return .failed(error)
    }
  }

  /// Reads every result of what was sent, and answers the last one. Fails with the first failure.
  func lastResult() throws(StoreError) -> PostgresResult {
    try flush()
    var last: PostgresResult?
    var failure: PostgresError?
    while let result = try nextResult() {
      switch Self.answer(result) {
      case .rows(let rows): last = PostgresResult(rows) { [unowned self] in note(misread: $0) }
      case .failed(let error): failure = failure ?? error
      case .copyIn, .copyOut:
        giveUp()
        throw StoreError(.invalid, "a COPY was run as a plain statement")
      case .skipped, .synchronised: break
      }
      if failure?.isLost == true { break }
    }
    if let failure { throw fail(failure) }
    guard let last else { throw lose() }
    return last
  }

  /// The failure as the caller gets it; gives up a connection that the server ended.
  func fail(_ error: PostgresError) -> StoreError {
    guard error.isLost else {
      if error.state == PostgresError.outdatedPlan { cache.forgetAll(areKnown: true) }
      if error.state == PostgresError.noSuchStatement { cache.forgetAll(areKnown: false) }
      return StoreError(postgres: error)
    }
    giveUp()
    return error.state.isEmpty ? Self.lostConnection : StoreError(postgres: error)
  }
}
