import Store

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
  /// How long after `statementTimeoutMilliseconds` an answer is still waited for, in milliseconds, until the connection
  /// is given up: the server's own time-out is to come first.
  var answerSlackMilliseconds = 5_000
  /// How often it runs at most, when it meets others or the connection is lost before COMMIT.
  var attempts = 5

  /// A consistent view of the store, for reading.
  static let snapshot = TransactionOptions(isolation: .repeatableRead, access: .reads)
  /// The usual transaction that writes.
  static let writing = TransactionOptions()

  /// What is sent first: the settings of this transaction alone, so that a pooler may share the
  /// session.
  ///
  /// - Parameter isPooled: a pooler may give every transaction another server session, so that the server's life has to be
  ///   asked for in each.
  func begin(isPooled: Bool) -> String {
    var columns: [String] = []
    if access == .writes { columns = ["pg_current_xact_id()"] + (isPooled ? [Incarnation.columns] : []) }
    return "\(opening); SELECT \((columns + settings).joined(separator: ", "))"
  }

  /// The same as statements of a pipeline.
  var beginning: [Pipeline.Item] {
    get throws(StoreError) {
      var pipeline = Pipeline()
      try pipeline.add(opening)
      try pipeline.add("SELECT \(settings.joined(separator: ", "))")
      return pipeline.items
    }
  }

  private var opening: String {
    "BEGIN ISOLATION LEVEL \(isolation.rawValue) \(access == .reads ? "READ ONLY" : "READ WRITE")"
  }

  private var settings: [String] {
    [
      "set_config('statement_timeout', '\(statementTimeoutMilliseconds)', true)",
      "set_config('lock_timeout', '\(lockTimeoutMilliseconds)', true)",
      "set_config('idle_in_transaction_session_timeout', '\(idleTimeoutMilliseconds)', true)",
    ] + Self.plans
  }

  /// Every statement finds its rows by an index: of a fresh partition, which has no statistics, the server believes that
  /// reading it from end to end were cheaper, or a bitmap of a million rows cheaper than the first one of an index. A small
  /// table that has to be read whole seems dear then, and is not worth compiling for. Nor is it worth a process of its own:
  /// starting one takes ten times as long as loading a bucket.
  private static let plans =
    ["enable_seqscan", "enable_bitmapscan", "jit"].map { "set_config('\($0)', 'off', true)" }
    + ["set_config('max_parallel_workers_per_gather', '0', true)"]

  /// How long an answer may take until the connection is given up, in milliseconds.
  var answerTimeoutMilliseconds: Int { statementTimeoutMilliseconds + answerSlackMilliseconds }
}
