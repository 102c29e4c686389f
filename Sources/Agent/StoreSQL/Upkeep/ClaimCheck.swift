package import EventModel
package import Store

extension Session {
  /// How long work may wait unclaimed past its time before somebody should know.
  private static let unclaimedPatience = TimeSpan.minutes(2)

  /// Whether what is due is claimed: what both backends can say.
  package func claimFinding(now: Timestamp) throws -> StoreFinding {
    let unclaimed = try query(
      """
      SELECT count(*), coalesce(sum(b.count), 0), min(b.minute) FROM bucket b JOIN queue q ON q.name = b.queue
      WHERE b.closed_at IS NULL AND b.owner IS NULL AND b.minute < ? AND q.paused = 0
      """
    ).only(now - Self.unclaimedPatience) { (buckets: $0.int(0), events: $0.int(1), oldest: $0.optionalTime(2)) }
    guard unclaimed.buckets > 0, try !isStopped() else {
      return StoreFinding(.ok, "claims", "nothing that is due waits unclaimed")
    }
    let live = try query("SELECT count(*) FROM agent WHERE is_live = 1 AND lease_until >= ?").only(now) { $0.int(0) }
    let late = unclaimed.oldest.map { (now - $0).microseconds / 1_000_000 } ?? 0
    return StoreFinding(
      .problem, "claims",
      "\(unclaimed.events) events in \(unclaimed.buckets) buckets wait unclaimed, the oldest for \(late) s; \(live) agents are live",
      advice: live == 0 ? "start an agent" : "look at the agents' /readyz: they may be full, or kept from sending")
  }
}
