package import EventModel
import Store

extension Session {
  /// Buckets looked at by one query.
  private static let bucketsPerPage = 500

  /// Notes in each open bucket which of its rows have their closing receipts. What comes from another store does not say.
  package func settleOpenBuckets() throws {
    var last = Int64.min
    while true {
      let page = try query("SELECT id FROM bucket WHERE closed_at IS NULL AND id > ? ORDER BY id LIMIT ?")
        .all(last, Self.bucketsPerPage) { $0.int64(0) }
      guard let end = page.last else { return }
      for bucket in page { try settle(bucket) }
      last = end
    }
  }

  private func settle(_ bucket: Int64) throws {
    var settled = RowSet()
    try query("SELECT seq FROM receipt WHERE bucket = ? AND closes = 1").forEach(bucket) {
      _ = settled.insert($0.int32(0))
    }
    if !settled.isEmpty { try query("UPDATE bucket SET settled = ? WHERE id = ?").run(settled, bucket) }
  }

  /// Ends every agent as if its lease had run out: what was asked of it is done, and its buckets are free. For a copy of a
  /// store, whose agents it never had.
  package func endAllAgents(now: Timestamp) throws {
    try query("UPDATE agent SET lease_until = ? WHERE is_live = 1 AND lease_until > ?").run(now, now)
    try endSilentAgents(now: now + TimeSpan(microseconds: 1))
  }

  /// The agents that may be running: those whose lease holds.
  package func liveAgents(now: Timestamp) throws -> [(name: String, until: Timestamp)] {
    try query("SELECT name, lease_until FROM agent WHERE is_live = 1 AND lease_until >= ? ORDER BY name").all(now) {
      ($0.text(0), $0.time(1))
    }
  }

  /// Closes, in buckets that nobody owns, what was to start before `moment`: it may have been sent since the backup was
  /// taken. Answers how many rows.
  package func skipRestored(before moment: Timestamp, detail: String, now: Timestamp) throws -> Int {
    var last = Int64.min
    var closed = 0
    while true {
      let page = try query(
        "SELECT id FROM bucket WHERE closed_at IS NULL AND id > ? AND minute <= ? ORDER BY id LIMIT ?"
      ).all(last, moment, Self.bucketsPerPage) { $0.int64(0) }
      guard let end = page.last else { return closed }
      for bucket in page {
        closed += try skip(BucketID(rawValue: bucket), before: moment, detail: detail, now: now)
      }
      last = end
    }
  }

  private func skip(_ id: BucketID, before moment: Timestamp, detail: String, now: Timestamp) throws -> Int {
    guard var bucket = try bucket(id) else { return 0 }
    var receipts: [ReceiptRow] = []
    try query("SELECT seq, sink FROM event WHERE bucket = ? AND run_at < ?").forEach(id, moment) { columns in
      let row = columns.int32(0)
      guard !bucket.settled.contains(row) else { return }
      try bucket.close(row)
      receipts.append(
        ReceiptRow(
          ref: EventRef(bucket: id, sequence: row), sink: SinkNumber(rawValue: columns.int64(1)), outcome: .skipped,
          closes: true, code: SkipReason.restored.rawValue, detail: detail, doneAt: now))
    }
    if !receipts.isEmpty { try dialect.insert(receipts, in: self) }
    try save(bucket, now: now)
    return receipts.count
  }

  /// Lets series begin anew at `moment`, as after a pause, that have occurrences before it which are not planned yet: those
  /// are not missed, and not sent. Answers how many series.
  package func beginSeriesAnew(at moment: Timestamp) throws -> Int {
    let some = """
      look_at IS NOT NULL AND (look_at < ? OR error <> '')
        AND schedule IN (SELECT number FROM schedule WHERE is_one_off = 0)
      """
    try query(
      "UPDATE schedule SET start_at = ? WHERE start_at < ? AND number IN (SELECT schedule FROM plan WHERE \(some))"
    ).run(moment, moment, moment)
    return try query(
      """
      UPDATE plan SET revision = revision + 1, look_at = ?, error = '', cursor_instant = NULL, cursor_is_start = NULL,
        cursor_civil = NULL, cursor_ordinal = NULL, cursor_key = NULL WHERE \(some)
      """
    ).run(moment, moment)
  }
}
