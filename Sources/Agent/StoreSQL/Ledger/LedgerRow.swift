package import EventModel
import Store

/// An event row with the bucket around it, as interventions and planning see it.
package struct LedgerRow {
  package var ref: EventRef
  var identity: EventIdentity
  var dueAt: Timestamp
  var runAt: Timestamp
  var attempt: Int32
  var hop: Int32
  var sink: SinkNumber
  var timeZone: String
  var carry: String
  var firstAttemptAt: Timestamp?
  var rendered: String?
  var expiresFrom: Timestamp?
  var queue: String
  var shard: Shard
  /// Whether it has its closing receipt.
  var isSettled: Bool
  /// Whether it has any receipt: it is settled, or some sinks of its fan-out are.
  var hasReceipts: Bool
  /// Whether an agent that can still answer owns its bucket. A bucket that waits for its restarted owner is nobody's.
  var isOwned: Bool

  package static let select = """
    SELECT e.bucket, e.seq, e.schedule, e.key, e.due_at, e.run_at, e.attempt, e.hop, e.sink, e.time_zone, e.carry,
      e.first_attempt_at, e.rendered, b.queue, b.zone_group, b.slot, b.closed_at IS NOT NULL OR EXISTS (
        SELECT 1 FROM receipt c WHERE c.bucket = e.bucket AND c.seq = e.seq AND c.closes = 1),
      a.id IS NOT NULL AND a.is_live = 1 AND a.epoch = b.epoch,
      EXISTS (SELECT 1 FROM receipt r WHERE r.bucket = e.bucket AND r.seq = e.seq), e.expires_from
    FROM event e JOIN bucket b ON b.id = e.bucket LEFT JOIN agent a ON a.id = b.owner
    """

  package init(_ columns: Columns) {
    ref = EventRef(bucket: BucketID(rawValue: columns.int64(0)), sequence: columns.int32(1))
    identity = EventIdentity(schedule: ScheduleNumber(rawValue: columns.int64(2)), key: columns.text(3))
    dueAt = columns.time(4)
    runAt = columns.time(5)
    attempt = columns.int32(6)
    hop = columns.int32(7)
    sink = SinkNumber(rawValue: columns.int64(8))
    timeZone = columns.text(9)
    carry = columns.optionalText(10) ?? ""
    firstAttemptAt = columns.optionalTime(11)
    rendered = columns.optionalText(12)
    queue = columns.text(13)
    shard = Shard(zoneGroup: columns.text(14), slot: columns.int32(15))
    isSettled = columns.bool(16)
    isOwned = columns.bool(17)
    hasReceipts = columns.bool(18)
    expiresFrom = columns.optionalTime(19)
  }

  /// Whether it is the event's first row, or stands for it after a move: no retry, no deferral and no replay.
  var isFirst: Bool { attempt == 1 && hop == 0 && expiresFrom == nil }

  /// Whether a wish can still be fulfilled. A row of which a sink has its outcome can be cancelled, but neither moved nor
  /// withdrawn: the row that follows, or is planned again, would go to that sink again.
  func allows(_ wish: Wish) -> Bool {
    switch wish {
    case .cancel: !isSettled
    case .withdraw, .move: !isSettled && !hasReceipts
    }
  }

  /// The row that stands for this one once it is moved. One that waits for its retry goes on waiting; a first attempt follows
  /// its due time.
  func following(dueAt: Timestamp, timeZone: String, now: Timestamp) -> NewRow {
    let isFirstTry = attempt == 1 && hop == 0
    let start = isFirstTry && dueAt != self.dueAt ? max(dueAt, now) : max(dueAt, runAt)
    return moved(dueAt: dueAt, runAt: start, timeZone: timeZone)
  }

  /// The row that stands for this one at another time; all else is the same.
  func moved(dueAt: Timestamp, runAt: Timestamp, timeZone: String) -> NewRow {
    NewRow(
      schedule: identity.schedule, key: identity.key, dueAt: dueAt, runAt: runAt, attempt: attempt, hop: hop,
      sink: sink, timeZone: timeZone, carry: carry, firstAttemptAt: firstAttemptAt, rendered: rendered,
      expiresFrom: expiresFrom.map { max($0, dueAt) })
  }
}

extension Session {
  /// All rows of an event, oldest first.
  func rows(of identity: EventIdentity) throws -> [LedgerRow] {
    try query(
      "\(LedgerRow.select) WHERE e.schedule = ? AND e.key = ? ORDER BY \(dialect.order(ofBucket: "e.bucket")), e.seq"
    )
    .all(identity.schedule, identity.key, read: LedgerRow.init)
  }

  /// One row.
  func row(_ ref: EventRef) throws -> LedgerRow? {
    try query("\(LedgerRow.select) WHERE e.bucket = ? AND e.seq = ?").first(
      ref.bucket, ref.sequence, read: LedgerRow.init)
  }

  /// How an event ended, as far as it did: of its final outcomes the one that says most.
  func finalOutcome(of rows: [LedgerRow]) throws -> Outcome? {
    let outcomes = Set(try countingReceipts(of: rows).map(\.outcome))
    let rank: [Outcome] = [.dead, .cancelled, .expired, .delivered, .merged, .skipped]
    return rank.first { outcomes.contains($0) }
  }

  /// The receipts that say how an event stands, of all its rows, oldest first. A withdrawal says so only until the
  /// occurrence is planned again, and a dead letter until it is replayed.
  func countingReceipts(of rows: [LedgerRow]) throws -> [(outcome: Outcome, at: Timestamp)] {
    guard let identity = rows.first?.identity else { return [] }
    let newest = rows.last(where: \.isFirst)?.ref
    let order = dialect.order(ofBucket:)
    return try query(
      """
      SELECT r.outcome, r.done_at, r.code FROM event e JOIN receipt r ON r.bucket = e.bucket AND r.seq = e.seq
      WHERE e.schedule = ?1 AND e.key = ?2 AND NOT (\(LaidAside.withdrawn) AND (\(order("e.bucket")), e.seq) < (\(order("?3")), ?4))
        AND NOT (r.outcome = \(Outcome.dead.code) AND EXISTS (
          SELECT 1 FROM event n WHERE n.schedule = e.schedule AND n.key = e.key AND n.expires_from IS NOT NULL
            AND n.sink = r.sink AND \(order("n.bucket")) > \(order("e.bucket"))))
      ORDER BY r.id
      """
    ).all(identity.schedule, identity.key, newest?.bucket ?? BucketID(rawValue: 0), newest?.sequence ?? 0) {
      (outcome: try Outcome(stored: $0.int64(0)), at: $0.time(1))
    }
  }

  /// Closes a row that nobody owns.
  func close(_ row: LedgerRow, as outcome: Outcome, code: String, detail: String, now: Timestamp) throws {
    guard var bucket = try bucket(row.ref.bucket) else {
      throw StoreError(.corrupt, "bucket \(row.ref.bucket.rawValue) is missing")
    }
    try bucket.close(row.ref.sequence)
    try closeRow(row.ref, sink: row.sink, outcome: outcome, code: code, detail: detail, now: now)
    try save(bucket, now: now)
  }
}
