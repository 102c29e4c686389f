import Store

extension StoreError {
  /// What the database's failure means to the caller: one sentence, with no value of a parameter in it.
  init(postgres error: PostgresError) {
    let (code, sentence) = StoreError.meaning(of: error)
    let said = error.message.isEmpty ? "" : ": \(error.message)"
    self.init(code, "\(sentence) (PostgreSQL \(error.state))\(said)", cause: error)
  }

  /// The failure that PostgreSQL named, if this came from there.
  var postgres: PostgresError? { cause as? PostgresError }

  private static func meaning(of error: PostgresError) -> (Code, String) {
    if let exact = byState[error.state] { return exact }
    if let rough = byClass[String(error.stateClass)] { return rough }
    return (.unavailable, "the database failed")
  }

  private static let byState: [String: (Code, String)] = [
    "0A000": (.unavailable, "the database's tables changed under a prepared statement, or it lacks a feature"),
    "25006": (.unavailable, "the database takes no writes: it is a standby, or set to read-only"),
    "25P03": (.unavailable, "a transaction was idle for too long, and the database ended it"),
    "26000": (.failedPrecondition, "the database lost a prepared statement; behind a pooler set prepare to off"),
    "42P05": (.failedPrecondition, "a prepared statement's name is taken; behind a pooler set prepare to off"),
    "40001": (.unavailable, "the transaction met others and has to run again"),
    "40P01": (.unavailable, "the transaction was in a deadlock and has to run again"),
    "42501": (.failedPrecondition, "the database user lacks a right"),
    "53100": (.full, "the database's disk is full"),
    "53300": (.unavailable, "the database has no connection left"),
    "55P03": (.unavailable, "a lock was not to be had in time"),
    "57014": (.unavailable, "a statement took longer than its time-out"),
    "57P01": (.unavailable, "the database is being shut down, or an administrator ended the session"),
    "57P02": (.unavailable, "the database crashed and starts again"),
    "57P03": (.unavailable, "the database is starting up or shutting down"),
  ]

  private static let byClass: [String: (Code, String)] = [
    "08": (.unavailable, "the connection to the database failed"),
    "22": (.invalid, "the database cannot take a value"),
    "23": (.failedPrecondition, "the change breaks a rule of the ledger"),
    "28": (.unavailable, "the database refuses the login"),
    "3D": (.unavailable, "there is no such database"),
    "42": (.failedPrecondition, "the database's tables are not what this program expects"),
    "53": (.unavailable, "the database is short of something"),
    "54": (.invalid, "a statement is beyond the database's limits"),
    "57": (.unavailable, "the database ended the statement"),
    "58": (.unavailable, "the database's system failed"),
    "XX": (.corrupt, "the database found damage in itself"),
  ]
}
