import EventModel
import Store

/// Which open rows a walk is about.
struct BulkFilter {
  /// Only of this namespace, by number; nil: of all.
  var namespace: Int64?
  /// Only of this queue.
  var queue: String?
  /// Not of this queue.
  var butQueue: String?
  var eventType: String?
  var scheduleID: String?
  var userID: String?
  var dueFrom: Timestamp?
  var dueBefore: Timestamp?

  /// Whether it names a schedule or a person: then their events are few, and are found by schedule.
  private var isNarrow: Bool { scheduleID != nil || userID != nil }

  /// The next open buckets that may have such rows, in order; the one that the place is in comes again, unless it was looked
  /// at to its end.
  func buckets(from place: BulkPlace, limit: Int, in session: Session) throws -> [BulkPlace] {
    if isNarrow { return try narrowBuckets(from: place, limit: limit, in: session) }
    let names = try session.query(
      "SELECT name FROM queue WHERE name >= ?1 AND (name = ?2 OR ?2 IS NULL) AND (name <> ?3 OR ?3 IS NULL) ORDER BY name"
    ).all(place.queue, queue, butQueue) { $0.text(0) }
    for name in names {
      let from = name == place.queue ? place : BulkPlace(queue: name, minute: .distantPast, bucket: .first, row: -1)
      let found = try buckets(ofQueue: name, from: from, limit: limit, in: session)
      if !found.isEmpty { return found }
    }
    return []
  }

  /// Free and owned ones stand in indexes of their own.
  private func buckets(
    ofQueue name: String, from place: BulkPlace, limit: Int, in session: Session
  ) throws -> [BulkPlace] {
    var found: [BulkPlace] = []
    for owned in ["owner IS NULL", "owner IS NOT NULL"] {
      found += try session.query(
        """
        SELECT queue, minute, id FROM bucket
        WHERE closed_at IS NULL AND \(owned) AND queue = ? AND (minute, id) \(place.isBehindBucket ? ">" : ">=") (?, ?) AND earliest_due < ?
        ORDER BY minute, id LIMIT ?
        """
      ).all(name, place.minute, place.bucket, dueBefore?.microseconds ?? .max, limit, read: BulkPlace.init)
    }
    return Array(found.sorted { ($0.minute, $0.bucket.rawValue) < ($1.minute, $1.bucket.rawValue) }.prefix(limit))
  }

  private func narrowBuckets(from place: BulkPlace, limit: Int, in session: Session) throws -> [BulkPlace] {
    try session.query(
      """
      SELECT DISTINCT b.queue, b.minute, b.id FROM event e INDEXED BY event_identity CROSS JOIN bucket b ON b.id = e.bucket
      WHERE e.schedule IN (
          SELECT s.number FROM schedule s LEFT JOIN user u ON u.id = s.user
          WHERE (s.namespace = ?1 OR ?1 IS NULL) AND (s.name = ?2 OR ?2 IS NULL) AND (u.name = ?3 OR ?3 IS NULL))
        AND b.closed_at IS NULL AND (b.queue = ?4 OR ?4 IS NULL) AND (b.queue <> ?5 OR ?5 IS NULL)
        AND (b.queue, b.minute, b.id) \(place.isBehindBucket ? ">" : ">=") (?6, ?7, ?8)
      ORDER BY b.queue, b.minute, b.id LIMIT ?9
      """
    ).all(
      namespace, scheduleID, userID, queue, butQueue, place.queue, place.minute, place.bucket, limit,
      read: BulkPlace.init)
  }

  /// Rows of a bucket that fit and are not settled, behind a row.
  func rows(of bucket: BucketID, after row: Int32, limit: Int, in session: Session) throws -> [LedgerRow] {
    try session.query(
      """
      \(LedgerRow.select) JOIN schedule s ON s.number = e.schedule LEFT JOIN user u ON u.id = s.user
      WHERE e.bucket = ?1 AND e.seq > ?2 AND (s.namespace = ?3 OR ?3 IS NULL) AND (s.event_type = ?4 OR ?4 IS NULL)
        AND (s.name = ?5 OR ?5 IS NULL) AND (u.name = ?6 OR ?6 IS NULL) AND e.due_at >= ?7 AND e.due_at < ?8
        AND NOT EXISTS (SELECT 1 FROM receipt x WHERE x.bucket = e.bucket AND x.seq = e.seq AND x.closes = 1)
      ORDER BY e.seq LIMIT ?9
      """
    ).all(
      bucket, row, namespace, eventType, scheduleID, userID, dueFrom?.microseconds ?? .min,
      dueBefore?.microseconds ?? .max, limit, read: LedgerRow.init)
  }
}

extension BulkPlace {
  fileprivate init(_ columns: Columns) {
    self.init(
      queue: columns.text(0), minute: columns.time(1), bucket: BucketID(rawValue: columns.int64(2)), row: -1)
  }
}

extension Timestamp {
  fileprivate static let distantPast = Timestamp(microseconds: .min)
}

extension BucketID {
  fileprivate static let first = BucketID(rawValue: .min)
}
