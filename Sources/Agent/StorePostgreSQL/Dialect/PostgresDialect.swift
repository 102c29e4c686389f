import EventModel
import Store
import StoreSQL

/// What PostgreSQL does differently: many transactions write at the same time, so that what is read and then written is
/// locked; rows are written and read many at once, as arrays.
struct PostgresDialect: SQLDialect {
  /// What is known of the buckets that this program's agent owns.
  let settled: SettledCache
  /// The days that have partitions.
  let days: PartitionDays
  /// The agent whose chain audit records stand in.
  var chain = PostgresStore.Options.standardAgent

  /// Advisory locks are this program's by their first number ("Cari"), and a purpose's by their second.
  private enum AdvisoryLock: Int {
    case queues = 1
    case changes = 2

    var numbers: String { "1130459753, \(rawValue)" }
  }

  func member(_ name: String, of column: String) -> String { "(\(column)::json ->> '\(name)')" }

  var integers: String { "(SELECT i.value::bigint AS value FROM json_array_elements_text(?::json) AS i(value))" }

  func forUpdate(of table: String?) -> String { table.map { " FOR UPDATE OF \($0)" } ?? " FOR UPDATE" }

  var forShare: String { " FOR SHARE" }

  var settledNeedsReceipts: Bool { true }

  /// See ``BucketDay``. The minute is the first parameter.
  var newBucketID: String? {
    "((?1 / \(BucketDay.length)) << \(BucketDay.orderBits)) | nextval('bucket_number')"
  }

  var newReceiptID: String? { "nextval('receipt_number')" }

  func order(ofBucket column: String) -> String { "(\(column) & \(BucketDay.orderMask))" }

  var commitOrder: TransactionOrder? {
    TransactionOrder(column: "xid", oldestOpen: "pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
  }

  func lock(_ schedules: [ScheduleNumber], in session: Session) throws {
    let database = try session.postgres
    let numbers = PostgresValue.int64Array(schedules.map(\.rawValue))
    try database.execute("SELECT schedule FROM plan WHERE schedule = ANY($1) ORDER BY schedule FOR UPDATE", [numbers])
    // While one was waited for, its owner may have closed it and written a row that follows into a new one, which nobody may
    // claim either. Once all that are open are locked, no more can come.
    var locked: Set<Int64> = []
    repeat {
      locked.formUnion(try openBuckets(numbers, "ORDER BY id FOR UPDATE", database))
    } while try !openBuckets(numbers, "", database).isSubset(of: locked)
  }

  /// The open buckets that have rows of some schedules.
  private func openBuckets(
    _ schedules: PostgresValue, _ suffix: String, _ session: PostgresSession
  ) throws -> Set<Int64> {
    let open = try session.execute(
      "SELECT id FROM bucket WHERE closed_at IS NULL AND id IN (SELECT bucket FROM event WHERE schedule = ANY($1)) \(suffix)",
      [schedules])
    return Set((0..<open.rows).map { open.int64($0, 0) })
  }

  func lock(bucketsOf agent: Int64, in session: Session) throws {
    // What is asked may change plans, which are locked before buckets.
    try session.postgres.execute(
      """
      SELECT schedule FROM plan WHERE schedule IN (
        SELECT e.schedule FROM bucket b JOIN command c ON c.bucket = b.id AND c.state = 0
          JOIN event e ON e.bucket = c.bucket AND e.seq = c.seq
        WHERE b.owner = $1 AND b.owner IS NOT NULL AND b.closed_at IS NULL)
      ORDER BY schedule FOR UPDATE
      """, [.int64(agent)])
    try session.postgres.execute(
      "SELECT id FROM bucket WHERE owner = $1 AND closed_at IS NULL AND owner IS NOT NULL ORDER BY id FOR UPDATE",
      [.int64(agent)])
  }

  func holdQueues(in session: Session) throws { try lock(.queues, "_shared", session) }

  func lockQueues(in session: Session) throws { try lock(.queues, "", session) }

  func lockChanges(in session: Session) throws { try lock(.changes, "", session) }

  func nextAudit(in session: Session) throws -> Int64 {
    try session.query("SELECT nextval(pg_get_serial_sequence('audit', 'id'))").only { $0.int64(0) }
  }

  func wrote(audit number: Int64, hash: String, now: Timestamp, in session: Session) throws {
    try session.postgres.mark = Mark(
      sql: "SELECT 1 FROM audit WHERE id = $1 AND at = $2 AND hash = $3",
      parameters: [.int64(number), .int64(now.microseconds), .text(hash)])
  }

  private func lock(_ lock: AdvisoryLock, _ suffix: String, _ session: Session) throws {
    try session.postgres.execute("SELECT 1 FROM pg_advisory_xact_lock\(suffix)(\(lock.numbers))")
  }
}

/// A connection with an open transaction, as the common code uses it.
final class PostgresDatabase: SQLDatabase {
  let connection: PostgresSession
  let dialect: any SQLDialect

  init(_ connection: PostgresSession, _ dialect: any SQLDialect) {
    self.connection = connection
    self.dialect = dialect
  }

  func statement(_ sql: String) throws -> any SQLStatement { try connection.statement(sql) }

  var isInTransaction: Bool { connection.isInTransaction }
}

extension Session {
  /// The connection, for what only PostgreSQL has.
  var postgres: PostgresSession {
    get throws {
      guard let database = database as? PostgresDatabase else {
        throw StoreError(.failedPrecondition, "the session is of another kind of store")
      }
      return database.connection
    }
  }
}
