/// What PostgreSQL said of a failure. It is the `cause` of a `StoreError`.
struct PostgresError: Error, Sendable {
  /// Five characters, see PostgreSQL's appendix "Error Codes"; empty when the connection itself failed.
  var state: String
  /// The server's sentence, without its details, which quote values. Empty where the sentence itself may quote one.
  var message: String
  /// The server ended the session with it.
  var endsSession = false
  /// There never was a connection.
  var isConnecting = false
  /// Which statement of a pipeline failed, from 0.
  var statement: Int?

  /// The first two characters of `state`.
  var stateClass: Substring { state.prefix(2) }

  /// A transaction that failed so may simply be run again: a serialisation failure, a deadlock, or a prepared statement
  /// that another program's migration has overtaken.
  var mayRunAgain: Bool { ["40001", "40P01", PostgresError.outdatedPlan].contains(state) }

  /// `cached plan must not change result type`, when a table was altered after the statement was prepared.
  static let outdatedPlan = "0A000"

  /// A prepared statement is not there: a pooler gave the session to another.
  static let noSuchStatement = "26000"

  /// The connection was lost, and the server said nothing of it.
  static let lost = PostgresError(state: "", message: "", endsSession: true)

  /// No connection could be made.
  static let unconnected = PostgresError(state: "", message: "", endsSession: true, isConnecting: true)

  /// Whether the session cannot be used any more.
  var isLost: Bool { endsSession || state.isEmpty }
}

extension PostgresError {
  /// Another transaction made the same thing first.
  static let uniqueViolation = "23505"

  /// Of rules, the tables have one that is checked so: a row needs its day's partition.
  static let checkViolation = "23514"
}
