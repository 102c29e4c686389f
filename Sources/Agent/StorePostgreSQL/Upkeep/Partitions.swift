import EventModel
import Store

/// The daily partitions of events and receipts: made ahead, or when somebody needs one, and dropped by retention.
struct Partitions: Sendable {
  /// The tables that have them.
  static let tables = ["event", "receipt"]

  let pool: PostgresPool
  let days: PartitionDays
  /// How far ahead they are made.
  let ahead: TimeSpan

  /// Makes those from yesterday to as far ahead as is wanted. Answers how many were missing.
  @discardableResult
  func makeAhead(now: Timestamp) async throws(StoreError) -> Int {
    guard let today = BucketDay(now), let last = BucketDay(now + ahead) else { return 0 }
    let existing = try await pool.transaction(.snapshot) { try Self.existing($0) }
    days.add(existing)
    let wanted = Set((today.number - 1...last.number).map(BucketDay.init(number:)))
    let missing = wanted.subtracting(existing)
    try await make(missing)
    return missing.count
  }

  /// Makes the partitions of some days, unless they are there.
  func make(_ wanted: Set<BucketDay>) async throws(StoreError) {
    guard !wanted.isEmpty else { return }
    try await pool.transaction(evidence: Settlement.mayRunAgain) { session in
      // Agents that make the same one wait for each other; nobody else is held up: attaching a table lets others write.
      try session.execute("SELECT 1 FROM pg_advisory_xact_lock(\(Self.lock))")
      for table in Self.tables {
        for day in wanted.subtracting(try Self.attached(session, table)).sorted() {
          _ = try session.simple(Self.statements(table, day))
        }
      }
    }
    days.add(wanted)
  }

  /// See `PostgresDialect.AdvisoryLock` for the first number.
  private static let lock = "1130459753, 4"

  private static func statements(_ table: String, _ day: BucketDay) -> String {
    let name = table + day.suffix
    return """
      CREATE TABLE \(name) (LIKE \(table) INCLUDING DEFAULTS INCLUDING CONSTRAINTS);
      ALTER TABLE \(table) ATTACH PARTITION \(name)
        FOR VALUES FROM (\(day.firstBucket)) TO (\(day.next.firstBucket));
      """
  }

  /// The days that have all of their partitions.
  static func existing(_ session: PostgresSession) throws -> Set<BucketDay> {
    var days: Set<BucketDay>?
    for table in tables {
      let some = try attached(session, table)
      days = days?.intersection(some) ?? some
    }
    return days ?? []
  }

  /// The days that have any.
  static func attached(_ session: PostgresSession) throws -> Set<BucketDay> {
    try tables.reduce(into: []) { $0.formUnion(try attached(session, $1)) }
  }

  static func attached(_ session: PostgresSession, _ table: String) throws -> Set<BucketDay> {
    let names = try session.execute(
      """
      SELECT c.relname::text FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
      WHERE i.inhparent = to_regclass($1) AND NOT i.inhdetachpending
      """, [.text(table)])
    return Set((0..<names.rows).compactMap { BucketDay(partition: names.text($0, 0)) })
  }
}
