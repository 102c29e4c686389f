package import EventModel
package import Store

extension Session {
  /// The most receipts that one `watch` looks at: other namespaces' are passed over.
  private static let receiptsPerWatch = 10_000

  func queueDepths(now: Timestamp) throws -> [QueueDepth] {
    var depths: [String: QueueDepth] = [:]
    for name in try query("SELECT name FROM queue").all(read: { $0.text(0) }) {
      depths[name] = QueueDepth(queue: name, due: 0, open: 0, oldestDue: nil)
    }
    for owned in ["owner IS NULL", "owner IS NOT NULL"] {
      try query(
        """
        SELECT queue, sum(count), sum(CASE WHEN minute <= ? THEN count ELSE 0 END),
          min(CASE WHEN minute <= ? THEN minute END)
        FROM bucket WHERE closed_at IS NULL AND \(owned) GROUP BY queue
        """
      ).forEach(now, now) { columns in
        let name = columns.text(0)
        var depth = depths[name] ?? QueueDepth(queue: name, due: 0, open: 0, oldestDue: nil)
        depth.open += columns.int(1)
        depth.due += columns.int(2)
        if let oldest = columns.optionalTime(3) { depth.oldestDue = min(depth.oldestDue ?? oldest, oldest) }
        depths[name] = depth
      }
    }
    return depths.values.sorted { $0.queue < $1.queue }
  }

  func watch(_ namespace: String, after cursor: String, limit: Int) throws -> Page<WatchedReceipt> {
    if cursor == "latest" {
      let end = try endPlace { try maximumReceipt() }
      return Page(items: [], next: Paging.token(end.transaction, end.number))
    }
    // A cursor of a version before has no transaction.
    let isPlain = !cursor.isEmpty && cursor.utf8.allSatisfy { $0 != UInt8(ascii: ".") }
    let place = try Paging.numbers(isPlain ? "0.\(cursor)" : cursor, count: 2, field: "cursor") ?? [0, 0]
    var last = WatchPlace(transaction: place[0], number: place[1])
    guard (1...PageRequest.maximumSize).contains(limit) else {
      throw StoreError(ModelError(field: "limit", "must be 1 to \(PageRequest.maximumSize), not \(limit)"))
    }
    let number = try self.namespace(namespace)
    let order = WatchOrder("r", number: "r.id", dialect)
    var items: [WatchedReceipt] = []
    try query(
      """
      SELECT \(order.transaction), r.id, s.namespace, e.schedule, e.key, k.name, r.outcome, r.code, r.done_at
      FROM receipt r JOIN event e ON e.bucket = r.bucket AND e.seq = r.seq JOIN schedule s ON s.number = e.schedule
        LEFT JOIN sink k ON k.number = r.sink
      WHERE \(order.isAfter) ORDER BY \(order.sorted) LIMIT ?3
      """
    ).whileTrue(last.transaction, last.number, Self.receiptsPerWatch) { columns in
      last = WatchPlace(transaction: columns.int64(0), number: columns.int64(1))
      guard columns.int64(2) == number else { return true }
      items.append(
        WatchedReceipt(
          identity: EventIdentity(schedule: ScheduleNumber(rawValue: columns.int64(3)), key: columns.text(4)),
          namespace: namespace, sink: columns.optionalText(5) ?? "", outcome: try Outcome(stored: columns.int64(6)),
          code: columns.text(7), doneAt: columns.time(8)))
      return items.count < limit
    }
    return Page(items: items, next: Paging.token(last.transaction, last.number))
  }

  /// Counts rows and receipts themselves; what buckets say of their rows is not believed here.
  package func check(from: Timestamp, to: Timestamp) throws -> LedgerCheck {
    var check = LedgerCheck(rows: 0, closedOnce: 0, lost: 0, closedTwice: 0, open: 0, outcomes: [:])
    try query(
      """
      SELECT b.closed_at IS NOT NULL, x.closings, count(*) FROM (
        SELECT e.bucket, (SELECT coalesce(sum(r.closes), 0) FROM receipt r WHERE r.bucket = e.bucket AND r.seq = e.seq)
          AS closings
        FROM bucket c JOIN event e ON e.bucket = c.id
        WHERE c.minute >= ? AND c.minute < ? AND e.run_at >= ? AND e.run_at < ?
      ) x JOIN bucket b ON b.id = x.bucket GROUP BY 1, 2
      """
    ).forEach(from.minute, to, from, to) { columns in
      let rows = columns.int(2)
      check.rows += rows
      switch columns.int64(1) {
      case 0 where columns.bool(0): check.lost += rows
      case 0: check.open += rows
      case 1: check.closedOnce += rows
      default: check.closedTwice += rows
      }
    }
    try query(
      """
      SELECT r.outcome, count(*) FROM bucket c JOIN event e ON e.bucket = c.id
        JOIN receipt r ON r.bucket = e.bucket AND r.seq = e.seq
      WHERE c.minute >= ? AND c.minute < ? AND e.run_at >= ? AND e.run_at < ? GROUP BY 1
      """
    ).forEach(from.minute, to, from, to) {
      check.outcomes[try Outcome(stored: $0.int64(0))] = $0.int(1)
    }
    return check
  }
}
