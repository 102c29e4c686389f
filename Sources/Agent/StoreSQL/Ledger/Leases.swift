import EventModel
import Store

extension Session {
  func openAgent(name: String, version: String, leaseFor: TimeSpan, now: Timestamp) throws -> AgentLease {
    let until = now + leaseFor
    try query(
      """
      INSERT INTO agent (name, epoch, is_live, lease_until, version, started_at) VALUES (?, 1, 1, ?, ?, ?)
      ON CONFLICT (name) DO UPDATE SET epoch = agent.epoch + 1, is_live = 1, lease_until = excluded.lease_until,
        version = excluded.version, started_at = excluded.started_at
      """
    ).run(name, until, version, now)
    let lease = try query("SELECT id, epoch FROM agent WHERE name = ?").first(name) {
      AgentLease(agent: $0.int64(0), name: name, epoch: $0.int64(1), until: until)
    }
    guard let lease else { throw StoreError(.corrupt, "an agent's row vanished") }
    // Its earlier epoch can answer no command any more.
    try dialect.lock(bucketsOf: lease.agent, in: self)
    try executeCommands(inBucketsOf: lease.agent, now: now)
    return lease
  }

  func renew(_ lease: AgentLease, leaseFor: TimeSpan, now: Timestamp) throws -> Renewal {
    try requireLease(lease, now: now)
    var renewed = lease
    renewed.until = now + leaseFor
    try query("UPDATE agent SET lease_until = ? WHERE id = ?").run(renewed.until, lease.agent)
    return Renewal(
      lease: renewed, commands: try openCommands(of: lease), queueRevision: try counter(.queueRevision),
      routingRevision: try counter(.routingRevision))
  }

  func release(_ lease: AgentLease, now: Timestamp) throws {
    guard try query("SELECT 1 FROM agent WHERE id = ? AND epoch = ?").exists(lease.agent, lease.epoch) else {
      throw Self.fenced(lease)
    }
    try endAgent(lease.agent, now: now)
  }

  /// Ends every agent whose lease has run out, before anybody else takes its buckets.
  func endSilentAgents(now: Timestamp) throws {
    let silent = try query("SELECT id FROM agent WHERE is_live = 1 AND lease_until < ?").all(now) { $0.int64(0) }
    for agent in silent { try endAgent(agent, now: now) }
  }

  /// Fences the agent's epoch and frees its buckets.
  private func endAgent(_ agent: Int64, now: Timestamp) throws {
    try query("UPDATE agent SET is_live = 0 WHERE id = ?").run(agent)
    try dialect.lock(bucketsOf: agent, in: self)
    try executeCommands(inBucketsOf: agent, now: now)
    try query("UPDATE bucket SET owner = NULL, epoch = NULL WHERE owner = ? AND closed_at IS NULL").run(agent)
  }

  /// - Throws: `.fenced` when the lease has run out or a newer epoch exists.
  func requireLease(_ lease: AgentLease, now: Timestamp) throws {
    guard try isLive(lease, now: now) else { throw Self.fenced(lease) }
  }

  func isLive(_ lease: AgentLease, now: Timestamp) throws -> Bool {
    try query("SELECT 1 FROM agent WHERE id = ? AND epoch = ? AND is_live = 1 AND lease_until >= ?")
      .exists(lease.agent, lease.epoch, now)
  }

  static func fenced(_ lease: AgentLease) -> StoreError {
    StoreError(.fenced, "the lease of agent \(lease.name), epoch \(lease.epoch), has ended")
  }

  func agents() throws -> [AgentRecord] {
    try query(
      """
      SELECT a.name, a.epoch, a.lease_until, a.version, a.started_at, count(b.id), coalesce(sum(b.count), 0)
      FROM agent a LEFT JOIN bucket b ON b.owner = a.id AND b.closed_at IS NULL
      GROUP BY a.id ORDER BY a.name
      """
    ).all {
      AgentRecord(
        name: $0.text(0), epoch: $0.int64(1), leaseUntil: $0.time(2), version: $0.text(3), startedAt: $0.time(4),
        ownedBuckets: $0.int(5), ownedEvents: $0.int(6))
    }
  }
}
