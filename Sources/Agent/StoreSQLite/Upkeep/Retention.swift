import EventModel
import Store
import StoreSQL

extension Session {
  func dropHistory(before history: Timestamp, deadLettersBefore: Timestamp) throws -> RetentionAnswer {
    let (buckets, isPartial) = try oldBuckets(before: history)
    if !buckets.isEmpty { try setCounter(.receiptFloor, try maximumReceipt()) }
    var schedules: Set<Int64> = []
    for bucket in buckets { schedules.formUnion(try drop(bucket)) }
    let (letters, owners) = try dropLetters(before: deadLettersBefore)
    schedules.formUnion(owners)
    for schedule in schedules { try eraseShell(ScheduleNumber(rawValue: schedule)) }
    try dropRoutings()
    try dropExceptions(before: history)
    return RetentionAnswer(
      buckets: buckets.count, deadLetters: letters, isPartial: isPartial || letters == Self.rowsPerUpkeep)
  }

  /// Removes old dead letters; answers how many, and the schedules they were of.
  private func dropLetters(before: Timestamp) throws -> (count: Int, schedules: Set<Int64>) {
    let letters = try query("SELECT id, schedule FROM dead_letter WHERE died_at < ? LIMIT ?")
      .all(before, Self.rowsPerUpkeep) { (id: $0.int64(0), schedule: $0.int64(1)) }
    for letter in letters { try query("DELETE FROM dead_letter WHERE id = ?").run(letter.id) }
    return (letters.count, Set(letters.map(\.schedule)))
  }

  /// Closed buckets of old minutes, the oldest first, up to the bound together.
  private func oldBuckets(before history: Timestamp) throws -> (buckets: [BucketID], isPartial: Bool) {
    var buckets: [BucketID] = []
    var rows = 0
    var isPartial = false
    try query("SELECT id, count FROM bucket WHERE minute < ? AND closed_at IS NOT NULL ORDER BY minute")
      .whileTrue(history) { columns in
        isPartial = rows >= Self.rowsPerUpkeep
        guard !isPartial else { return false }
        buckets.append(BucketID(rawValue: columns.int64(0)))
        rows += columns.int(1)
        return true
      }
    return (buckets, isPartial)
  }

  /// Removes a bucket; answers the schedules that its rows were of.
  private func drop(_ bucket: BucketID) throws -> Set<Int64> {
    let schedules = try query("SELECT DISTINCT schedule FROM event WHERE bucket = ?").all(bucket) { $0.int64(0) }
    for table in ["receipt", "event", "command"] {
      try query("DELETE FROM \(table) WHERE bucket = ?").run(bucket)
    }
    try query("DELETE FROM bucket WHERE id = ?").run(bucket)
    return Set(schedules)
  }

  /// Removes subscriptions' old revisions that no open bucket is stamped with.
  private func dropRoutings() throws {
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
