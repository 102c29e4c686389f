import Store
import Testing

@testable import StorePostgreSQL

@Suite("COPY")
struct CopyTests {
  private func withTable(_ way: Way, _ body: (PostgresPool, String) async throws -> Void) async throws {
    let table = freshTable()
    try await way.withPool { pool in
      try await pool.run {
        _ = try $0.execute("CREATE TABLE \(table) (n int8 PRIMARY KEY, t text, b bytea, d float8, small int2)")
      }
      try await body(pool, table)
    }
  }

  @Test("100,000 rows go in and come out as they were", arguments: Way.allCases)
  func manyRows(_ way: Way) async throws {
    let count = 100_000
    try await withTable(way) { pool, table in
      let written = try await pool.transaction { session in
        try session.copyIn("COPY \(table) (n, t, b, d) FROM STDIN (FORMAT binary)") { writer in
          for row in 0..<count {
            try writer.row(4)
            try writer.write(Int64(row))
            try writer.write(row % 3 == 0 ? nil : "name \(row) 🎂")
            try writer.write(row % 5 == 0 ? [] : [0, UInt8(truncatingIfNeeded: row)])
            try writer.write(Double(row) / 2)
          }
        }
      }
      #expect(written == count)
      let differing = try await pool.transaction(.snapshot) { session in
        var (row, differing) = (0, 0)
        try session.copyOut("COPY (SELECT n, t, b, d FROM \(table) ORDER BY n) TO STDOUT (FORMAT binary)") { fields in
          let text = row % 3 == 0 ? nil : "name \(row) 🎂"
          let bytes: [UInt8] = row % 5 == 0 ? [] : [0, UInt8(truncatingIfNeeded: row)]
          let isSame =
            try fields.count == 4 && fields.int64(0) == Int64(row) && fields.text(1) == text
            && fields.bytes(2).map(Array.init) == bytes && fields.double(3) == Double(row) / 2
          if !isSame { differing += 1 }
          row += 1
        }
        return row == count ? differing : -1
      }
      #expect(differing == 0)
    }
  }

  @Test("a row that the table refuses undoes all of them, and the connection goes on")
  func refused() async throws {
    try await withTable(.direct) { pool, table in
      let error = await #expect(throws: StoreError.self) {
        try await pool.transaction { session in
          try session.copyIn("COPY \(table) (n) FROM STDIN (FORMAT binary)") { writer in
            for row in 0..<50_000 {
              try writer.row(1)
              try writer.write(Int64(row % 49_999))
            }
          }
        }
      }
      #expect(error?.code == .failedPrecondition)
      let count = try await pool.run { try $0.execute("SELECT count(*) FROM \(table)").int64(0, 0) }
      #expect(count == 0)
    }
  }

  @Test("what the writer's body throws undoes all of them, and comes out")
  func abandoned() async throws {
    try await withTable(.direct) { pool, table in
      let error = await #expect(throws: StoreError.self) {
        try await pool.run { session in
          try session.copyIn("COPY \(table) (n) FROM STDIN (FORMAT binary)") { writer in
            try writer.row(1)
            try writer.write(Int64(1))
            throw StoreError(.conflict, "the body's own")
          }
        }
      }
      #expect(error?.message == "the body's own")
      let count = try await pool.run { try $0.execute("SELECT count(*) FROM \(table)").int64(0, 0) }
      #expect(count == 0)
    }
  }

  @Test("rows of the wrong length, and texts that cannot be stored, are refused")
  func malformed() async throws {
    try await withTable(.direct) { pool, table in
      let bodies: [@Sendable (CopyWriter) throws -> Void] = [
        { writer in
          try writer.row(2)
          try writer.write(Int64(1))
          try writer.row(2)
        },
        { writer in
          try writer.row(1)
          try writer.write(Int64(1))
          try writer.write("more")
        },
        { writer in
          try writer.row(2)
          try writer.write(Int64(1))
          try writer.write("\0")
        },
      ]
      for body in bodies {
        let error = await #expect(throws: StoreError.self) {
          try await pool.run { _ = try $0.copyIn("COPY \(table) (n, t) FROM STDIN (FORMAT binary)", body) }
        }
        #expect(error?.code == .invalid)
      }
      let error = await #expect(throws: StoreError.self) {
        try await pool.run { _ = try $0.execute("COPY \(table) (n) FROM STDIN (FORMAT binary)") }
      }
      #expect(error?.code == .invalid)
      let other = await #expect(throws: StoreError.self) {
        try await pool.run { _ = try $0.copyIn("SELECT 1") { _ in } }
      }
      #expect(other?.code == .invalid)
      try await pool.run { _ = try $0.execute("SELECT 1") }
    }
  }

  @Test("a reader that stops gives the connection up, and the pool goes on")
  func stopped() async throws {
    try await Way.direct.withPool(.init(connections: 1)) { pool in
      let error = await #expect(throws: StoreError.self) {
        try await pool.transaction(.snapshot) { session in
          try session.copyOut("COPY (SELECT generate_series(1, 1000000)) TO STDOUT (FORMAT binary)") { row in
            if try row.int64(0) == 10 { throw StoreError(.conflict, "enough") }
          }
        }
      }
      #expect(error?.message == "enough")
      let answer = try await pool.run { try $0.execute("SELECT 7::int8").int64(0, 0) }
      #expect(answer == 7)
    }
  }
}
