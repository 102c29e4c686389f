package import EventModel
import Store

/// A bucket as closing needs it.
package struct BucketRow {
  package var id: BucketID
  package var count: Int32
  var shard: Shard
  package var queue: String
  package var settled: RowSet
  package var isClosed: Bool
  /// Whether a row of it was its owner's when the row's person was erased.
  var hasErased: Bool
  var hasChanged = false

  package static let columns = "id, count, zone_group, slot, queue, settled, closed_at, has_erased"

  package init(_ columns: Columns) {
    id = BucketID(rawValue: columns.int64(0))
    count = columns.int32(1)
    shard = Shard(zoneGroup: columns.text(2), slot: columns.int32(3))
    queue = columns.text(4)
    settled = columns.rowSet(5)
    isClosed = !columns.isNull(6)
    hasErased = columns.bool(7)
  }

  /// Notes a row's closing receipt.
  /// - Throws: `.failedPrecondition` when it has one, `.invalid` when the bucket has no such row.
  mutating func close(_ row: Int32) throws {
    try check(row)
    guard settled.insert(row) else { throw Self.closedBefore(id, row) }
    hasChanged = true
  }

  /// - Throws: as ``close(_:)``.
  func check(_ row: Int32) throws {
    guard row >= 0, row < count else {
      throw StoreError(ModelError(field: "ref", "bucket \(id.rawValue) has rows 0 to \(count - 1), not \(row)"))
    }
    guard !settled.contains(row) else { throw Self.closedBefore(id, row) }
  }

  private static func closedBefore(_ id: BucketID, _ row: Int32) -> StoreError {
    StoreError(.failedPrecondition, "row \(row) of bucket \(id.rawValue) has its closing receipt already")
  }
}

extension Session {
  /// A bucket, whoever owns it.
  func bucket(_ id: BucketID) throws -> BucketRow? {
    try withReceipts(
      query("SELECT \(BucketRow.columns) FROM bucket WHERE id = ?\(dialect.forUpdate)").first(id, read: BucketRow.init))
  }

  /// A bucket that the lease owns, open or closed: that the owner matches and that its epoch is the agent's present one
  /// is the whole test. Time is no part of it: a lease that ran out holds until somebody ends it.
  ///
  /// - Parameter locks: whether it is kept so until the transaction ends.
  func bucket(_ id: BucketID, ownedBy lease: AgentLease, locks: Bool) throws -> BucketRow? {
    try withReceipts(
      query(
        """
        SELECT \(BucketRow.columns) FROM bucket WHERE id = ? AND owner = ? AND epoch = ?
          AND EXISTS (SELECT 1 FROM agent a WHERE a.id = bucket.owner AND a.epoch = bucket.epoch AND a.is_live = 1)\(locks ? dialect.forUpdate : "")
        """
      ).first(id, lease.agent, lease.epoch, read: BucketRow.init))
  }

  /// Adds the rows that their owners settled, where the bucket itself does not say.
  private func withReceipts(_ bucket: BucketRow?) throws -> BucketRow? {
    guard dialect.settledNeedsReceipts, var bucket else { return bucket }
    try query("SELECT seq FROM receipt WHERE bucket = ? AND closes = 1").forEach(bucket.id) {
      _ = bucket.settled.insert($0.int32(0))
    }
    return bucket
  }

  /// Writes what was settled, and closes the bucket with its last row.
  ///
  /// - Parameter byOwner: whether its owner settled it. Where receipts are asked anyway, the set need not be kept then, and
  ///   a bucket is written twice in its life: when it is claimed and when it is closed.
  func save(_ bucket: BucketRow, byOwner: Bool = false, now: Timestamp) throws {
    guard bucket.hasChanged else { return }
    let isDone = bucket.settled.count == Int(bucket.count)
    if byOwner, !isDone, dialect.settledNeedsReceipts { return }
    try query("UPDATE bucket SET settled = ?, closed_at = ? WHERE id = ?")
      .run(bucket.settled, isDone ? now : nil, bucket.id)
  }
}
