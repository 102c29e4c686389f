import EventModel
import Store

/// Events that were scheduled: the first rows of each, bucket after bucket. A bucket is written whole by one transaction,
/// so that the order of buckets is that of commits, and rows need no number for it.
extension ChangeReader {
  private struct Bucket {
    var place: WatchPlace
    var id: BucketID
    var at: Timestamp
    /// Whether its rows may have been closed as they were written: missed ones, that are recorded and not sent.
    var mayBeRecord: Bool
  }

  mutating func readBegun() throws {
    guard wants(.eventScheduled) else { return }
    for bucket in try buckets() {
      let isResumed = bucket.place == cursor.begun
      if try !read(bucket, after: isResumed ? cursor.begunRow : -1) { return }
      cursor.begun = WatchPlace(transaction: bucket.place.transaction, number: bucket.place.number + 1)
      cursor.begunRow = -1
    }
  }

  /// The buckets from the cursor on, the one included in whose middle it stands.
  private func buckets() throws -> [Bucket] {
    let order = WatchOrder("b", number: session.dialect.order(ofBucket: "b.id"), session.dialect)
    return try session.query(
      """
      SELECT \(order.transaction), \(order.number), b.id, b.created_at, b.closed_at, b.claimed_at FROM bucket b
      WHERE \(order.isAfter) ORDER BY \(order.sorted) LIMIT ?3
      """
    ).all(cursor.begun.transaction, cursor.begun.number - 1, Self.bucketsPerPage) { columns in
      Bucket(
        place: WatchPlace(transaction: columns.int64(0), number: columns.int64(1)),
        id: BucketID(rawValue: columns.int64(2)), at: columns.time(3),
        mayBeRecord: columns.optionalTime(4) == columns.time(3) && columns.optionalTime(5) == nil)
    }
  }

  /// Answers false when the page is full before the bucket's end.
  private mutating func read(_ bucket: Bucket, after row: Int64) throws -> Bool {
    var isWhole = true
    let earlier = "(\(session.dialect.order(ofBucket: "o.bucket")), o.seq)"
    let present = "(\(session.dialect.order(ofBucket: "e.bucket")), e.seq)"
    let wasSent = """
      AND NOT EXISTS (SELECT 1 FROM receipt r WHERE r.bucket = e.bucket AND r.seq = e.seq
        AND r.outcome IN (\(Outcome.skipped.code), \(Outcome.merged.code)))
      """
    try session.query(
      """
      SELECT e.seq, e.schedule, e.key, e.due_at, \(Self.about)
      FROM event e JOIN schedule s ON s.number = e.schedule LEFT JOIN user u ON u.id = s.user
      WHERE e.bucket = ? AND e.seq > ? AND e.attempt = 1 AND e.hop = 0 AND e.expires_from IS NULL AND s.namespace = ?
        AND s.event_type NOT IN (\(Self.topics)) AND NOT EXISTS (
          SELECT 1 FROM event o WHERE o.schedule = e.schedule AND o.key = e.key AND \(earlier) < \(present))
        \(bucket.mayBeRecord ? wasSent : "")
      ORDER BY e.seq LIMIT ?
      """
    ).whileTrue(bucket.id, row, number, limit - items.count + 1) { columns in
      guard items.count < limit else {
        isWhole = false
        return false
      }
      cursor.begun = bucket.place
      cursor.begunRow = columns.int64(0)
      items.append(
        DomainEvent(
          id: "\(DomainEvent.Kind.eventScheduled.rawValue)-\(bucket.id.rawValue).\(columns.int64(0))",
          kind: .eventScheduled, namespace: namespace, at: bucket.at, userID: columns.optionalText(7),
          subject: DomainEvent.Subject(
            identity: EventIdentity(schedule: ScheduleNumber(rawValue: columns.int64(1)), key: columns.text(2)),
            scheduleID: columns.text(4), eventType: columns.text(5), dueAt: columns.time(3), isTest: columns.bool(6))))
      return true
    }
    return isWhole
  }
}
