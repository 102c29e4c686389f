import EventModel
import Store

extension Session {
  func openAgent(
    name: String, version: String, prefers: ShardPreference, leaseFor: TimeSpan, now: Timestamp
  ) throws -> AgentLease {
    let until = now + leaseFor
    // What its earlier epoch was asked may put rows into queues.
    try dialect.holdQueues(in: self)
    try query(
      """
      INSERT INTO agent (name, epoch, is_live, lease_until, version, started_at, prefers) VALUES (?, 1, 1, ?, ?, ?, ?)
      ON CONFLICT (name) DO UPDATE SET epoch = agent.epoch + 1, is_live = 1, lease_until = excluded.lease_until,
        version = excluded.version, started_at = excluded.started_at, prefers = excluded.prefers, released_at = NULL
      """
    ).run(name, until, version, now, try JSONText.text(prefers.patterns))
    let lease = try query("SELECT id, epoch FROM agent WHERE name = ?").first(name) {
      AgentLease(agent: $0.int64(0), name: name, epoch: $0.int64(1), until: until)
    }
    guard let lease else { throw StoreError(.corrupt, "an agent's row vanished") }
    // After the row is written: whoever moves the store keeps rows of agents from being written until it is marked.
    try refuseMoved()
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
    try anchorChain(now: now)
    let fleet = try place(of: lease, now: now)
    return Renewal(
      lease: renewed, commands: try openCommands(of: lease), queueRevision: try counter(.queueRevision),
      routingRevision: try counter(.routingRevision), accessRevision: try counter(.accessRevision),
      liveAgents: fleet.count, rank: fleet.rank)
  }

  /// How many agents are live, and how many of them stand before this one. Its own row counts, whose lease was just
  /// renewed.
  private func place(of lease: AgentLease, now: Timestamp) throws -> (count: Int, rank: Int) {
    try query(
      """
      SELECT count(*), coalesce(sum(CASE WHEN id < ? THEN 1 ELSE 0 END), 0) FROM agent
      WHERE is_live = 1 AND lease_until >= ?
      """
    ).only(lease.agent, now) { ($0.int(0), $0.int(1)) }
  }

  /// How a claimer shares with the other live agents.
  func claimShare(_ request: ClaimRequest, now: Timestamp) throws -> ClaimShare {
    let others = try query("SELECT prefers FROM agent WHERE is_live = 1 AND lease_until >= ? AND id <> ?")
      .all(now, request.lease.agent) { try ShardPreference(stored: $0.text(0)) }
    return ClaimShare(prefers: request.prefers, others: others)
  }

  func release(_ lease: AgentLease, now: Timestamp) throws {
    guard try query("SELECT 1 FROM agent WHERE id = ? AND epoch = ?").exists(lease.agent, lease.epoch) else {
      throw Self.fenced(lease)
    }
    try query("UPDATE agent SET released_at = ? WHERE id = ?").run(now, lease.agent)
    try endAgent(lease.agent, now: now)
  }

  /// Ends every agent whose lease has run out, before anybody else takes its buckets.
  func endSilentAgents(now: Timestamp) throws {
    let silent = try query("SELECT id FROM agent WHERE is_live = 1 AND lease_until < ? ORDER BY id").all(now) {
      $0.int64(0)
    }
    for agent in silent { try endAgent(agent, now: now) }
  }

  /// Fences the agent's epoch and frees its buckets.
  private func endAgent(_ agent: Int64, now: Timestamp) throws {
    try dialect.holdQueues(in: self)
    try query("UPDATE agent SET is_live = 0 WHERE id = ?").run(agent)
    try dialect.lock(bucketsOf: agent, in: self)
    try executeCommands(inBucketsOf: agent, now: now)
    try query("UPDATE bucket SET owner = NULL, epoch = NULL WHERE owner = ? AND closed_at IS NULL").run(agent)
  }

  /// - Throws: `.fenced` when the lease has run out or a newer epoch exists.
  ///
  /// - Parameter locks: whether it is kept from ending until the transaction ends; a snapshot cannot.
  func requireLease(_ lease: AgentLease, now: Timestamp, locks: Bool = true) throws {
    guard try isLive(lease, now: now, locks: locks) else { throw Self.fenced(lease) }
  }

  func isLive(_ lease: AgentLease, now: Timestamp, locks: Bool = true) throws -> Bool {
    let lock = locks ? dialect.forShare : ""
    return try query("SELECT 1 FROM agent WHERE id = ? AND epoch = ? AND is_live = 1 AND lease_until >= ?\(lock)")
      .exists(lease.agent, lease.epoch, now)
  }

  static func fenced(_ lease: AgentLease) -> StoreError {
    StoreError(.fenced, "the lease of agent \(lease.name), epoch \(lease.epoch), has ended")
  }

  func agents() throws -> [AgentRecord] {
    try query(
      """
      SELECT a.name, a.epoch, a.lease_until, a.version, a.started_at, a.prefers, a.is_live, a.released_at,
        count(b.id), coalesce(sum(b.count), 0)
      FROM agent a LEFT JOIN bucket b ON b.owner = a.id AND b.closed_at IS NULL
      GROUP BY a.id ORDER BY a.name
      """
    ).all {
      AgentRecord(
        name: $0.text(0), epoch: $0.int64(1), leaseUntil: $0.time(2), version: $0.text(3), startedAt: $0.time(4),
        prefers: try ShardPreference(stored: $0.text(5)), isLive: $0.bool(6), releasedAt: $0.optionalTime(7),
        ownedBuckets: $0.int(8), ownedEvents: $0.int(9))
    }
  }
}

extension ShardPreference {
  /// The patterns of an agent's row, a JSON array.
  init(stored text: String) throws {
    let patterns = text == "[]" ? [] : try JSONText.value([String].self, text)
    do throws(ModelError) {
      try self.init(patterns: patterns)
    } catch {
      throw StoreError(.corrupt, "an agent's row holds no shard patterns", cause: error)
    }
  }
}
