import EventModel
import Store
import StoreSQL

extension PostgresDialect {
  func insert(_ buckets: [BucketDraft], now: Timestamp, in session: Session) throws -> [BucketID] {
    try days.require(buckets.map(\.key.minute))
    let owned = buckets.map { $0.owner == nil ? nil : $0.owner }
    let result = try session.postgres.execute(
      """
      INSERT INTO bucket (id, minute, zone_group, slot, queue, count, earliest_due, created_at, owner, epoch, claimed_at,
        closed_at, routing_revision, settled)
      SELECT ((minute / \(BucketDay.length)) << \(BucketDay.orderBits)) | nextval('bucket_number'), minute, zone_group,
        slot, queue, count, earliest_due, $13, owner, epoch, claimed_at, closed_at, routing_revision, settled
      FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[],
        $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[], $12::bytea[])
        AS x (minute, zone_group, slot, queue, count, earliest_due, owner, epoch, claimed_at, closed_at,
          routing_revision, settled)
      RETURNING id, xid
      """,
      [
        .int64Array(buckets.map(\.key.minute.microseconds)), .textArray(buckets.map(\.key.shard.zoneGroup)),
        .int64Array(buckets.map { Int64($0.key.shard.slot) }), .textArray(buckets.map(\.key.queue)),
        .int64Array(buckets.map { Int64($0.rows.count) }), .int64Array(buckets.map(\.earliestDue.microseconds)),
        .int64Array(owned.map { $0?.agent }), .int64Array(owned.map { $0?.epoch }),
        .int64Array(owned.map { $0 == nil ? nil : now.microseconds }),
        .int64Array(buckets.map { $0.key.isClosed ? now.microseconds : nil }),
        .int64Array(buckets.map { $0.owner == nil ? nil : $0.routing }), .bytesArray(buckets.map(\.settled.bytes)),
        .int64(now.microseconds),
      ])
    if result.rows > 0 {
      // A crash may give number and transaction number to others, but not at the same microsecond.
      try session.postgres.mark = Mark(
        sql: "SELECT 1 FROM bucket WHERE id = $1 AND xid = $2 AND created_at = $3",
        parameters: [.int64(result.int64(0, 0)), .int64(result.int64(0, 1)), .int64(now.microseconds)])
    }
    // The numbers' lower bits grow from row to row, as they are drawn.
    return (0..<result.rows).map { BucketID(rawValue: result.int64($0, 0)) }.sorted {
      $0.rawValue & BucketDay.orderMask < $1.rawValue & BucketDay.orderMask
    }
  }

  func insert(_ events: [EventRow], in session: Session) throws {
    guard !events.isEmpty else { return }
    guard events.count < Self.rowsWorthCopying else { return try copy(events, session.postgres) }
    try session.postgres.execute(
      """
      INSERT INTO event (\(EventRow.columns))
      SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::bigint[], $6::bigint[],
        $7::bigint[], $8::bigint[], $9::bigint[], $10::text[], $11::text[], $12::bigint[], $13::text[], $14::bigint[])
      """,
      [
        .int64Array(events.map(\.ref.bucket.rawValue)), .int64Array(events.map { Int64($0.ref.sequence) }),
        .int64Array(events.map(\.row.schedule.rawValue)), .textArray(events.map(\.row.key)),
        .int64Array(events.map(\.row.dueAt.microseconds)), .int64Array(events.map(\.row.runAt.microseconds)),
        .int64Array(events.map { Int64($0.row.attempt) }), .int64Array(events.map { Int64($0.row.hop) }),
        .int64Array(events.map(\.row.sink.rawValue)), .textArray(events.map(\.row.timeZone)),
        .textArray(events.map { $0.row.carry.isEmpty ? nil : $0.row.carry }),
        .int64Array(events.map { $0.row.firstAttemptAt?.microseconds }), .textArray(events.map(\.row.rendered)),
        .int64Array(events.map { $0.row.expiresFrom?.microseconds }),
      ])
  }

  func insert(_ receipts: [ReceiptRow], in session: Session) throws {
    guard let first = receipts.first else { return }
    if receipts.count < Self.rowsWorthCopying {
      try insertFew(receipts, session.postgres)
    } else {
      try copy(receipts, session.postgres)
    }
    // Of a row and a sink there is one receipt, and its owner alone writes it.
    try session.postgres.mark = Mark(
      sql: "SELECT 1 FROM receipt WHERE bucket = $1 AND seq = $2 AND sink = $3 AND done_at = $4",
      parameters: [
        .int64(first.ref.bucket.rawValue), .int64(Int64(first.ref.sequence)), .int64(first.sink.rawValue),
        .int64(first.doneAt.microseconds),
      ])
  }

