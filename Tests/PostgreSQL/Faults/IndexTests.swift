import EventModel
import Foundation
import Store
import StoreSQL
import Testing

@testable import StorePostgreSQL
@testable import StoreTesting

/// The hot path on large tables that nobody has analysed: whatever the planner believes of them, no statement reads one from
/// end to end.
@Suite("Large tables without statistics")
struct IndexTests {
  private static let receipts = 1_000_000
  private static let buckets = 1_000_000
  private static let people = 100_000

  /// Rows of others: receipts and events of one bucket on the day of the play, and future buckets.
  private static func fill(_ day: BucketDay) -> [String] {
    let first = day.firstBucket + (1 << 30)
    let future = Scene.start.microseconds + 3_600_000_000
    return [
      """
      INSERT INTO receipt (bucket, seq, sink, outcome, closes, code, detail, external_id, done_at)
        SELECT \(first) + n / 2000, n % 2000, 1, 0, 1, '', '', '', 0 FROM generate_series(0, \(receipts - 1)) n
      """,
      """
      INSERT INTO event (bucket, seq, schedule, key, due_at, run_at, attempt, hop, sink, time_zone)
        SELECT \(first) + n / 2000, n % 2000, n, 'k', 0, 0, 1, 0, 0, 'UTC' FROM generate_series(1, \(people)) n
      """,
      """
      INSERT INTO bucket (id, minute, zone_group, slot, queue, count, earliest_due, created_at, settled)
        SELECT \(first) + n, \(future) + n::bigint * 60000000, 'utc', 0, 'critical', 2000, 0, 0, ''
        FROM generate_series(0, \(buckets - 1)) n
      """,
      """
      INSERT INTO "user" (namespace, name, display_name, given_name, family_name, nickname, locale, time_zone, dates,
          addresses, attributes, paused, revision, created_at, updated_at)
        SELECT 1, 'u' || n, '', '', '', '', '', '', '{}', '{}', '{}', 0, 1, 0, 0 FROM generate_series(1, \(people)) n
      """,
      """
      INSERT INTO schedule (number, namespace, name, event_type, definition, gap, fold, state, is_one_off, start_at,
          revision, created_at, updated_at)
        SELECT n, 1, 'f' || n, 'birthday', '{}', 0, 0, 0, 0, 0, 1, 0, 0 FROM generate_series(1, \(people)) n
      """,
      """
      INSERT INTO plan (schedule, revision, is_replan, look_at, slot, next_key, error)
        SELECT n, 1, 0, \(future) + n * 86400000000, 0, '', '' FROM generate_series(1, \(people)) n
      """,
      """
      INSERT INTO idempotency SELECT 1, 'x', 'k' || n, n, 'k' FROM generate_series(1, \(people)) n
      """,
      """
      INSERT INTO command (request, bucket, seq, kind, reason, state, created_at)
        SELECT n, \(first) + n, 0, 1, '', 1, 0 FROM generate_series(1, \(people)) n
      """,
      """
      INSERT INTO dead_letter (namespace, schedule, key, sink, due_at, died_at, attempts, code, detail, message, queue,
          time_zone)
        SELECT 1, n, 'k', 1, 0, 0, 1, '', '', '{}', 'critical', 'UTC' FROM generate_series(1, \(people)) n
      """,
    ]
  }

  private static let growing = [
    "event", "receipt", "bucket", "\"user\"", "schedule", "plan", "idempotency", "command", "dead_letter", "audit",
    "domain_event",
  ]
  /// The most pages that one statement of the play may touch.
  private static let mostPages = 500

  /// The server writes every plan into its log, from now on.
  private func logPlans(_ database: FreshDatabase) throws {
    for setting in [
      "session_preload_libraries = auto_explain", "auto_explain.log_min_duration = 0",
      "auto_explain.log_analyze = on", "auto_explain.log_buffers = on",
    ] {
      try database.cluster.superuser("ALTER DATABASE \(database.name) SET \(setting)")
    }
  }

  /// The logged plans, with their statements.
  private func plans(_ database: FreshDatabase) throws -> [String] {
    let log = try String(contentsOfFile: database.cluster.folder + "/log/primary.log", encoding: .utf8)
    var entries: [String] = []
    for line in log.split(separator: "\n") {
      if line.hasPrefix("\t"), let last = entries.popLast() {
        entries.append(last + "\n" + line)
      } else {
        entries.append(String(line))
      }
    }
    return entries.filter { $0.contains("@\(database.name) ") && $0.contains("Query Text:") }
  }

