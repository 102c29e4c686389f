import EventModel
import Store

extension Session {
  /// The open buckets that a lease owns, as the claims that took them answered, or should have.
  func owned(by lease: AgentLease, now: Timestamp) throws -> [ClaimedBucket] {
    try requireLease(lease, now: now, locks: false)
    let routing = try counter(.routingRevision)
    return try query(
      """
      SELECT id, minute, queue, count, coalesce(routing_revision, ?) FROM bucket
      WHERE owner = ? AND epoch = ? AND owner IS NOT NULL AND closed_at IS NULL ORDER BY minute, id
      """
    ).all(routing, lease.agent, lease.epoch) {
      ClaimedBucket(
        id: BucketID(rawValue: $0.int64(0)), minute: $0.time(1), queue: $0.text(2), count: $0.int32(3),
        routingRevision: $0.int64(4), isPartial: true)
    }
  }
}
