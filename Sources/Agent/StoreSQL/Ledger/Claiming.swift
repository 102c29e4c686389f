package import EventModel
package import Store

/// A bucket that a claimer may take.
private struct Candidate {
  var id: BucketID
  var minute: Timestamp
  var queue: String
  var count: Int32
  var shard: Shard
  var routing: Int64?
  var hasSettledRows: Bool

  static let columns = "id, minute, queue, count, zone_group, slot, routing_revision, settled"

  init(_ columns: Columns) {
    id = BucketID(rawValue: columns.int64(0))
    minute = columns.time(1)
    queue = columns.text(2)
    count = columns.int32(3)
    shard = Shard(zoneGroup: columns.text(4), slot: columns.int32(5))
    routing = columns.optionalInt64(6)
    hasSettledRows = !columns.rowSet(7).isEmpty
  }
}

extension Session {
  /// The most buckets of one queue that one claim takes; a queue of single events has one bucket for each.
  private static let bucketsPerClaim = 4_000
  /// How often one claim looks for free buckets when others are quicker.
  private static let attemptsPerClaim = 3

  package func claim(_ request: ClaimRequest, now: Timestamp) throws -> [ClaimedBucket] {
    // Its own row first, as everybody does: two that end each other's leases do not wait for one another.
    try requireLease(request.lease, now: now)
    try endSilentAgents(now: now)
    guard try !isStopped() else { return [] }
    var claimed: [ClaimedBucket] = []
    let routing = try counter(.routingRevision)
    let paused = try Set(query("SELECT name FROM queue WHERE paused = 1").all { $0.text(0) })
    var own = try earlierOwn(request.lease)
    let share = try claimShare(request, now: now)
    for (queue, events) in request.capacity where events > 0 && !paused.contains(queue) {
      var room = events
      var mine: [Candidate] = []
      for candidate in own.removeValue(forKey: queue) ?? [] where room > 0 {
        mine.append(candidate)
        room -= Int(candidate.count)
      }
      claimed += try take(mine, request.lease, routing, now)
      // Where others claim at the same time they may have been first: then once more from what is left.
      for _ in 0..<Self.attemptsPerClaim where room > 0 {
        let wanted = try free(queue, room: room, share, request.lease, now: now)
        let taken = try take(wanted, request.lease, routing, now)
        claimed += taken
        room -= taken.reduce(0) { $0 + Int($1.count) }
        if taken.count == wanted.count { break }
      }
    }
    return claimed
  }

  /// Open buckets that an earlier epoch of the claimer owned, by queue, earliest first.
  private func earlierOwn(_ lease: AgentLease) throws -> [String: [Candidate]] {
    let own = try query(
      """
      SELECT \(Candidate.columns) FROM bucket WHERE owner = ? AND closed_at IS NULL AND owner IS NOT NULL AND epoch < ?
      ORDER BY minute, id
      """
    ).all(lease.agent, lease.epoch, read: Candidate.init)
    return Dictionary(grouping: own, by: \.queue)
  }

  /// Free buckets of a queue in the order to take them: by minute, and within a minute the preferred shards first; of those
  /// whose time is still to come no more than the claimer's share.
  private func free(
    _ queue: String, room: Int, _ share: ClaimShare, _ lease: AgentLease, now: Timestamp
  ) throws -> [Candidate] {
    var allowance = share.isAlone ? Int.max : try self.allowance(share, queue, lease, now)
    var room = room
    return try candidates(queue, room: room, share, now: now).filter { candidate in
      let isShared = share.verdict(minute: candidate.minute, shard: candidate.shard, now: now) == .shared
      guard room > 0, !isShared || allowance > 0 else { return false }
      room -= Int(candidate.count)
      if isShared { allowance -= Int(candidate.count) }
      return true
    }
  }

