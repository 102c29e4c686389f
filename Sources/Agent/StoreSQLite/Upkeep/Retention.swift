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
    let events = try dropDomainEvents(before: history, limit: Self.rowsPerUpkeep)
    return RetentionAnswer(
      buckets: buckets.count, deadLetters: letters,
      isPartial: isPartial || letters == Self.rowsPerUpkeep || events == Self.rowsPerUpkeep)
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
}
