import EventModel
import Store
import Testing

@testable import StorePostgreSQL
@testable import StoreTesting

@Suite("Tables of other versions")
struct MigrationTests {
  /// A day, as rows of the first version have it.
  private static let day = BucketDay(Scene.start)?.number ?? 0

  /// What an agent of the first version left: a person's schedule with a due event in an open bucket, and an agent.
  private static let left = """
    INSERT INTO namespace (id, name) VALUES (1, 'default');
    INSERT INTO "user" VALUES (1, 1, 'ada', 'Ada', '', '', '', 'en', 'UTC', '{}', '{}', '{}', 0, 1, 0, 0);
    INSERT INTO schedule (number, namespace, name, "user", event_type, definition, gap, fold, state, is_one_off, start_at,
      revision, created_at, updated_at) VALUES (7, 1, 's', 1, 'birthday', '{}', 0, 0, 0, 0, 0, 1, 0, 0);
    INSERT INTO plan (schedule, revision, is_replan, slot, next_key, error) VALUES (7, 1, 0, 0, '', '');
    INSERT INTO audit (at, actor, action, resource, count, digest, schedule, reason) VALUES
      (1, 'unix:0', 'user.put', 'default/user#1', 1, 'x', NULL, ''),
      (2, 'unix:0', 'dead-letter.discard', 'default/dead-letter#1', 1, 'y', 7, 'Ada is ill');
    INSERT INTO agent (name, epoch, is_live, lease_until, version, started_at) VALUES ('one', 3, 1, 0, '1', 0);
    INSERT INTO bucket (id, minute, zone_group, slot, queue, count, earliest_due, created_at, settled)
      VALUES ((\(day)::bigint << 40) | nextval('bucket_number'), \(Scene.start.microseconds), 'utc', 0, 'critical', 1,
        \(Scene.start.microseconds), 0, '');
    INSERT INTO event (bucket, seq, schedule, key, due_at, run_at, attempt, hop, sink, time_zone)
      SELECT id, 0, 7, 'k', minute, minute, 1, 0, 0, 'UTC' FROM bucket;
    """

  /// A database at a version, and a pool to it.
  private func with(
    version: Int64, _ body: @Sendable (FreshDatabase, PostgresPool) async throws -> Void
  ) async throws {
    try await FreshDatabase.with(empty: true) { database in
      var configuration = try PostgresConfiguration(url: database.url)
      configuration.translate = CommonSQL.postgres
      try await usingPool(configuration, .init(connections: 1)) { pool in
        let days = PartitionDays()
        try await Migrations.run(pool, PostgresDialect(settled: SettledCache(), days: days), upTo: version)
        let day = BucketDay(number: Self.day)
        try await Partitions(pool: pool, days: days, ahead: .seconds(0)).make([day])
        try await body(database, pool)
      }
    }
  }

  @Test("each version is reached from the one before, and keeps what is there", arguments: 1..<Migrations.newest)
  func fromBefore(_ version: Int64) async throws {
    try await with(version: version) { database, pool in
      try await pool.run { _ = try $0.simple(Self.left) }
      let scene = Scene(store: try await database.store(), reopen: { $0 })
      #expect(try await database.number("SELECT max(version) FROM schema_version") == Migrations.newest)
      let lease = try await scene.agent()
      #expect(lease.epoch == 4)
      let events = try await scene.take(lease, at: Scene.start)
      #expect(events.map(\.identity.key) == ["k"])
      #expect(events.first?.user?.displayName == "Ada")
      try await scene.deliver(events, lease, at: Scene.start)
      #expect(try await scene.audit().outcomes == [.delivered: 1])
      let chains = try await scene.store.verifyAudit()
      #expect(chains.map { "\($0.agent) \($0.records) \($0.problem)" } == ["earlier 2 "])
      try await scene.erase()
      let records = try await scene.store.auditRecords(filter: AuditFilter(), page: PageRequest(size: 9)).items
      #expect(records.map(\.reason) == ["", "", ""])
      #expect(try await scene.store.verifyAudit().map(\.problem) == ["", ""])
      await scene.store.close()
    }
  }

  /// What a next version may add: columns and tables that have defaults.
  private static func newer(compatibleFrom: Int64) -> String {
    """
    ALTER TABLE bucket ADD COLUMN shade text NOT NULL DEFAULT '';
    ALTER TABLE event ADD COLUMN shade text NOT NULL DEFAULT '';
    ALTER TABLE receipt ADD COLUMN shade bigint DEFAULT 1;
    ALTER TABLE schedule ADD COLUMN shade text;
    ALTER TABLE agent ADD COLUMN shade text NOT NULL DEFAULT '';
    ALTER TABLE "user" ADD COLUMN shade text NOT NULL DEFAULT '';
    CREATE TABLE shade (id bigint);
    INSERT INTO schema_version VALUES (\(Migrations.newest + 1), \(compatibleFrom), clock_timestamp());
    """
  }

  @Test("a store that is open goes on while a newer program alters the tables under it")
  func rolling() async throws {
    try await FreshDatabase.with { database in
      let old = Scene(store: try await database.store(), reopen: { $0 })
      try await old.crowd(2, due: Scene.start)
      let lease = try await old.longAgent("old")
      let events = try await old.take(lease, at: Scene.start)
      try await old.deliver([events[0]], lease, at: Scene.start)
      try await database.withPool { pool in
        try await pool.run { _ = try $0.simple(Self.newer(compatibleFrom: Migrations.newest)) }
      }
      try await old.deliver([events[1]], lease, at: Scene.start)
      try await old.crowd(2, due: Scene.start, prefix: "d")
      try await old.deliver(try await old.take(lease, at: Scene.start), lease, at: Scene.start)
      #expect(try await old.audit().outcomes == [.delivered: 4])
      await old.store.close()
    }
  }

  /// Of the suite, every fifteenth rule.
  private static let rules = StoreConformance.rules.enumerated().filter { $0.offset % 15 == 3 }.map(\.element)

  @Test("a program of the version before works beside newer tables", arguments: rules)
  func beside(_ rule: ConformanceRule) async throws {
    try await FreshDatabase.with { database in
      try await database.withPool { pool in
        try await pool.run { _ = try $0.simple(Self.newer(compatibleFrom: Migrations.newest)) }
      }
      let open: @Sendable () async throws -> any Store = { try await database.store() }
      let suite = StoreConformance(
        makeStore: open,
        reopen: { store in
          await store.close()
          return try await open()
        })
      try await suite.run(rule)
    }
  }

  @Test("tables that need a newer program are refused, and left as they are")
  func tooNew() async throws {
    try await FreshDatabase.with { database in
      let newest = Migrations.newest
      try await database.withPool { pool in
        try await pool.run { _ = try $0.simple(Self.newer(compatibleFrom: newest + 1)) }
      }
      let error = await #expect(throws: StoreError.self) { try await database.store() }
      #expect(error?.code == .corrupt)
      #expect(
        error?.message
          == "the database's tables are of version \(newest + 1), which needs a newer program; this one knows version \(newest)"
      )
    }
  }
}
