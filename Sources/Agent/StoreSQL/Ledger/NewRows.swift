import EventModel
import Store

/// An event row to be written.
struct NewRow {
  var schedule: ScheduleNumber
  var key: String
  var dueAt: Timestamp
  var runAt: Timestamp
  var attempt: Int32 = 1
  var hop: Int32 = 0
  var sink: SinkNumber = .all
  var timeZone: String
  var carry: String = ""
  var firstAttemptAt: Timestamp?
  var rendered: String?
  /// Set in what a replayed dead letter comes to: what its expiry counts from.
  var expiresFrom: Timestamp?
  /// Set when it is written together with its closing receipt.
  var closedAs: PlannedEvent.Closed?
}

/// What the rows of one bucket share.
struct BucketKey: Hashable {
  var minute: Timestamp
  var shard: Shard
  var queue: String
  var isOwned = false
  var isClosed = false
}

/// Rows that one transaction writes, sorted into the buckets it makes for them. Buckets never gain events, so that
/// every transaction makes its own.
struct NewRows {
  private(set) var groups: [BucketKey: [NewRow]] = [:]
  private(set) var count = 0

  mutating func add(_ row: NewRow, shard: Shard, queue: String, isOwned: Bool = false) {
    let key = BucketKey(
      minute: row.runAt.minute, shard: shard, queue: queue, isOwned: isOwned && row.closedAs == nil,
      isClosed: row.closedAs != nil)
    groups[key, default: []].append(row)
    count += 1
  }
}

extension Session {
  /// Writes the rows and their buckets. Buckets of the key's `isOwned` are `owner`'s; answers those.
  func insert(_ rows: NewRows, owner: AgentLease? = nil, now: Timestamp) throws -> [ClaimedBucket] {
    guard rows.count > 0 else { return [] }
    try dialect.holdQueues(in: self)
    let routing = owner == nil ? nil : try counter(.routingRevision)
    var owned: [ClaimedBucket] = []
    let ordered = rows.groups.sorted { $0.key.minute < $1.key.minute }
    for (key, group) in ordered {
      // In order of their start, so that a load needs no sort.
      let sorted = group.sorted { $0.runAt < $1.runAt }
      for start in stride(from: 0, to: sorted.count, by: LedgerLimits.eventsPerBucket) {
        let part = sorted[start..<min(start + LedgerLimits.eventsPerBucket, sorted.count)]
        let id = try insertBucket(key, part, owner: key.isOwned ? owner : nil, routing: routing, now: now)
        if key.isOwned, owner != nil {
          owned.append(
            ClaimedBucket(
              id: id, minute: key.minute, queue: key.queue, count: Int32(clamping: part.count),
              routingRevision: routing ?? 0, isPartial: false))
        }
      }
    }
    return owned
  }

  private func insertBucket(
    _ key: BucketKey, _ rows: ArraySlice<NewRow>, owner: AgentLease?, routing: Int64?, now: Timestamp
  ) throws -> BucketID {
    let earliest = rows.reduce(Int64.max) { min($0, ($1.expiresFrom ?? $1.dueAt).microseconds) }
    let number = dialect.newBucketID
    let bucket = try query(
      """
      INSERT INTO bucket (\(number == nil ? "" : "id, ")minute, zone_group, slot, queue, count, earliest_due, created_at, owner, epoch, claimed_at,
        closed_at, routing_revision, settled)
      VALUES (\(number.map { $0 + ", " } ?? "")?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
      RETURNING id
      """
    ).only(
      key.minute, key.shard.zoneGroup, key.shard.slot, key.queue, rows.count, earliest, now, owner?.agent, owner?.epoch,
      owner == nil ? nil : now, key.isClosed ? now : nil, owner == nil ? nil : routing,
      key.isClosed ? RowSet.all(rows.count) : RowSet()
    ) { BucketID(rawValue: $0.int64(0)) }
    let insert = try query(
      """
      INSERT INTO event (bucket, seq, schedule, key, due_at, run_at, attempt, hop, sink, time_zone, carry,
        first_attempt_at, rendered, expires_from)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """)
    for (sequence, row) in rows.enumerated() {
      try insert.run(
        bucket, sequence, row.schedule, row.key, row.dueAt, row.runAt, row.attempt, row.hop, row.sink, row.timeZone,
        row.carry.isEmpty ? nil : row.carry, row.firstAttemptAt, row.rendered, row.expiresFrom)
      if let closed = row.closedAs {
        try insertReceipt(
          EventRef(bucket: bucket, sequence: Int32(clamping: sequence)), sink: row.sink, outcome: closed.outcome,
          closes: true, code: closed.code, detail: closed.detail, now: now)
      }
    }
    return bucket
  }

  /// Writes a receipt that the store makes itself.
  func insertReceipt(
    _ ref: EventRef, sink: SinkNumber, outcome: Outcome, closes: Bool, code: String, detail: String,
    externalID: String = "", startedAt: Timestamp? = nil, now: Timestamp
  ) throws {
    let number = dialect.newReceiptID
    let insert = try query(
      """
      INSERT INTO receipt (bucket, seq, sink, outcome, closes, code, detail, external_id, started_at, done_at, id)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, \(number ?? "?11"))
      """)
    if number != nil {
      try insert.run(
        ref.bucket, ref.sequence, sink, outcome.code, closes, code, detail, externalID, startedAt, now)
    } else {
      try insert.run(
        ref.bucket, ref.sequence, sink, outcome.code, closes, code, detail, externalID, startedAt, now,
        try nextReceipt())
    }
  }
}
