import EventModel
import Store
import StoreSQL
import Testing

@testable import StorePostgreSQL

@Suite struct BulkTests {
  private static let actor = Actor(name: "test")
  private static let now = Timestamp(microseconds: 1_700_000_000_000_000)

  /// Two databases that get the same batches: one in bulk, the other one by one.
  private struct Pair {
    let bulk: PostgresStore
    let common: PostgresStore

    func commitEach(_ changes: [Change], dryRun: Bool, at now: Timestamp) async throws -> [[String]] {
      let ours = try await bulk.commitEach(changes, actor: actor, dryRun: dryRun, now: now)
      let theirs = try await common.write(.change, rows: changes.count) {
        try $0.commitEach(changes, actor: actor, dryRun: dryRun, now: now, most: 5_000)
      }
      return [ours.map(told), theirs.map(told)]
    }

    func commit(_ changes: [Change], at now: Timestamp) async throws -> [[String]] {
      [
        try await caught { try await bulk.commit(changes, actor: actor, dryRun: false, now: now) },
        try await caught {
          try await common.write(.change, rows: changes.count) {
            try $0.commit(changes, actor: actor, dryRun: false, now: now, most: 5_000)
          }
        },
      ]
    }

    /// Both, after SQL that stands for what the pipeline does meanwhile.
    func meanwhile(_ sql: String) async throws {
      for store in [bulk, common] {
        try await store.write(.change, rows: 1) { _ = try $0.postgres.simple(sql) }
      }
    }

    func contents() async throws -> [[String]] {
      [try await BulkTests.contents(bulk), try await BulkTests.contents(common)]
    }

    private func told(_ result: Result<ChangeResult, StoreError>) -> String {
      switch result {
      case .success(let result): "\(result.effect) \(result.revision)"
      case .failure(let error): "\(error) \(error.violations)"
      }
    }

    private func caught(_ body: () async throws -> [ChangeResult]) async throws -> [String] {
      do {
        return try await body().map { "\($0.effect) \($0.revision)" }
      } catch let error as StoreError {
        return ["\(error) \(error.violations)"]
      }
    }
  }

  /// Everything that a put writes, with names in place of the numbers that databases count by themselves.
  private static func contents(_ store: PostgresStore) async throws -> [String] {
    let people = """
      SELECT n.name AS space, (to_jsonb(u) - 'id' - 'namespace')::text FROM "user" u
      JOIN namespace n ON n.id = u.namespace ORDER BY n.name, u.name
      """
    let plans = """
      SELECT n.name, u.name, (to_jsonb(s) - 'number' - 'namespace' - 'user')::text, (to_jsonb(p) - 'schedule')::text
      FROM schedule s JOIN namespace n ON n.id = s.namespace JOIN plan p ON p.schedule = s.number
      LEFT JOIN "user" u ON u.id = s."user" ORDER BY n.name, s.name
      """
    let events = """
      SELECT n.name, u.name, d.kind::text, d.at::text FROM domain_event d JOIN namespace n ON n.id = d.namespace
      JOIN "user" u ON u.id = d."user" ORDER BY n.name, u.name, d.id
      """
    let audit = "SELECT at::text, actor, action, count::text, reason FROM audit ORDER BY id"
    return try await store.read(.fresh) { session in
      try [people, plans, events, audit, "SELECT name FROM namespace ORDER BY name"].flatMap { sql in
        let result = try session.postgres.execute(sql)
        return (0..<result.rows).map { row in
          (0..<result.columns).map { result.optionalText(row, $0) ?? "-" }.joined(separator: "|")
        }
      }
    }
  }

  @Test("what is put in bulk is as if it were put one by one", arguments: 0..<6 as Range<UInt64>)
  func same(seed: UInt64) async throws {
    try await FreshDatabase.with { first in
      // One turn for both: who holds one and waits for another may wait for ever.
      let second = try await FreshDatabase()
      let pair = Pair(bulk: try await first.store(), common: try await second.store())
      var puts = RandomPuts(seed: seed)
      for round in 0..<12 {
        let now = Self.now + .seconds(Int64(round))
        let batch = puts.batch(16 + 4 * round, isCalm: round % 4 == 1)
        let answers =
          round % 2 == 0
          ? try await pair.commitEach(batch, dryRun: round == 6, at: now) : try await pair.commit(batch, at: now)
        #expect(answers[0] == answers[1], "round \(round)")
        let contents = try await pair.contents()
        #expect(contents[0] == contents[1], "round \(round)")
        try await pair.meanwhile(
          """
          UPDATE schedule SET state = 2 WHERE name IN ('s1', 's\(round)') AND state = 0;
          UPDATE schedule SET is_one_off = 1 WHERE name = 's7';
          UPDATE plan SET look_at = look_at + 60, revision = revision + 1, next_key = 'k'
          """)
      }
      #expect(try await pair.contents()[0].count > 60)
      await pair.bulk.close()
      await pair.common.close()
      try second.drop()
    }
  }

  @Test("nothing is left of a batch when one of its changes is refused")
  func allOrNothing() async throws {
    try await FreshDatabase.with { database in
      let store = try await database.store()
      var changes = (0..<100).map { Change.putUser(User(namespace: "fresh", id: "u\($0)"), .none) }
      changes[70] = .putSchedule(
        Schedule(
          namespace: "fresh", id: "s", userID: "nobody", eventType: "birthday", definitionJSON: "{}",
          startAt: Self.now), .none)
      let before = try await Self.contents(store)
      await #expect(throws: StoreError.self) {
        try await store.commit(changes, actor: Self.actor, dryRun: false, now: Self.now)
      }
      #expect(try await Self.contents(store) == before)
      await store.close()
    }
  }

  @Test("a batch has a bound, whatever is in it")
  func bound() async throws {
    try await FreshDatabase.with { database in
      let store = try await database.store()
      let most = PostgresStore.maximumChangesPerTransaction
      let users = (0...most).map { Change.putUser(User(namespace: "default", id: "u\($0)"), .none) }
      await #expect(throws: StoreError.self) {
        try await store.commit(users, actor: Self.actor, dryRun: false, now: Self.now)
      }
      let done = try await store.commit(Array(users[..<most]), actor: Self.actor, dryRun: false, now: Self.now)
      #expect(done.count == most && done.allSatisfy { $0 == ChangeResult(effect: .created, revision: 1) })
      await store.close()
    }
  }
}
