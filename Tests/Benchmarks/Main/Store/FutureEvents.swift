import AgentHarness
import EventModel

/// Events that are due later, in the store's own tables.
enum FutureEvents {
  /// Events of one bucket: about what the planner comes to with a zone's shard and minute.
  static let perBucket = 100
  private static let bucketsAtOnce = 10_000

  /// Writes them with SQL, as ten million would take the planner many minutes: buckets of one queue, spread over shards
  /// and over the minutes from 10 minutes to 2 days ahead, each with its events. Then as upkeep leaves the tables.
  static func fill(_ server: PostgresServer, database: String, count: Int) async throws {
    let buckets = count / perBucket
    for first in stride(from: 0, to: buckets, by: bucketsAtOnce) {
      let sql = insert(first..<min(first + bucketsAtOnce, buckets), at: StoreAgent.now.minute.microseconds)
      _ = try await server.query(sql, database: database)
    }
    for statement in ["VACUUM ANALYZE", "CHECKPOINT"] { _ = try await server.query(statement, database: database) }
    let written = try await server.number("SELECT count(*) FROM event", database: database)
    guard Int(written) == count else { throw HarnessError(.notMeasured, "\(Int(written)) future events, not \(count)") }
  }

  /// A bucket's number has its day in the upper bits. No two events are of the same schedule.
  private static func insert(_ buckets: Range<Int>, at now: Int64) -> String {
    """
    WITH made AS (
      INSERT INTO bucket (id, minute, zone_group, slot, queue, count, earliest_due, created_at, settled)
      SELECT ((minute / 86400000000) << 40) | nextval('bucket_number'), minute,
        (ARRAY['europe', 'america', 'asia', 'africa', 'australia'])[1 + n % 5], n % 16, '\(StorePeople.queue)',
        \(perBucket), minute, \(now), ''
      FROM (SELECT n, \(now) + (10 + n % 2870) * 60000000 AS minute
        FROM generate_series(\(buckets.lowerBound)::bigint, \(buckets.upperBound - 1)::bigint) AS n) AS numbered
      RETURNING id, minute
    )
    INSERT INTO event (bucket, seq, schedule, key, due_at, run_at, attempt, hop, sink, time_zone)
    SELECT id, seq, (id & 1099511627775) * \(perBucket) + seq, '2027', minute, minute, 1, 0, 0,
      '\(StorePeople.timeZone)'
    FROM made, generate_series(0, \(perBucket - 1)) AS seq
    """
  }
}
