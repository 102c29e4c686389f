import EventModel
import Store
import StoreSQL

/// Looks at what makes a busy database slow before it fails: partitions that are missing, vacuum that is held back, bloat,
/// claims that take long.
struct Diagnosis {
  let session: PostgresSession
  let horizon: TimeSpan
  let now: Timestamp

  func findings() throws -> [StoreFinding] {
    [try partitions(), try detaching(), try heldBack(), try vacuum(), try bloat(), try claimTime(), try settings()]
  }

  private func partitions() throws -> StoreFinding {
    guard let today = BucketDay(now), let last = BucketDay(now + horizon) else {
      return StoreFinding(.problem, "partitions", "the clock says \(now)", advice: "set the clock")
    }
    let missing = Set((today.number...last.number).map(BucketDay.init(number:)))
      .subtracting(try Partitions.existing(session))
    guard let first = missing.min() else {
      return StoreFinding(.ok, "partitions", "every day up to the planner's horizon has its partitions")
    }
    return StoreFinding(
      .problem, "partitions", "\(missing.count) days have no partitions, from \(first.start) on",
      advice: "agents make them ahead; look for errors of upkeep in their logs")
  }

  private func detaching() throws -> StoreFinding {
    let pending = try session.execute(
      "SELECT count(*) FROM pg_inherits WHERE inhdetachpending AND inhparent IN (to_regclass('event'), to_regclass('receipt'))"
    ).int64(0, 0)
    guard pending > 0 else { return StoreFinding(.ok, "retention", "no partition is half detached") }
    return StoreFinding(
      .warning, "retention", "\(pending) partitions are half detached",
      advice: "a long transaction held it up; the next retention finishes it")
  }

  /// Old transactions keep dead rows alive in every table.
  private static let longTransactionSeconds: Int64 = 300

  private func heldBack() throws -> StoreFinding {
    let oldest = try session.execute(
      """
      SELECT pid::bigint, application_name, extract(epoch FROM clock_timestamp() - xact_start)::bigint
      FROM pg_stat_activity WHERE backend_xmin IS NOT NULL AND xact_start IS NOT NULL AND pid <> pg_backend_pid()
        AND datname = current_database()
      ORDER BY xact_start LIMIT 1
      """)
    guard oldest.rows > 0, oldest.int64(0, 2) > Self.longTransactionSeconds else {
      return StoreFinding(.ok, "transactions", "no long transaction keeps vacuum back")
    }
    let name = oldest.text(0, 1)
    return StoreFinding(
      .warning, "transactions",
      "process \(oldest.int64(0, 0)) (\(name.isEmpty ? "no name" : name)) has had a transaction open for \(oldest.int64(0, 2)) s",
      advice: "end it, or pg_terminate_backend(\(oldest.int64(0, 0))): vacuum cannot remove what it might still see")
  }

  private func vacuum() throws -> StoreFinding {
    let table = try session.execute(
      """
      SELECT n_live_tup, n_dead_tup, coalesce(extract(epoch FROM clock_timestamp()
        - greatest(last_autovacuum, last_vacuum))::bigint, -1)
      FROM pg_stat_user_tables WHERE relid = to_regclass('bucket')
      """)
    guard table.rows > 0 else { return StoreFinding(.ok, "vacuum", "there are no statistics yet") }
    let (live, dead, age) = (table.int64(0, 0), table.int64(0, 1), table.int64(0, 2))
    let when = age < 0 ? "never" : "\(age) s ago"
    guard dead > 20_000, dead > live else {
      return StoreFinding(.ok, "vacuum", "the bucket table has \(dead) dead rows beside \(live), vacuumed \(when)")
    }
    return StoreFinding(
      .warning, "vacuum", "the bucket table has \(dead) dead rows beside \(live), vacuumed \(when)",
      advice: "see that autovacuum runs (settings, and long transactions); VACUUM bucket helps at once")
  }

  private func bloat() throws -> StoreFinding {
    let size = try session.execute(
      """
      SELECT pg_total_relation_size(c.oid), greatest(c.reltuples, 0)::bigint FROM pg_class c
      WHERE c.oid = to_regclass('bucket')
      """)
    let (bytes, rows) = (size.int64(0, 0), max(size.int64(0, 1), 1))
    // A row with its index entries takes about 400 bytes, twice that with the room left for its second version.
    guard bytes > 256 << 20, bytes / rows > 8_000 else {
      return StoreFinding(.ok, "bloat", "the bucket table takes \(bytes >> 20) MiB for about \(rows) rows")
    }
    return StoreFinding(
      .warning, "bloat", "the bucket table takes \(bytes >> 20) MiB for about \(rows) rows",
      advice: "REINDEX TABLE CONCURRENTLY bucket; and look what keeps vacuum back")
  }

  /// A claim looks at the open buckets of a queue by minute.
  private static let slowClaim = Duration.milliseconds(50)

  private func claimTime() throws -> StoreFinding {
    let start = ContinuousClock.now
    try session.execute(
      """
      SELECT q.name, (SELECT count(*) FROM (
        SELECT 1 FROM bucket b WHERE b.closed_at IS NULL AND b.owner IS NULL AND b.queue = q.name AND b.minute <= $1
        ORDER BY b.minute LIMIT 100) x) FROM queue q
      """, [.int64((now + LedgerLimits.claimAhead).microseconds)])
    let time = start.duration(to: .now)
    let milliseconds = time.components.seconds * 1_000 + time.components.attoseconds / 1_000_000_000_000_000
    guard time > Self.slowClaim else {
      return StoreFinding(.ok, "claim time", "looking for work takes \(milliseconds) ms")
    }
    return StoreFinding(
      .warning, "claim time", "looking for work takes \(milliseconds) ms",
      advice: "VACUUM ANALYZE bucket; dead index entries slow claims down")
  }

  private func settings() throws -> StoreFinding {
    let settings = try session.execute(
      """
      SELECT name FROM pg_settings
      WHERE (name IN ('fsync', 'synchronous_commit', 'full_page_writes', 'autovacuum') AND setting = 'off') ORDER BY name
      """)
    guard settings.rows > 0 else {
      return StoreFinding(.ok, "durability", "fsync, synchronous_commit, full_page_writes and autovacuum are on")
    }
    let names = (0..<settings.rows).map { settings.text($0, 0) }.joined(separator: ", ")
    return StoreFinding(
      .problem, "durability", "\(names) off",
      advice: "switch them on: what is acknowledged may be lost, or the tables grow without bound")
  }
}