  private func scansTable(_ plan: String) -> Bool {
    plan.split(separator: "\n").contains { line in
      Self.growing.contains { line.contains("Seq Scan on \($0)") }
    }
  }

  /// Pages that a plan touched: its first line about buffers is that of its top.
  private func pages(_ plan: String) -> Int {
    guard let found = plan.firstMatch(of: /Buffers: shared(?: hit=(\d+))?(?: read=(\d+))?/) else { return 0 }
    return [found.1, found.2].reduce(0) { $0 + ($1.flatMap { Int($0) } ?? 0) }
  }

  @Test("every verb of the hot path finds its rows by an index, and touches few pages")
  func hotPath() async throws {
    try await FreshDatabase.with { database in
      let store = try await database.store()
      let scene = Scene(store: store, reopen: { $0 })
      // Makes the namespace and the day.
      try await scene.crowd(3, due: Scene.start)
      let first = try await scene.agent("first")
      let rows = try await scene.take(first, at: Scene.start)
      try await scene.deliver([rows[0]], first, at: Scene.start)
      await store.close()
      let day = try #require(BucketDay(Scene.start))
      try await database.withPool { pool in
        for table in ["event", "receipt"] {
          try await pool.run { _ = try $0.simple("ALTER TABLE \(table)\(day.suffix) SET (autovacuum_enabled = off)") }
        }
        for table in ["bucket", "\"user\"", "schedule", "plan", "idempotency", "command", "dead_letter"] {
          try await pool.run { _ = try $0.simple("ALTER TABLE \(table) SET (autovacuum_enabled = off)") }
        }
        var options = TransactionOptions.writing
        options.statementTimeoutMilliseconds = 300_000
        for sql in Self.fill(day) { try await pool.transaction(options) { _ = try $0.execute(sql) } }
      }
      try logPlans(database)
      try await play(Scene(store: try await database.store(), reopen: { $0 }))
      let plans = try plans(database)
      #expect(plans.count > 100)
      let scans = plans.filter(scansTable)
      #expect(scans.isEmpty, "\(scans.joined(separator: "\n"))")
      let heavy = plans.filter { pages($0) > Self.mostPages }
      #expect(heavy.isEmpty, "\(heavy.joined(separator: "\n"))")
      let analysed = "last_analyze IS NOT NULL OR last_autoanalyze IS NOT NULL"
      #expect(
        try await database.number(
          "SELECT count(*) FROM pg_stat_user_tables WHERE relname = 'receipt\(day.suffix)' AND (\(analysed))") == 0)
    }
  }

  /// All verbs between planning and receipt, each more than once, so that plans that are kept are used as well.
  private func play(_ scene: Scene) async throws {
    for round in 0..<8 {
      let now = Scene.start + .seconds(11 + Int64(round))
      let lease = try await scene.agent("second", at: now)
      let one = OneOff(
        schedule: Scene.schedule("o-\(round)", type: "notification"), event: Scene.event("o", due: now),
        idempotencyKey: "o-\(round)")
      let owned = try await scene.store.submit([one], owner: lease, now: now).owned
      try await scene.commit(.putSchedule(Scene.schedule("n-\(round)"), .none), at: now)
      let items = try await scene.store.schedulesToPlan(dueBefore: now + .minutes(1), limit: 10)
      #expect(items.count == 1)
      _ = try await scene.store.commitPlan(items.map { Scene.plan($0, [Scene.event("k", due: now)]) }, now: now)
      // The first time it takes over from the first agent: buckets that have a receipt already.
      var events = try await scene.take(lease, at: now)
      for bucket in owned { events += try await scene.store.load(bucket.id, lease: lease, now: now) }
      #expect(events.count == (round == 0 ? 4 : 2))
      _ = try await scene.store.renew(lease, leaseFor: .seconds(10), now: now)
      _ = try await scene.store.owned(by: lease, now: now)
      _ = try await scene.store.nextClaimable(now: now)
      let receipts = events.enumerated().map { index, event in
        index == 0
          ? Scene.receipt(event, .retry, followUp: Scene.retry(event, at: now + .hours(1))) : Scene.receipt(event)
      }
      _ = try await scene.store.record(receipts, lease: lease, now: now)
      _ = try await scene.store.expire(now: now)
    }
    await scene.store.close()
  }
}
