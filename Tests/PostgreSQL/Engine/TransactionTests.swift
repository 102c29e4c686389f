import Foundation
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

  @Test("no statement starts processes of its own, however cheap the server believes them", arguments: [false, true])
  func staysInOneProcess(_ onlyReads: Bool) async throws {
    let table = freshTable()
    try await Way.direct.withPool { pool in
      try await pool.run { session in
        _ = try session.execute("CREATE TABLE \(table) AS SELECT generate_series(1, 1000) AS v")
      }
      let plan = try await pool.transaction(onlyReads ? .snapshot : .writing) { session in
        for setting in ["parallel_setup_cost", "parallel_tuple_cost", "min_parallel_table_scan_size"] {
          try session.execute("SELECT set_config('\(setting)', '0', true)")
        }
        let lines = try session.execute("EXPLAIN SELECT count(*) FROM \(table)")
        return (0..<lines.rows).map { lines.text($0, 0) }.joined(separator: "\n")
      }
      #expect(plan.contains("Seq Scan"))
      #expect(!plan.contains("Gather"), "\(plan)")
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

  @Test("a serialisation failure runs again", arguments: Way.allCases)
  func serialisation(_ way: Way) async throws {
    let table = freshTable()
    try await way.withPool { pool in
      try await pool.run { session in
        try session.execute("CREATE TABLE \(table) (v int8)")
        try session.execute("INSERT INTO \(table) VALUES (0)")
      }
      let runs = Counter()
      let met = Rendezvous(2)
      var options = TransactionOptions.writing
      options.isolation = .repeatableRead
      try await withThrowingTaskGroup(of: Void.self) { [options] group in
        for _ in 0..<2 {
          group.addTask {
            try await pool.transaction(options) { session in
              runs.add()
              try session.execute("SELECT v FROM \(table)")
              met.arrive()
              try session.execute("UPDATE \(table) SET v = v + 1")
            }
          }
        }
        try await group.waitForAll()
      }
      #expect(try await pool.run { try $0.execute("SELECT v FROM \(table)").int64(0, 0) } == 2)
      #expect(runs.value == 3)
    }
  }

  @Test("a transaction that never gets through ends after its attempts")
  func attempts() async throws {
    try await Way.direct.withPool { pool in
      var options = TransactionOptions.writing
      options.attempts = 3
      let runs = Counter()
      let error = await #expect(throws: StoreError.self) {
        try await pool.transaction(options) { session in
          runs.add()
          try session.execute("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40001'; END $$")
        }
      }
      #expect(error?.code == .unavailable)
      #expect(runs.value == 3)
    }
  }

  @Test(
    "time-outs end statements, waits for locks, and idleness; the next user has none of them", arguments: Way.allCases)
  func timeouts(_ way: Way) async throws {
    let table = freshTable()
    try await way.withPool { pool in
      try await pool.run { _ = try $0.execute("CREATE TABLE \(table) (v int8)") }
      var options = TransactionOptions.writing
      options.attempts = 1
      options.statementTimeoutMilliseconds = 200
      options.lockTimeoutMilliseconds = 50
      options.idleTimeoutMilliseconds = 200
      let slow = await #expect(throws: StoreError.self) {
        try await pool.transaction(options) { _ = try $0.execute("SELECT pg_sleep(30)") }
      }
      #expect(slow?.postgres?.state == "57014")
      let held = Rendezvous(2)
      let released = Rendezvous(2)
      async let holder: Void = pool.transaction { session in
        try session.execute("LOCK TABLE \(table)")
        held.arrive()
        released.arrive()
      }
      await Threads.run { held.arrive() }
      let locked = await #expect(throws: StoreError.self) {
        try await pool.transaction(options) { _ = try $0.execute("LOCK TABLE \(table)") }
      }
      #expect(locked?.postgres?.state == "55P03")
      await Threads.run { released.arrive() }
      try await holder
      let idle = await #expect(throws: StoreError.self) {
        try await pool.transaction(options) { session in
          try session.execute("SELECT 1")
          usleep(600_000)
          try session.execute("SELECT 1")
        }
      }
      #expect(idle?.code == .unavailable)
      let settings = try await pool.run { session in
        let names = ["statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"]
        return try names.map { try session.execute("SELECT current_setting(?)", [.text($0)]).text(0, 0) }
      }
      #expect(settings == ["0", "0", "0"])
    }
  }

  @Test("an error that the body swallows does not pass for a commit")
  func swallowed() async throws {
    let table = freshTable()
    try await Way.direct.withPool { pool in
      try await pool.run { _ = try $0.execute("CREATE TABLE \(table) (v int8)") }
      let error = await #expect(throws: StoreError.self) {
        try await pool.transaction { session in
          try session.execute("INSERT INTO \(table) VALUES (1)")
          _ = try? session.execute("SELECT 1 / 0")
        }
      }
      #expect(error?.message.contains("undid the transaction") == true)
      try await pool.transaction { session in
        try session.execute("INSERT INTO \(table) VALUES (2)")
        try? session.savepoint { _ = try session.execute("SELECT 1 / 0") }
      }
      #expect(try await pool.run { try $0.execute("SELECT sum(v) FROM \(table)").int64(0, 0) } == 2)
    }
  }

  @Test("a transaction that reads cannot write", arguments: Way.allCases)
  func reading(_ way: Way) async throws {
    try await way.withPool { pool in
      let error = await #expect(throws: StoreError.self) {
        try await pool.transaction(.snapshot) { _ = try $0.execute("CREATE TABLE t (v int8)") }
      }
      #expect(error?.postgres?.state == "25006")
      for _ in 0..<3 {
        let values = try await pool.transaction(.snapshot) { session in
          [try session.execute("SELECT 1::int8").int64(0, 0), try session.execute("SELECT 2::int8").int64(0, 0)]
        }
        #expect(values == [1, 2])
      }
      try await pool.transaction(.snapshot) { _ in }
    }
  }

  @Test("a cancelled task's transaction is committed all the same")
  func cancelled() async throws {
    let table = freshTable()
    try await Way.direct.withPool { pool in
      try await pool.run { _ = try $0.execute("CREATE TABLE \(table) (v int8)") }
      let task = Task {
        withUnsafeCurrentTask { $0?.cancel() }
        try await pool.transaction { _ = try $0.execute("INSERT INTO \(table) VALUES (1)") }
      }
      try await task.value
      #expect(try await pool.run { try $0.execute("SELECT sum(v) FROM \(table)").int64(0, 0) } == 1)
    }
  }
}
