import Store
import Testing

@testable import StorePostgreSQL

@Suite("Arrays")
struct ArrayTests {
  private static let texts: [String?] = ["a", nil, "", "Zoë 🎂", "{\"quoted\", \\and}", "NULL"]
  private static let integers: [Int64?] = [.min, nil, 0, -1, .max, 7]
  private static let doubles: [Double?] = [0.5, nil, -0.0, .infinity, .greatestFiniteMagnitude, .leastNonzeroMagnitude]
  private static let bytes: [[UInt8]?] = [[], nil, [0], [1, 2, 255], Array("\0\0".utf8), [0x5c]]

  @Test("columns of every kind become rows, NULLs and empty values included", arguments: Way.allCases)
  func rows(_ way: Way) async throws {
    try await way.withPool { pool in
      // Twice, so that the second is prepared.
      for _ in 0..<3 {
        try await pool.run { session in
          let result = try session.execute(
            """
            SELECT a, b, c, d, e FROM unnest(?::int8[], ?::text[], ?::float8[], ?::bytea[], ?::int8[])
              WITH ORDINALITY AS rows (a, b, c, d, e, place) ORDER BY place
            """,
            [
              .int64Array(Self.integers), .textArray(Self.texts), .doubleArray(Self.doubles), .bytesArray(Self.bytes),
              .boolArray([true, false, nil, true, false, nil]),
            ])
          let rows = 0..<result.rows
          #expect(rows.map { result.optionalInt64($0, 0) } == Self.integers)
          #expect(rows.map { result.optionalText($0, 1) } == Self.texts)
          #expect(rows.map { result.isNull($0, 2) ? nil : result.double($0, 2) } == Self.doubles)
          #expect(rows.map { result.isNull($0, 3) ? nil : Array(result.bytes($0, 3)) } == Self.bytes)
          #expect(rows.map { result.optionalInt64($0, 4) } == [1, 0, nil, 1, 0, nil])
        }
      }
    }
  }

  @Test("an empty column is an empty array, not NULL")
  func empty() async throws {
    try await Way.direct.withPool { pool in
      let lengths = try await pool.run { session in
        let result = try session.execute(
          "SELECT cardinality(?::int8[]), cardinality(?::text[]), cardinality(?::bytea[])",
          [.int64Array([Int64]()), .textArray([]), .array(PostgresArray(.bytes))])
        return (0..<3).map { result.optionalInt64(0, $0) }
      }
      #expect(lengths == [0, 0, 0])
    }
  }

  @Test("a column of NULLs alone, and one of 5,000 rows")
  func large() async throws {
    try await Way.direct.withPool { pool in
      let counts = try await pool.run { session in
        let result = try session.execute(
          "SELECT count(*), count(a), sum(b) FROM unnest(?::text[], ?::int8[]) AS rows (a, b)",
          [.textArray([String?](repeating: nil, count: 5_000)), .int64Array((0..<5_000).map(Int64.init))])
        return (0..<3).map { result.int64(0, $0) }
      }
      #expect(counts == [5_000, 0, 12_497_500])
    }
  }
}
