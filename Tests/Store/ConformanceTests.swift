import Store
import StoreSQL
import StoreSQLite
import StoreTesting
import Testing

@Suite struct ConformanceTests {
  @Test("the embedded store passes", arguments: StoreConformance.rules)
  func rule(_ rule: ConformanceRule) async throws {
    let folder = try Folder()
    let suite = StoreConformance(
      makeStore: { try await SQLiteStore.open(path: folder.file) },
      reopen: { store in
        await store.close()
        return try await SQLiteStore.open(path: folder.file)
      })
    try await suite.run(rule)
  }
}
