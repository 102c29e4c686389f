import EventModel
import Store

/// Events that ended. A receipt ends its event when it closes the last of its rows for good. Which is the last is told by
/// the order in which receipts are watched, so that the answer is the same whenever it is read, and one receipt only has
/// it, whoever records the event's other rows at the same time.
///
/// The rows of a replayed dead letter are one sink's, and end by themselves.
extension ChangeReader {
  mutating func readEnded() throws {
    guard wants(.eventCompleted, .eventFailed) else { return }
    let order = WatchOrder("r", number: "r.id", session.dialect)
    let count = try receiptsToRead(order)
    guard count > 0 else { return }
    try session.query(Self.sql(order, WatchOrder("c", number: "c.id", session.dialect)))
      .whileTrue(cursor.ended.transaction, cursor.ended.number, count, number) { columns in
        cursor.ended = WatchPlace(transaction: columns.int64(0), number: columns.int64(1))
        if columns.bool(2), let kind = Self.kind(columns), kinds.contains(kind) { items.append(event(kind, columns)) }
        return items.count < limit
      }
  }

  /// How many receipts have as many ends among them as the page has room for. What is asked of an end is much, and the
  /// database may ask it of every row before it hands out the first.
  private func receiptsToRead(_ order: WatchOrder) throws -> Int {
    var (count, ends) = (0, 0)
    try session.query(
      """
      SELECT r.closes = 1 AND r.outcome IN (\(Self.finals)) FROM receipt r
      WHERE \(order.isAfter) ORDER BY \(order.sorted) LIMIT ?3
      """
    ).whileTrue(cursor.ended.transaction, cursor.ended.number, Self.rowsPerPage) { columns in
      count += 1
      if columns.bool(0) { ends += 1 }
      return ends < limit - items.count
    }
    return count
  }

  private static let finals = Outcome.allCases.filter(\.isFinal).map { String($0.code) }.joined(separator: ", ")

  /// What became of the event; nil when it was not sent at all.
  private static func kind(_ columns: Columns) -> DomainEvent.Kind? {
    columns.bool(3) ? .eventFailed : columns.bool(4) ? .eventCompleted : nil
  }

  private func event(_ kind: DomainEvent.Kind, _ columns: Columns) -> DomainEvent {
    DomainEvent(
      id: "\(kind.rawValue)-\(columns.int64(5)).\(columns.int64(6)).\(columns.int64(7))", kind: kind,
      namespace: namespace, at: columns.time(8), userID: columns.optionalText(15),
      subject: DomainEvent.Subject(
        identity: EventIdentity(schedule: ScheduleNumber(rawValue: columns.int64(9)), key: columns.text(10)),
        scheduleID: columns.text(12), eventType: columns.text(13), dueAt: columns.time(11),
        isTest: columns.bool(14)))
  }

  private static func sql(_ order: WatchOrder, _ earlier: WatchOrder) -> String {
    let isUpTo = earlier.isUpTo(order)
    return """
      SELECT \(order.transaction), r.id,
        r.closes = 1 AND r.outcome IN (\(finals)) AND s.namespace = ?4 AND s.event_type NOT IN (\(topics))
          AND (e.expires_from IS NOT NULL OR NOT EXISTS (
            SELECT 1 FROM event o WHERE o.schedule = e.schedule AND o.key = e.key AND o.expires_from IS NULL
              AND NOT EXISTS (
                SELECT 1 FROM receipt c WHERE c.bucket = o.bucket AND c.seq = o.seq AND c.closes = 1 AND \(isUpTo)))),
        \(has(.dead, isUpTo)), \(has(.delivered, isUpTo)),
        r.bucket, r.seq, r.sink, r.done_at, e.schedule, e.key, e.due_at, \(about)
      FROM (SELECT * FROM receipt r WHERE \(order.isAfter) ORDER BY \(order.sorted) LIMIT ?3) r
        JOIN event e ON e.bucket = r.bucket AND e.seq = r.seq JOIN schedule s ON s.number = e.schedule
        LEFT JOIN user u ON u.id = s.user
      ORDER BY \(order.sorted)
      """
  }

  /// Whether the receipt, or one before it of the event, has an outcome.
  private static func has(_ outcome: Outcome, _ isUpTo: String) -> String {
    """
    r.closes = 1 AND s.namespace = ?4 AND (r.outcome = \(outcome.code) OR e.expires_from IS NULL AND EXISTS (
      SELECT 1 FROM event o JOIN receipt c ON c.bucket = o.bucket AND c.seq = o.seq
      WHERE o.schedule = e.schedule AND o.key = e.key AND o.expires_from IS NULL
        AND c.outcome = \(outcome.code) AND \(isUpTo)))
    """
  }
}
