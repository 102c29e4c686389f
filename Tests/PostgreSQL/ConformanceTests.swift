import Store
import StorePostgreSQL
import StoreTesting
import Testing

@Suite struct ConformanceTests {
  @Test("PostgreSQL passes", arguments: StoreConformance.rules)
  func rule(_ rule: ConformanceRule) async throws {
    try await Turns.shared.take {
      let database = try await FreshDatabase()
      let suite = StoreConformance(
        makeStore: { try await database.store() },
        reopen: { store in
          await store.close()
          return try await database.store()
        })
      try await suite.run(rule)
      try database.drop()
    }
  }
}