  /// Free buckets that are not left to others, in the order to take them; somewhat more than there is room for.
  private func candidates(_ queue: String, room: Int, _ share: ClaimShare, now: Timestamp) throws -> [Candidate] {
    var found: [Candidate] = []
    var events = 0
    try query(
      """
      SELECT \(Candidate.columns) FROM bucket
      WHERE closed_at IS NULL AND owner IS NULL AND queue = ? AND minute <= ? ORDER BY minute LIMIT ?
      """
    ).whileTrue(queue, now + LedgerLimits.claimAhead, Self.bucketsPerClaim) { columns in
      let candidate = Candidate(columns)
      // With a preference, the whole of the last minute has to be seen to choose from it.
      guard events < room || (share.hasOrder && candidate.minute == found.last?.minute) else { return false }
      guard share.verdict(minute: candidate.minute, shard: candidate.shard, now: now) != .reserved else { return true }
      found.append(candidate)
      events += Int(candidate.count)
      return true
    }
    guard share.hasOrder else { return found }
    return found.enumerated().sorted { a, b in
      let orderA = (a.element.minute, share.order(a.element.shard), a.offset)
      let orderB = (b.element.minute, share.order(b.element.shard), b.offset)
      return orderA < orderB
    }.map(\.element)
  }

  /// How many events of the queue the claimer may take of those that are shared out among the live agents.
  private func allowance(
    _ share: ClaimShare, _ queue: String, _ lease: AgentLease, _ now: Timestamp
  ) throws -> Int {
    try query(
      """
      SELECT coalesce(sum(count), 0), coalesce(sum(CASE WHEN owner = ? THEN count ELSE 0 END), 0) FROM bucket
      WHERE closed_at IS NULL AND queue = ? AND minute > ? AND minute <= ?
      """
    ).only(lease.agent, queue, now + ClaimShare.sharedUntil, now + LedgerLimits.claimAhead) {
      share.allowance(open: $0.int(0), held: $0.int(1))
    }
  }

  private func take(
    _ candidates: [Candidate], _ lease: AgentLease, _ routing: Int64, _ now: Timestamp
  ) throws -> [ClaimedBucket] {
    guard !candidates.isEmpty else { return [] }
    let taken = try dialect.take(candidates.map(\.id), lease, routing: routing, now: now, in: self)
    return candidates.filter { taken.contains($0.id) }.map { candidate in
      ClaimedBucket(
        id: candidate.id, minute: candidate.minute, queue: candidate.queue, count: candidate.count,
        routingRevision: candidate.routing ?? routing, isPartial: candidate.routing != nil || candidate.hasSettledRows)
    }
  }

  func giveBack(_ buckets: [BucketID], lease: AgentLease, now: Timestamp) throws {
    let asked = try schedulesAsked(inBuckets: buckets)
    if !asked.isEmpty {
      try dialect.holdQueues(in: self)
      try dialect.lock(asked, in: self)
    }
    for id in buckets.sorted(by: { $0.rawValue < $1.rawValue }) {
      guard let bucket = try bucket(id, ownedBy: lease, locks: true), !bucket.isClosed else { continue }
      try query("UPDATE bucket SET owner = NULL, epoch = NULL WHERE id = ?").run(id)
      try executeCommands(inBucket: id, now: now)
    }
  }

  func nextClaimable(now: Timestamp) throws -> Timestamp? {
    guard try !isStopped() else { return nil }
    var earliest: Timestamp?
    func consider(_ minute: Timestamp, notBefore: Timestamp? = nil) {
      let start = max(minute - LedgerLimits.claimAhead, notBefore ?? minute - LedgerLimits.claimAhead)
      earliest = min(earliest ?? start, start)
    }
    let queues = try Set(query("SELECT name FROM queue WHERE paused = 0").all { $0.text(0) })
    for queue in queues {
      let minute = try query(
        "SELECT minute FROM bucket WHERE closed_at IS NULL AND owner IS NULL AND queue = ? ORDER BY minute LIMIT 1"
      ).first(queue) { $0.time(0) }
      if let minute { consider(minute) }
    }
    try query(
      """
      SELECT b.minute, a.lease_until, b.epoch < a.epoch, b.queue FROM agent a
      JOIN bucket b ON b.owner = a.id AND b.closed_at IS NULL AND b.owner IS NOT NULL
      WHERE a.lease_until < ? OR b.epoch < a.epoch
      """
    ).forEach(now) { columns in
      // By queue the database would walk along all that is open, not along what is owned.
      guard queues.contains(columns.text(3)) else { return }
      consider(columns.time(0), notBefore: columns.bool(2) ? nil : columns.time(1))
    }
    return earliest
  }
}
