public import EventModel
public import Store
import StoreSQL

extension PostgresStore {
  /// See ``LedgerStore``.
  public func claim(_ request: ClaimRequest, now: Timestamp) async throws(StoreError) -> [ClaimedBucket] {
    let claimed = try await write(.claim, rows: 16) { try $0.claim(request, now: now) }
    for bucket in claimed where !bucket.isPartial {
      dialect.settled.set(RowSet(), of: bucket.id, epoch: request.lease.epoch)
    }
    dialect.settled.forget(claimed.filter(\.isPartial).map(\.id))
    return claimed
  }

  /// See ``LedgerStore``. What is known of the buckets' settled rows is known only once this is committed; in doubt their
  /// receipts are asked the next time.
  public func record(
    _ receipts: [Receipt], lease: AgentLease, now: Timestamp
  ) async throws(StoreError) -> RecordAnswer {
    do throws(StoreError) {
      let (answer, settled) = try await write(.record, rows: receipts.count) {
        try $0.recordAndSettle(receipts, lease: lease, now: now)
      }
      for (bucket, rows) in settled { dialect.settled.set(rows, of: bucket, epoch: lease.epoch) }
      return answer
    } catch {
      dialect.settled.forget(Set(receipts.map(\.ref.bucket)))
      throw error
    }
  }
}
