package import EventModel
import Store

extension Session {
  /// Removes old dead letters; answers how many, and the schedules they were of.
  package func dropLetters(before: Timestamp) throws -> (count: Int, schedules: Set<Int64>) {
    let letters = try query("SELECT id, schedule FROM dead_letter WHERE died_at < ? LIMIT ?")
      .all(before, Self.rowsPerUpkeep) { (id: $0.int64(0), schedule: $0.int64(1)) }
    for letter in letters { try query("DELETE FROM dead_letter WHERE id = ?").run(letter.id) }
    return (letters.count, Set(letters.map(\.schedule)))
  }

  /// Removes subscriptions' old revisions that no open bucket is stamped with.
  package func dropRoutings() throws {
    var oldest = try counter(.routingRevision)
    for owned in ["owner IS NULL", "owner IS NOT NULL"] {
      let stamped = try query(
        "SELECT min(routing_revision) FROM bucket WHERE closed_at IS NULL AND \(owned)"
      ).first { $0.optionalInt64(0) }
      if let stamped, let revision = stamped { oldest = min(oldest, revision) }
    }
    try query("DELETE FROM subscription WHERE until <= ?").run(oldest)
  }
}