  private func insertFew(_ receipts: [ReceiptRow], _ session: PostgresSession) throws {
    try session.execute(
      """
      INSERT INTO receipt (\(ReceiptRow.columns))
      SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::text[], $7::text[],
        $8::text[], $9::bigint[], $10::bigint[])
      """,
      [
        .int64Array(receipts.map(\.ref.bucket.rawValue)), .int64Array(receipts.map { Int64($0.ref.sequence) }),
        .int64Array(receipts.map(\.sink.rawValue)), .int64Array(receipts.map(\.outcome.code)),
        .boolArray(receipts.map(\.closes)), .textArray(receipts.map(\.code)), .textArray(receipts.map(\.detail)),
        .textArray(receipts.map(\.externalID)), .int64Array(receipts.map { $0.startedAt?.microseconds }),
        .int64Array(receipts.map(\.doneAt.microseconds)),
      ])
  }

  func rows(_ refs: [EventRef], in session: Session) throws -> [LedgerRow] {
    guard !refs.isEmpty else { return [] }
    let result = try session.postgres.execute(
      """
      \(LedgerRow.select) JOIN unnest($1::bigint[], $2::bigint[]) AS x (bucket, seq)
        ON e.bucket = x.bucket AND e.seq = x.seq
      """, [.int64Array(refs.map(\.bucket.rawValue)), .int64Array(refs.map { Int64($0.sequence) })])
    return result.map(LedgerRow.init)
  }

  /// Locks them, in the order of their numbers, as everybody does: that the owner and its epoch match under the lock is
  /// the whole test. A bucket's owner changes only under the same lock.
  func buckets(_ ids: [BucketID], ownedBy lease: AgentLease, in session: Session) throws -> [BucketRow] {
    let result = try session.postgres.execute(
      """
      SELECT \(BucketRow.columns) FROM bucket WHERE id = ANY($1) AND owner = $2 AND epoch = $3
        AND EXISTS (SELECT 1 FROM agent a WHERE a.id = $2 AND a.epoch = $3 AND a.is_live = 1)
      ORDER BY id FOR NO KEY UPDATE
      """, [.int64Array(ids.map(\.rawValue)), .int64(lease.agent), .int64(lease.epoch)])
    var buckets = result.map(BucketRow.init)
    let unknown = buckets.indices.filter { index in
      guard let known = settled.rows(of: buckets[index].id, epoch: lease.epoch) else { return true }
      buckets[index].settled = known
      return false
    }
    try addReceipts(to: &buckets, unknown, session)
    return buckets
  }

  private func addReceipts(to buckets: inout [BucketRow], _ indices: [Int], _ session: Session) throws {
    guard !indices.isEmpty else { return }
    let places = Dictionary(uniqueKeysWithValues: indices.map { (buckets[$0].id.rawValue, $0) })
    let closings = try session.postgres.execute(
      "SELECT bucket, seq FROM receipt WHERE bucket = ANY($1) AND closes = 1", [.int64Array(places.keys.sorted())])
    for row in 0..<closings.rows {
      guard let place = places[closings.int64(row, 0)] else { continue }
      _ = buckets[place].settled.insert(Int32(clamping: closings.int64(row, 1)))
    }
  }

  func take(
    _ ids: [BucketID], _ lease: AgentLease, routing: Int64, now: Timestamp, in session: Session
  ) throws -> Set<BucketID> {
    guard !ids.isEmpty else { return [] }
    let result = try session.postgres.execute(
      """
      UPDATE bucket b SET owner = $2, epoch = $3, claimed_at = $4,
        routing_revision = coalesce(b.routing_revision, $5)
      FROM (
        SELECT id FROM bucket WHERE id = ANY($1) AND closed_at IS NULL AND (owner IS NULL OR (owner = $2 AND epoch < $3))
        ORDER BY id FOR UPDATE SKIP LOCKED
      ) x WHERE b.id = x.id RETURNING b.id
      """,
      [
        .int64Array(ids.map(\.rawValue)), .int64(lease.agent), .int64(lease.epoch), .int64(now.microseconds),
        .int64(routing),
      ])
    if result.rows > 0 {
      try session.postgres.mark = Mark(
        sql: "SELECT 1 FROM bucket WHERE id = $1 AND owner = $2 AND epoch = $3 AND claimed_at = $4",
        parameters: [
          .int64(result.int64(0, 0)), .int64(lease.agent), .int64(lease.epoch), .int64(now.microseconds),
        ])
    }
    return Set((0..<result.rows).map { BucketID(rawValue: result.int64($0, 0)) })
  }
}
