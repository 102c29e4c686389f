/// What one life of a database server is known by, between two starts or crashes. A crash may forget transactions that
/// were not committed, and give their numbers to others: a number means something only within one life.
struct Incarnation: Hashable, Sendable {
  /// When the server's main process started, in microseconds.
  var started: Int64 = 0
  /// When the archiver's counters were last reset: every recovery from a crash does that.
  var recovered: Int64 = 0

  /// The columns of a query that reads both, as integers.
  static let columns = """
    (extract(epoch FROM pg_postmaster_start_time()) * 1000000)::int8,
    coalesce((extract(epoch FROM (pg_stat_get_archiver()).stats_reset) * 1000000)::int8, 0)
    """
}

/// A transaction that wrote, and where.
struct TransactionNumber: Hashable, Sendable {
  /// `pg_current_xact_id()`
  var number: UInt64
  /// The life of the server in which it ran.
  var incarnation: Incarnation
}
