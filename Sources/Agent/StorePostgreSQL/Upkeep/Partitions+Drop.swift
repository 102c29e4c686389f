import EventModel
import Store
import StoreSQL

extension Partitions {
  /// How long the taking off of a partition may wait for transactions that still see it, in milliseconds.
  private static let detachMilliseconds = 5_000

  /// Drops the days that are over before `history`, the oldest first, at most `limit` of them; a day of which a bucket is
  /// still open stays. Answers how many buckets went, and whether more is left.
  func drop(before history: Timestamp, limit: Int) async throws(StoreError) -> (buckets: Int, isPartial: Bool) {
    guard let bound = BucketDay(history) else { return (0, false) }
    try await finishDetaching()
    let (old, loose) = try await pool.transaction(.snapshot) { session in
      let attached = try Self.attached(session)
      let old = try attached.filter { $0 < bound }.sorted().filter { try !Self.hasOpenBucket($0, session) }
      return (old, try Self.loose(session).subtracting(attached).sorted())
    }
    var buckets = 0
    // An earlier call took them off, and got no further.
    for day in loose { buckets += try await remove(day) }
    for day in old.prefix(limit) {
      days.remove([day])
      try await detach(day)
      buckets += try await remove(day)
    }
    return (buckets, old.count > limit)
  }

  /// The days that have a table which is no partition any more.
  private static func loose(_ session: PostgresSession) throws -> Set<BucketDay> {
    let names = try session.execute(
      """
      SELECT c.relname::text FROM pg_class c JOIN pg_class e ON e.relnamespace = c.relnamespace
      WHERE e.oid = to_regclass('event') AND c.relkind = 'r' AND NOT c.relispartition
        AND c.relname ~ '^(\(tables.joined(separator: "|")))_d[0-9]+$'
      """)
    return Set((0..<names.rows).compactMap { BucketDay(partition: names.text($0, 0)) })
  }

  private static func hasOpenBucket(_ day: BucketDay, _ session: PostgresSession) throws -> Bool {
    try session.execute(
      "SELECT 1 FROM bucket WHERE id >= $1 AND id < $2 AND closed_at IS NULL LIMIT 1",
      [.int64(day.firstBucket), .int64(day.next.firstBucket)]
    ).rows > 0
  }

  /// Takes a day's partitions off, while others read and write the tables. Where somebody's long transaction stands in the
  /// way, it is given up after the time-out, and finished by the next call.
  private func detach(_ day: BucketDay) async throws(StoreError) {
    // A lost answer is no doubt: the next call looks what is there.
    try await pool.run(onlyReads: true) { session in
      for table in Self.tables where try Self.attached(session, table).contains(day) {
        _ = try session.simple(
          "ALTER TABLE \(table) DETACH PARTITION \(table)\(day.suffix) CONCURRENTLY",
          cancelAfterMilliseconds: Self.detachMilliseconds)
      }
    }
  }

  /// Finishes what an earlier call began.
  private func finishDetaching() async throws(StoreError) {
    try await pool.run(onlyReads: true) { session in
      let pending = try session.execute(
        """
        SELECT p.relname::text, c.relname::text FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
          JOIN pg_class p ON p.oid = i.inhparent
        WHERE i.inhdetachpending AND i.inhparent IN (to_regclass('event'), to_regclass('receipt'))
        """)
      for row in 0..<pending.rows {
        _ = try session.simple(
          "ALTER TABLE \(pending.text(row, 0)) DETACH PARTITION \(pending.text(row, 1)) FINALIZE",
          cancelAfterMilliseconds: Self.detachMilliseconds)
      }
    }
  }

  /// Removes a day whose partitions are off, with its buckets and what nothing else refers to.
  private func remove(_ day: BucketDay) async throws(StoreError) -> Int {
    try await pool.transaction(evidence: Settlement.mayRunAgain) { session in
      let range: [PostgresValue] = [.int64(day.firstBucket), .int64(day.next.firstBucket)]
      try Self.removeShells(day, session)
      try session.execute("DELETE FROM command WHERE bucket >= $1 AND bucket < $2", range)
      let buckets = try session.execute("DELETE FROM bucket WHERE id >= $1 AND id < $2", range)
      for table in Self.tables { _ = try session.simple("DROP TABLE IF EXISTS \(table)\(day.suffix)") }
      return buckets.changes
    }
  }

  /// Removes deleted schedules and those of one-offs to which only this day referred.
  private static func removeShells(_ day: BucketDay, _ session: PostgresSession) throws {
    let table = "event\(day.suffix)"
    guard try session.execute("SELECT to_regclass($1) IS NOT NULL", [.text(table)]).int64(0, 0) != 0 else { return }
    let shells = try session.execute(
      """
      SELECT s.number FROM schedule s
      WHERE (s.state = 3 OR s.is_one_off = 1) AND s.number IN (SELECT schedule FROM \(table))
        AND NOT EXISTS (SELECT 1 FROM event e WHERE e.schedule = s.number)
        AND NOT EXISTS (SELECT 1 FROM dead_letter d WHERE d.schedule = s.number)
      """)
    let numbers = PostgresValue.int64Array((0..<shells.rows).map { shells.int64($0, 0) })
    for table in ["idempotency", "occurrence_exception", "plan"] {
      try session.execute("DELETE FROM \(table) WHERE schedule = ANY($1)", [numbers])
    }
    try session.execute("DELETE FROM schedule WHERE number = ANY($1)", [numbers])
  }
}
