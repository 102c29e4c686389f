import Store
import Testing

@testable import StorePostgreSQL

@Suite("Statements")
struct StatementTests {
  @Test("every kind of value goes in and comes out as it was", arguments: Way.allCases)
  func values(_ way: Way) async throws {
    try await way.withPool { pool in
      // Three times: unnamed, prepared, and from the cache.
      for _ in 0..<3 {
        try await pool.run { session in
          let result = try session.execute(
            "SELECT ?::int8, ?::text, ?::bytea, ?::float8, ?::int8, ?3",
            [.int64(.min), .text("Zoë 🎂"), .bytes([0, 1, 255]), .double(-0.5), .null])
          #expect(result.rows == 1)
          #expect(result.int64(0, 0) == .min)
          #expect(result.text(0, 1) == "Zoë 🎂")
          #expect(Array(result.bytes(0, 2)) == [0, 1, 255])
          #expect(result.double(0, 3) == -0.5)
          #expect(result.isNull(0, 4))
          #expect(Array(result.bytes(0, 5)) == [0, 1, 255])
        }
      }
    }
  }

  @Test("integers of every type are read as 64 bits")
  func integers() async throws {
    try await Way.direct.withPool { pool in
      try await pool.run { session in
        let result = try session.execute(
          """
          SELECT 7::int2, (-7)::int4, true, count(*), sum(v::int8), (-9223372036854775808)::numeric, 0::numeric,
            120000::numeric, 7::oid FROM generate_series(1, 20000) AS v
          """)
        #expect((0..<9).map { result.int64(0, $0) } == [7, -7, 1, 20_000, 200_010_000, .min, 0, 120_000, 7])
      }
    }
  }
}
