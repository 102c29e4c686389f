import Store
import StorePostgreSQL
import StoreTesting
import Testing

/// The store behind Debian's pgbouncer in transaction mode, which knows no prepared statements.
@Suite("Behind pgbouncer in transaction mode") struct PoolerTests {
  /// All of them take too long twice: every tenth, and those of which PostgreSQL's own part is tested.
  private static let rules = StoreConformance.rules.enumerated().filter { index, rule in
    index % 10 == 0 || ["race", "retention", "erasing a person takes"].contains { rule.name.contains($0) }
  }.map(\.element)

  private func run(_ rule: ConformanceRule, _ way: @escaping @Sendable (FreshDatabase) -> PostgresStore.Options)
    async throws
  {
    try await FreshDatabase.with { database in
      let open: @Sendable () async throws -> any Store = { try await PostgresStore.open(way(database)) }
      let suite = StoreConformance(
        makeStore: open,
        reopen: { store in
          await store.close()
          return try await open()
        })
      try await suite.run(rule)
    }
  }

  @Test("with a direct way for what needs it", arguments: rules)
  func withDirect(_ rule: ConformanceRule) async throws {
    try await run(rule) {
      PostgresStore.Options(url: $0.pooledURL, directURL: $0.url, prepares: false, connections: 4)
    }
  }

  @Test("without one", arguments: rules.enumerated().filter { $0.offset % 4 == 0 }.map(\.element))
  func withoutDirect(_ rule: ConformanceRule) async throws {
    try await run(rule) { PostgresStore.Options(url: $0.pooledURL, prepares: false, connections: 4) }
  }

  @Test("without one, an empty database gets its tables, and retention drops days")
  func tables() async throws {
    try await FreshDatabase.with(empty: true) { database in
      let options = PostgresStore.Options(url: database.pooledURL, prepares: false, connections: 2)
      let store = try await PostgresStore.open(options)
      let now = try await store.clock()
      let answer = try await store.dropHistory(before: now, deadLettersBefore: now)
      #expect(answer.buckets == 0)
      // Yesterday's: it was made ahead, and is over.
      #expect(try await database.number("SELECT count(*) FROM pg_inherits WHERE inhparent = 'event'::regclass") == 4)
      await store.close()
    }
  }
}
