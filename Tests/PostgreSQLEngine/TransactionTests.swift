import Store
import Testing

@testable import StorePostgreSQL

@Suite("Transactions")
struct TransactionTests {
  @Test("what commits is there, what throws is not", arguments: Way.allCases)
  func commitsAndUndoes(_ way: Way) async throws {
    let table = freshTable()
    try await way.withPool { pool in
      try await pool.run { _ = try $0.execute("CREATE TABLE \(table) (v int8 PRIMARY KEY)") }
      try await pool.transaction { session in
        try session.execute("INSERT INTO \(table) VALUES (?)", [.int64(1)])
        try session.addToCommit("INSERT INTO \(table) VALUES (?)", [.int64(2)])
      }
      await #expect(throws: StoreError.self) {
        try await pool.transaction { session in
          try session.execute("INSERT INTO \(table) VALUES (?)", [.int64(3)])
          throw StoreError(.conflict, "the body's own")
        }
      }
      let error = await #expect(throws: StoreError.self) {
        try await pool.transaction { session in
          try session.execute("INSERT INTO \(table) VALUES (?)", [.int64(4)])
          try session.addToCommit("INSERT INTO \(table) VALUES (?)", [.int64(1)])
        }
      }
      #expect(error?.code == .failedPrecondition)
      let rows = try await pool.transaction(.snapshot) { session in
        let result = try session.execute("SELECT v FROM \(table) ORDER BY v")
        return (0..<result.rows).map { result.int64($0, 0) }
      }
      #expect(rows == [1, 2])
    }
  }

  @Test("a deadlock runs one of the two again")
  func deadlock() async throws {
    let table = freshTable()
    try await Way.direct.withPool { pool in
      try await pool.run { session in
        try session.execute("CREATE TABLE \(table) (k int8, v int8)")
        try session.execute("INSERT INTO \(table) VALUES (1, 0), (2, 0)")
      }
      let runs = Counter()
      let met = Rendezvous(2)
      @Sendable func add(_ first: Int64, _ second: Int64) async throws {
        try await pool.transaction { session in
          runs.add()
          try session.execute("UPDATE \(table) SET v = v + 1 WHERE k = ?", [.int64(first)])
          met.arrive()
          try session.execute("UPDATE \(table) SET v = v + 1 WHERE k = ?", [.int64(second)])
        }
      }
      async let one: Void = add(1, 2)
      async let two: Void = add(2, 1)
      _ = try await (one, two)
      let sum = try await pool.run { try $0.execute("SELECT sum(v) FROM \(table)").int64(0, 0) }
      #expect(sum == 4)
      #expect(runs.value == 3)
    }
  }
}
