package import EventModel
import Store

/// A receipt as it is written.
package struct ReceiptRow {
  package var ref: EventRef
  package var sink: SinkNumber
  package var outcome: Outcome
  package var closes: Bool
  package var code: String
  package var detail: String
  package var externalID = ""
  package var startedAt: Timestamp?
  package var doneAt: Timestamp
}

/// A bucket as it is written, with its rows in the order of their start.
package struct BucketDraft {
  package var key: BucketKey
  package var rows: ArraySlice<NewRow>
  /// Who owns it from the start, and the routing that counts for it then.
  package var owner: AgentLease?
  package var routing: Int64?

  /// When the earliest of its rows falls due: before, none can expire.
  package var earliestDue: Timestamp {
    Timestamp(microseconds: rows.reduce(.max) { min($0, ($1.expiresFrom ?? $1.dueAt).microseconds) })
  }
  /// The rows that are settled as they are written.
  package var settled: RowSet { key.isClosed ? .all(rows.count) : RowSet() }
}

/// A row of a bucket as it is written.
package struct EventRow {
  package var ref: EventRef
  package var row: NewRow
}

extension SQLDialect {
  /// Inserts buckets; answers their numbers, in order.
  package func insert(_ buckets: [BucketDraft], now: Timestamp, in session: Session) throws -> [BucketID] {
    let number = newBucketID
    let insert = try session.query(
      """
      INSERT INTO bucket (\(number == nil ? "" : "id, ")minute, zone_group, slot, queue, count, earliest_due, created_at,
        owner, epoch, claimed_at, closed_at, routing_revision, settled)
      VALUES (\(number.map { $0 + ", " } ?? "")?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
      RETURNING id
      """)
    return try buckets.map { draft in
      let key = draft.key
      return try insert.only(
        key.minute, key.shard.zoneGroup, key.shard.slot, key.queue, draft.rows.count, draft.earliestDue, now,
        draft.owner?.agent, draft.owner?.epoch, draft.owner == nil ? nil : now, key.isClosed ? now : nil,
        draft.owner == nil ? nil : draft.routing, draft.settled
      ) { BucketID(rawValue: $0.int64(0)) }
    }
  }

  /// Inserts event rows.
  package func insert(_ events: [EventRow], in session: Session) throws {
    let insert = try session.query(
      """
      INSERT INTO event (bucket, seq, schedule, key, due_at, run_at, attempt, hop, sink, time_zone, carry,
        first_attempt_at, rendered, expires_from)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """)
    for event in events {
      let row = event.row
      try insert.run(
        event.ref.bucket, event.ref.sequence, row.schedule, row.key, row.dueAt, row.runAt, row.attempt, row.hop,
        row.sink, row.timeZone, row.carry.isEmpty ? nil : row.carry, row.firstAttemptAt, row.rendered, row.expiresFrom)
    }
  }

  /// Inserts receipts.
  /// - Throws: `.failedPrecondition` when a row has a receipt of that sink already.
  package func insert(_ receipts: [ReceiptRow], in session: Session) throws {
    let insert = try session.query(
      """
      INSERT INTO receipt (bucket, seq, sink, outcome, closes, code, detail, external_id, started_at, done_at, id)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """)
    for receipt in receipts {
      try insert.run(
        receipt.ref.bucket, receipt.ref.sequence, receipt.sink, receipt.outcome.code, receipt.closes, receipt.code,
        receipt.detail, receipt.externalID, receipt.startedAt, receipt.doneAt, try session.nextReceipt())
    }
  }

  /// Gives free buckets to an agent: those of them that nobody else took meanwhile. The first claim stamps the routing.
  package func take(
    _ buckets: [BucketID], _ lease: AgentLease, routing: Int64, now: Timestamp, in session: Session
  ) throws -> Set<BucketID> {
    let take = try session.query(
      """
      UPDATE bucket SET owner = ?, epoch = ?, claimed_at = ?, routing_revision = coalesce(routing_revision, ?)
      WHERE id = ?
      """)
    for bucket in buckets { try take.run(lease.agent, lease.epoch, now, routing, bucket) }
    return Set(buckets)
  }

  /// Rows of the ledger, those that there are.
  package func rows(_ refs: [EventRef], in session: Session) throws -> [LedgerRow] {
    try refs.compactMap { try session.row($0) }
  }

  /// Those of some buckets that the lease owns, kept so until the transaction ends.
  package func buckets(_ ids: [BucketID], ownedBy lease: AgentLease, in session: Session) throws -> [BucketRow] {
    try ids.compactMap { try session.bucket($0, ownedBy: lease, locks: true) }
  }
}
