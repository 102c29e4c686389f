package import EventModel
package import Store

/// An event row to be written.
package struct NewRow {
  package var schedule: ScheduleNumber
  package var key: String
  package var dueAt: Timestamp
  package var runAt: Timestamp
  package var attempt: Int32 = 1
  package var hop: Int32 = 0
  package var sink: SinkNumber = .all
  package var timeZone: String
  package var carry: String = ""
  package var firstAttemptAt: Timestamp?
  package var rendered: String?
  /// Set in what a replayed dead letter comes to: what its expiry counts from.
  package var expiresFrom: Timestamp?
  /// Set when it is written together with its closing receipt.
  package var closedAs: PlannedEvent.Closed?
}

/// What the rows of one bucket share.
package struct BucketKey: Hashable {
  package var minute: Timestamp
  package var shard: Shard
  package var queue: String
  package var isOwned = false
  package var isClosed = false
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

  /// The buckets to make, by minute. In each the rows are in order of their start, so that a load needs no sort.
  func drafts(owner: AgentLease?, routing: Int64?) -> [BucketDraft] {
    groups.sorted { $0.key.minute < $1.key.minute }.flatMap { key, group in
      let sorted = group.sorted { $0.runAt < $1.runAt }
      return stride(from: 0, to: sorted.count, by: LedgerLimits.eventsPerBucket).map { start in
        BucketDraft(
          key: key, rows: sorted[start..<min(start + LedgerLimits.eventsPerBucket, sorted.count)],
          owner: key.isOwned ? owner : nil, routing: routing)
      }
    }
  }
}

extension Session {
  /// Writes the rows and their buckets. Buckets of the key's `isOwned` are `owner`'s; answers those.
  func insert(_ rows: NewRows, owner: AgentLease? = nil, now: Timestamp) throws -> [ClaimedBucket] {
    guard rows.count > 0 else { return [] }
    try dialect.holdQueues(in: self)
    let routing = owner == nil ? nil : try counter(.routingRevision)
    let drafts = rows.drafts(owner: owner, routing: routing)
    let ids = try dialect.insert(drafts, now: now, in: self)
    try dialect.insert(Self.events(drafts, ids), in: self)
    let receipts = Self.receipts(drafts, ids, now: now)
    if !receipts.isEmpty { try dialect.insert(receipts, in: self) }
    return zip(ids, drafts).compactMap { id, draft in
      guard draft.owner != nil else { return nil }
      return ClaimedBucket(
        id: id, minute: draft.key.minute, queue: draft.key.queue, count: Int32(clamping: draft.rows.count),
        routingRevision: routing ?? 0, isPartial: false)
    }
  }

  private static func events(_ drafts: [BucketDraft], _ ids: [BucketID]) -> [EventRow] {
    zip(ids, drafts).flatMap { id, draft in
      draft.rows.enumerated().map { place, row in
        EventRow(ref: EventRef(bucket: id, sequence: Int32(clamping: place)), row: row)
      }
    }
  }

  /// The receipts of what is closed as it is written.
  private static func receipts(_ drafts: [BucketDraft], _ ids: [BucketID], now: Timestamp) -> [ReceiptRow] {
    zip(ids, drafts).filter(\.1.key.isClosed).flatMap { id, draft in
      draft.rows.enumerated().compactMap { place, row in
        row.closedAs.map { closed in
          ReceiptRow(
            ref: EventRef(bucket: id, sequence: Int32(clamping: place)), sink: row.sink, outcome: closed.outcome,
            closes: true, code: closed.code, detail: closed.detail, doneAt: now)
        }
      }
    }
  }

  /// Writes a closing receipt that the store makes itself.
  func closeRow(
    _ ref: EventRef, sink: SinkNumber, outcome: Outcome, code: String, detail: String, now: Timestamp
  ) throws {
    try dialect.insert(
      [ReceiptRow(ref: ref, sink: sink, outcome: outcome, closes: true, code: code, detail: detail, doneAt: now)],
      in: self)
  }
}
