import StoreSQL
import Testing

@testable import StoreMove

/// A table or a column that nobody thought of would be lost on the way.
@Suite struct MovedSchemaTests {
  @Test("every table and column of both backends is moved, or named as what a store keeps for itself")
  func complete() async throws {
    try await MovingPlace.withDatabase { place, database in
      let partitions = /_d-?\d+$/
      let columns = """
        SELECT table_name::text, column_name::text FROM information_schema.columns WHERE table_schema = 'public'
        """
      let postgres = try await database.query(columns) { [$0.text(0), $0.text(1)] }.filter {
        $0[0].firstMatch(of: partitions) == nil
      }
      let sqlite = try await place.sqlite().query(
        """
        SELECT m.name, c.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c
        WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_stat%'
        """
      ) { [$0.text(0), $0.text(1)] }
      for (found, hasTransactions) in [(postgres, true), (sqlite, false)] {
        let tables = Dictionary(grouping: found.filter { !MovedTable.local.contains($0[0]) }, by: { $0[0] })
          .mapValues { Set($0.map { $0[1] }) }
        #expect(Set(tables.keys) == Set(MovedTable.all.map(\.name)))
        for table in MovedTable.all {
          let local = hasTransactions ? table.local : table.local.subtracting(["xid"])
          #expect(tables[table.name] == local.union(table.columns.map(\.name)), "\(table.name)")
        }
      }
    }
  }
}
