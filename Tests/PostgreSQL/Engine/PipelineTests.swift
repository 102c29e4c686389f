import Store
import Testing

@testable import StorePostgreSQL

@Suite("Pipelines")
struct PipelineTests {
  @Test("results come in the order of the statements", arguments: Way.allCases)
  func order(_ way: Way) async throws {
    try await way.withPool { pool in
      for _ in 0..<3 {
        let answers = try await pool.run { session in
          try session.pipeline { pipeline throws(StoreError) in
            for value in 0..<100 { try pipeline.add("SELECT ?::int8 + 1", [.int64(Int64(value))]) }
          }.map { $0.int64(0, 0) }
        }
        #expect(answers == (1...100).map(Int64.init))
      }
    }
  }

  @Test(
    "the first that fails is named, nothing of the others stays, and the connection goes on", arguments: Way.allCases)
  func failure(_ way: Way) async throws {
    let table = freshTable()
    try await way.withPool(.init(connections: 1)) { pool in
      try await pool.run { _ = try $0.execute("CREATE TABLE \(table) (v int8 PRIMARY KEY)") }
      for _ in 0..<3 {
        let error = await #expect(throws: StoreError.self) {
          try await pool.run { session in
            _ = try session.pipeline { pipeline throws(StoreError) in
              for value in [1, 2, 1, 3] {
                try pipeline.add("INSERT INTO \(table) VALUES (?)", [.int64(Int64(value))])
              }
            }
          }
        }
        #expect(error?.code == .failedPrecondition)
        #expect(error?.postgres?.statement == 2)
      }
      let count = try await pool.run { try $0.execute("SELECT count(*) FROM \(table)").int64(0, 0) }
      #expect(count == 0)
    }
  }

  @Test("more than fits into the buffers of both sides goes through")
  func large() async throws {
    let text = String(repeating: "x", count: 100_000)
    try await Way.direct.withPool { pool in
      let lengths = try await pool.run { session in
        try session.pipeline { pipeline throws(StoreError) in
          for _ in 0..<200 { try pipeline.add("SELECT ?::text", [.text(text)]) }
        }.map { $0.bytes(0, 0).count }
      }
      #expect(lengths == Array(repeating: 100_000, count: 200))
    }
  }
}
