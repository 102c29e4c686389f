/// How a transaction runs.
struct TransactionOptions: Sendable {
  /// PostgreSQL's isolation levels.
  enum Isolation: String, Sendable {
    case readCommitted = "READ COMMITTED"
    case repeatableRead = "REPEATABLE READ"
    case serializable = "SERIALIZABLE"
  }

  /// Whether it writes; decides when its number is read, by which a lost COMMIT answer is settled.
  enum Access: Sendable {
    /// It only reads: a lost answer is no doubt.
    case reads
    /// It writes: it gets its number with BEGIN, in the same round trip.
    case writes
    /// Often it writes nothing (a claim that finds nothing): its number, if it has one, is read before COMMIT, in a
    /// round trip of its own.
    case mayWrite
  }

  /// See ``Isolation``.
  var isolation = Isolation.readCommitted
  /// See ``Access``.
  var access = Access.writes
  /// How long one statement may take, in milliseconds.
  var statementTimeoutMilliseconds = 30_000
  /// How long one lock may be waited for, in milliseconds.
  var lockTimeoutMilliseconds = 5_000
  /// How long the transaction may be open without a statement, in milliseconds: the server ends it then, so that a cut
  /// connection holds its locks no longer.
  var idleTimeoutMilliseconds = 10_000
  /// How often it runs at most, when it meets others or the connection is lost before COMMIT.
  var attempts = 5

  /// A consistent view of the store, for reading.
  static let snapshot = TransactionOptions(isolation: .repeatableRead, access: .reads)
  /// The usual transaction that writes.
  static let writing = TransactionOptions()

  /// What is sent first: settings of this transaction alone, so that a pooler may share the session.
  var begin: String {
    var columns = [
      "set_config('statement_timeout', '\(statementTimeoutMilliseconds)', true)",
      "set_config('lock_timeout', '\(lockTimeoutMilliseconds)', true)",
      "set_config('idle_in_transaction_session_timeout', '\(idleTimeoutMilliseconds)', true)",
    ]
    if access == .writes { columns = ["pg_current_xact_id()", Incarnation.columns] + columns }
    let mode = access == .reads ? "READ ONLY" : "READ WRITE"
    return "BEGIN ISOLATION LEVEL \(isolation.rawValue) \(mode); SELECT \(columns.joined(separator: ", "))"
  }

  /// How long an answer may take until the connection is given up, in seconds: the server's own time-out comes first.
  var answerTimeoutSeconds: Int { (statementTimeoutMilliseconds + 999) / 1_000 + 5 }
}
