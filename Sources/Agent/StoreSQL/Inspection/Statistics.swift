package import EventModel
package import Store

/// Whose statistics a row is.
private struct StatisticsKey: Hashable {
  var queue: String
  var sink: Int64
}

/// Statistics of several parts of a period, added up.
package struct StatisticsSum: Sendable {
  private var rows: [StatisticsKey: StatisticsRow] = [:]

  package init() {}

  /// By queue, namespace and sink.
  package var sorted: [StatisticsRow] {
    rows.values.sorted { ($0.queue, $0.namespace, $0.sink) < ($1.queue, $1.namespace, $1.sink) }
  }

  fileprivate mutating func add(
    queue: String, sink: Int64, _ name: (namespace: String, sink: String)?, _ outcome: Outcome, part: Int?, count: Int,
    latest: TimeSpan?
  ) {
    let key = StatisticsKey(queue: queue, sink: sink)
    var row = rows[key] ?? StatisticsRow(queue: queue, namespace: name?.namespace ?? "", sink: name?.sink ?? "")
    row.outcomes[outcome, default: 0] += count
    if let part, row.lateness.counts.indices.contains(part), let latest {
      row.lateness.counts[part] += count
      row.lateness.maximum = max(row.lateness.maximum ?? latest, latest)
    }
    rows[key] = row
  }
}

extension Session {
  /// Adds what became of the rows that were to start in some minutes.
  package func addStatistics(_ sum: inout StatisticsSum, from: Timestamp, before: Timestamp) throws {
    let names = try Dictionary(
      uniqueKeysWithValues: query(
        "SELECT k.number, n.name, k.name FROM sink k JOIN namespace n ON n.id = k.namespace"
      ).all { ($0.int64(0), (namespace: $0.text(1), sink: $0.text(2))) })
    let isSend = "r.outcome = \(Outcome.delivered.code) AND r.started_at IS NOT NULL"
    try query(
      """
      SELECT b.queue, r.sink, r.outcome, CASE WHEN \(isSend) THEN \(Self.latenessPart) END AS part, count(*),
        max(CASE WHEN \(isSend) THEN r.started_at - e.due_at END)
      FROM bucket b JOIN event e ON e.bucket = b.id JOIN receipt r ON r.bucket = e.bucket AND r.seq = e.seq
      WHERE b.minute >= ? AND b.minute < ? GROUP BY 1, 2, 3, 4
      """
    ).forEach(from, before) { columns in
      sum.add(
        queue: columns.text(0), sink: columns.int64(1), names[columns.int64(1)],
        try Outcome(stored: columns.int64(2)), part: columns.optionalInt64(3).map(Int.init), count: columns.int(4),
        latest: columns.optionalInt64(5).map { TimeSpan(microseconds: max($0, 0)) })
    }
  }

  /// An SQL expression for the part of the histogram that a send falls into.
  private static let latenessPart: String = {
    let bounds = LatenessHistogram.boundsSeconds
    let cases = bounds.enumerated().map { place, bound in
      "WHEN r.started_at - e.due_at <= \(Int64(bound * 1_000_000)) THEN \(place)"
    }
    return "(CASE \(cases.joined(separator: " ")) ELSE \(bounds.count) END)"
  }()
}
