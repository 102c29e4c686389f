import Store
import Testing

@testable import StorePostgreSQL

/// A connection that ends where it hurts: what is acknowledged is there, what is there is there once.
@Suite("Lost connections")
struct LostConnectionTests {
  /// The statement as it stands on the wire; BEGIN speaks of READ COMMITTED.
  private let commit = "COMMIT\0"

  /// A table, and a pool of one connection that reaches the database through a proxy.
  private func withProxy(
    _ body: (PostgresPool, CuttingProxy, _ table: String) async throws -> Void
  ) async throws {
    let cluster = try await Cluster.shared.value
    let proxy = try CuttingProxy(to: try Cluster.port(cluster.primary))
    let table = freshTable()
    try await Way.direct.withPool { pool in
      try await pool.run { _ = try $0.execute("CREATE TABLE \(table) (v int8)") }
    }
    let limits = PostgresPool.Limits(connections: 1, backoffMilliseconds: 1)
    try await usingPool(try PostgresConfiguration(cluster.primary, port: proxy.port), limits) { pool in
      try await body(pool, proxy, table)
    }
  }

  private func values(_ table: String) async throws -> [Int64] {
    try await Way.direct.withPool { pool in
      try await pool.run { session in
        let result = try session.execute("SELECT v FROM \(table) ORDER BY v")
        return (0..<result.rows).map { result.int64($0, 0) }
      }
    }
  }

  @Test("a transaction cut before COMMIT reaches the server runs again")
  func cutBeforeCommit() async throws {
    try await withProxy { pool, proxy, table in
      let runs = Counter()
      proxy.arm(.before(commit))
      try await pool.transaction { session in
        runs.add()
        try session.execute("INSERT INTO \(table) VALUES (1)")
      }
      #expect(proxy.hasCut)
      #expect(runs.value == 2)
      #expect(try await values(table) == [1])
    }
  }

  @Test("a transaction whose COMMIT was applied and not answered does not run again")
  func cutAfterCommit() async throws {
    try await withProxy { pool, proxy, table in
      let runs = Counter()
      proxy.arm(.after(commit))
      try await pool.transaction { session in
        runs.add()
        try session.execute("INSERT INTO \(table) VALUES (1)")
      }
      #expect(proxy.hasCut)
      #expect(runs.value == 1)
      #expect(try await values(table) == [1])
    }
  }

  @Test("statements that went out with COMMIT are settled with it", arguments: [true, false])
  func lastStatements(_ isApplied: Bool) async throws {
    try await withProxy { pool, proxy, table in
      proxy.arm(isApplied ? .after(commit) : .before(commit))
      try await pool.transaction { session in
        try session.execute("INSERT INTO \(table) VALUES (1)")
        try session.addToCommit("INSERT INTO \(table) VALUES (2)")
      }
      #expect(try await values(table) == [1, 2])
    }
  }

  @Test("a transaction that wrote nothing needs no settling")
  func nothingWritten() async throws {
    try await withProxy { pool, proxy, table in
      proxy.arm(.after(commit))
      var options = TransactionOptions.writing
      options.access = .mayWrite
      let count = try await pool.transaction(options) { session in
        try session.execute("SELECT count(*) FROM \(table)").int64(0, 0)
      }
      #expect(proxy.hasCut)
      #expect(count == 0)
    }
  }

  @Test("a statement of its own that was not answered is in doubt, and a read is not")
  func alone() async throws {
    try await withProxy { pool, proxy, table in
      proxy.arm(.after("INSERT"))
      let error = await #expect(throws: StoreError.self) {
        try await pool.run { _ = try $0.execute("INSERT INTO \(table) VALUES (1)") }
      }
      #expect(error?.code == .unknown)
      proxy.arm(.after("SELECT v"))
      let other = await #expect(throws: StoreError.self) {
        try await pool.run(onlyReads: true) { _ = try $0.execute("SELECT v FROM \(table)") }
      }
      #expect(other?.code == .unavailable)
      let rows = try await values(table)
      #expect(rows == [1])
    }
  }

  @Test("wherever the stream is cut, the row is there exactly once")
  func everywhere() async throws {
    try await withProxy { pool, proxy, table in
      var expected: [Int64] = []
      func insert(_ cut: (Int) -> CuttingProxy.Cut) async throws {
        for byte in stride(from: 1, to: 6_000, by: 61) {
          // A fresh connection for each, so that the cut walks through its whole life.
          await pool.forgetConnections()
          proxy.arm(cut(byte))
          let value = Int64(expected.count)
          try await pool.transaction { session in
            try session.execute("INSERT INTO \(table) VALUES (?)", [.int64(value)])
            try session.execute("SELECT count(*) FROM \(table)")
          }
          expected.append(value)
          // The transaction went through before that byte: so it will for all later ones.
          if !proxy.hasCut { break }
        }
      }
      try await insert { .clientByte($0) }
      try await insert { .serverByte($0) }
      #expect(expected.count > 20)
      #expect(try await values(table) == expected)
    }
  }

  @Test("a network that swallows everything costs no longer than the time-out, and no doubt")
  func silence() async throws {
    try await withProxy { pool, proxy, table in
      var options = TransactionOptions.writing
      options.statementTimeoutMilliseconds = 500
      options.answerSlackMilliseconds = 500
      options.idleTimeoutMilliseconds = 60_000
      let runs = Counter()
      proxy.arm(.silence(commit))
      let started = ContinuousClock.now
      try await pool.transaction(options) { session in
        runs.add()
        try session.execute("INSERT INTO \(table) VALUES (1)")
      }
      #expect(proxy.hasCut)
      #expect(runs.value == 1)
      #expect(started.duration(to: .now) < .seconds(30))
      #expect(try await values(table) == [1])
    }
  }

  @Test("a session that an administrator ends is replaced, and its transaction runs again", arguments: Way.allCases)
  func terminated(_ way: Way) async throws {
    let table = freshTable()
    let cluster = try await Cluster.shared.value
    try await way.withPool { pool in
      try await pool.run { _ = try $0.execute("CREATE TABLE \(table) (v int8)") }
      let runs = Counter()
      try await pool.transaction { session in
        try session.execute("INSERT INTO \(table) VALUES (1)")
        if runs.add() == 1 {
          let process = try session.execute("SELECT pg_backend_pid()").int64(0, 0)
          try cluster.superuser("SELECT pg_terminate_backend(\(process), 5000)")
        }
        try session.execute("INSERT INTO \(table) VALUES (2)")
      }
      #expect(runs.value == 2)
      #expect(try await values(table) == [1, 2])
    }
  }
}
