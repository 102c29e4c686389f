package import EventModel
import Store

extension Session {
  /// The most rows that one call of upkeep touches.
  package static let rowsPerUpkeep = 5_000

  /// Removes a deleted schedule or a one-off's when nothing refers to it any more.
  package func eraseShell(_ schedule: ScheduleNumber) throws {
    let isShell = try query("SELECT 1 FROM schedule WHERE number = ? AND (state = 3 OR is_one_off = 1)").exists(
      schedule)
    guard isShell, try !query("SELECT 1 FROM event WHERE schedule = ? LIMIT 1").exists(schedule),
      try !query("SELECT 1 FROM dead_letter WHERE schedule = ? LIMIT 1").exists(schedule)
    else { return }
    try eraseSchedule(schedule)
  }

  /// Closes what came too late in buckets that nobody owns.
  package func expire(now: Timestamp) throws -> Int {
    try endSilentAgents(now: now)
    try dropTokens(now: now)
    try dropCreations(now: now)
    var closed = 0
    for queue in try queues() where closed < Self.rowsPerUpkeep {
      let bound = now - queue.expiresAfter
      let buckets = try query(
        """
        SELECT id FROM bucket WHERE closed_at IS NULL AND owner IS NULL AND queue = ? AND minute <= ?
          AND earliest_due < ? ORDER BY minute LIMIT ?\(dialect.forUpdate)
        """
      ).all(queue.name, now, bound, Self.rowsPerUpkeep) { BucketID(rawValue: $0.int64(0)) }
      for bucket in buckets where closed < Self.rowsPerUpkeep {
        closed += try expire(bucket, dueBefore: bound, now: now)
      }
    }
    return closed
  }

  private func expire(_ id: BucketID, dueBefore bound: Timestamp, now: Timestamp) throws -> Int {
    guard var bucket = try bucket(id) else { return 0 }
    let rows = try query("SELECT seq, sink FROM event WHERE bucket = ? AND coalesce(expires_from, due_at) < ?").all(
      id, bound
    ) {
      (row: $0.int32(0), sink: SinkNumber(rawValue: $0.int64(1)))
    }
    var closed = 0
    for (row, sink) in rows where !bucket.settled.contains(row) {
      try bucket.close(row)
      try closeRow(
        EventRef(bucket: id, sequence: row), sink: sink, outcome: .expired, code: "expired", detail: "", now: now)
      closed += 1
    }
    try save(bucket, now: now)
    return closed
  }
}
