import Store
import StoreSQL
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

  /// What one session does; always the same one.
  private func session(_ body: @escaping @Sendable (PostgresSession) throws -> Void) async throws {
    try await Way.direct.withPool(.init(connections: 1)) { try await $0.run(body) }
  }

  @Test("NULL where there was a value, and a value where there was NULL")
  func nullsAndTypes() async throws {
    try await session { session in
      let sql = "SELECT coalesce(?, 5)"
      let parameters: [PostgresValue] = [.null, .int64(7), .null, .int64(.max), .null]
      let answers = try parameters.map { try session.execute(sql, [$0]).int64(0, 0) }
      #expect(answers == [5, 7, 5, .max, 5])
    }
  }

  @Test("a place whose type changes from call to call is still read right")
  func changingTypes() async throws {
    try await session { session in
      for round in 0..<10 {
        let value: PostgresValue = round % 2 == 0 ? .int64(Int64(round)) : .text("\(round)")
        let answer = try session.execute("SELECT ?::text", [value]).text(0, 0)
        #expect(answer == "\(round)")
      }
    }
  }

  @Test("a statement is prepared with its second use, and the server keeps no more than it may")
  func cache() async throws {
    var configuration = try await Way.direct.configuration()
    configuration.preparedStatements = 10
    try await usingPool(configuration, .init(connections: 1)) { pool in
      let prepared = "SELECT count(*) FROM pg_prepared_statements"
      try await pool.run { session in
        for _ in 0..<2 { try session.execute("SELECT 1") }
        #expect(try session.execute(prepared).int64(0, 0) == 1)
        for number in 0..<50 {
          for _ in 0..<2 { try session.execute("SELECT \(number)") }
        }
      }
      // What is not needed any more goes with the next BEGIN.
      let left = try await pool.transaction { try $0.execute(prepared).int64(0, 0) }
      #expect(left <= 10)
    }
  }

  @Test("a table that is altered under a prepared statement costs one more run of the transaction")
  func alteredTable() async throws {
    let table = freshTable()
    try await Way.direct.withPool(.init(connections: 1)) { pool in
      try await pool.run { session in
        try session.execute("CREATE TABLE \(table) (v int8)")
        for _ in 0..<3 { try session.execute("SELECT * FROM \(table)") }
        try session.execute("ALTER TABLE \(table) ADD w int8")
      }
      let runs = Counter()
      let columns = try await pool.transaction { session in
        runs.add()
        return try session.execute("SELECT * FROM \(table)").columns
      }
      #expect(columns == 2)
      #expect(runs.value == 2)
    }
  }

  @Test("a statement is stepped while another of the same text is")
  func nested() async throws {
    try await session { session in
      let sql = "SELECT v FROM generate_series(1::int8, ?) AS v"
      var pairs: [[Int64]] = []
      let outer = try session.statement(sql)
      try outer.bind(Int64(2), at: 1)
      while try outer.step() {
        let inner = try session.statement(sql)
        try inner.bind(Int64(2), at: 1)
        while try inner.step() { pairs.append([outer.int64(0), inner.int64(0)]) }
      }
      #expect(pairs == [[1, 1], [1, 2], [2, 1], [2, 2]])
    }
  }

  @Test("a statement counts what it changed")
  func changes() async throws {
    let table = freshTable()
    try await session { session in
      try session.execute("CREATE TABLE \(table) (v int8)")
      for (sql, changes) in [
        ("INSERT INTO \(table) SELECT generate_series(1, 5)", 5), ("UPDATE \(table) SET v = 0 WHERE v > 3", 2),
        ("SELECT * FROM \(table)", 0), ("DELETE FROM \(table) RETURNING v", 5),
      ] {
        let statement = try session.statement(sql)
        while try statement.step() {}
        #expect(statement.changes == changes, "\(sql)")
      }
    }
  }

  @Test("a value that is read as what it is not fails, and does not pass for a zero")
  func misread() async throws {
    try await Way.direct.withPool { pool in
      for sql in ["SELECT 'seven'", "SELECT now()", "SELECT 0.5"] {
        let error = await #expect(throws: StoreError.self) {
          try await pool.transaction { try $0.execute(sql).int64(0, 0) }
        }
        #expect(error?.code == .corrupt, "\(sql)")
      }
    }
  }

  @Test("a statement with too few parameters is refused")
  func parameterCount() async throws {
    try await Way.direct.withPool { pool in
      let error = await #expect(throws: StoreError.self) {
        try await pool.run { _ = try $0.execute("SELECT ?, ?", [.int64(1)]) }
      }
      #expect(error?.code == .invalid)
    }
  }
}
