import Store
import Testing

@testable import StorePostgreSQL

@Suite("The pool")
struct PoolTests {
  @Test("it has no more connections than it may, and callers wait their turn")
  func bounded() async throws {
    let table = freshTable()
    // A busy machine may take long over forty commits.
    try await Way.direct.withPool(.init(connections: 2, waitMilliseconds: 120_000)) { pool in
      try await pool.run { _ = try $0.execute("CREATE TABLE \(table) (process int8)") }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<40 {
          group.addTask {
            try await pool.transaction {
              _ = try $0.execute("INSERT INTO \(table) SELECT pg_backend_pid()")
            }
          }
        }
        try await group.waitForAll()
      }
      let (rows, processes) = try await pool.run { session in
        let result = try session.execute("SELECT count(*), count(DISTINCT process) FROM \(table)")
        return (result.int64(0, 0), result.int64(0, 1))
      }
      #expect(rows == 40)
      #expect(processes <= 2)
    }
  }

  /// A pool of one connection that is in use until `body` ends.
  private func whileBusy(
    _ limits: PostgresPool.Limits, _ body: @Sendable (PostgresPool) async throws -> Void
  ) async throws {
    try await Way.direct.withPool(limits) { pool in
      let connection = try await pool.take()
      try await body(pool)
      pool.give(connection, nil)
    }
  }

  @Test("who waits too long is told so")
  func waitingTime() async throws {
    try await whileBusy(.init(connections: 1, waitMilliseconds: 50)) { pool in
      let error = await #expect(throws: StoreError.self) { try await pool.run { _ in } }
      #expect(error?.code == .unavailable)
      #expect(error?.message == "no connection to the database was free within 50 ms (1 are in use)")
    }
  }

  @Test("no more wait than may")
  func waiters() async throws {
    try await whileBusy(.init(connections: 1, waiters: 0)) { pool in
      let error = await #expect(throws: StoreError.self) { try await pool.run { _ in } }
      #expect(error?.code == .unavailable)
      #expect(error?.message.contains("already wait") == true)
    }
  }

  @Test("closing waits for what runs, and lets nobody in")
  func closing() async throws {
    let pool = PostgresPool(try await Way.direct.configuration())
    let begun = Rendezvous(2)
    async let answer = pool.run { session in
      begun.arrive()
      return try session.execute("SELECT 7::int8 FROM pg_sleep(0.3)").int64(0, 0)
    }
    await Threads.run { begun.arrive() }
    await pool.close()
    #expect(try await answer == 7)
    let error = await #expect(throws: StoreError.self) { try await pool.run { _ in } }
    #expect(error?.message == "the connections to the database are closed")
  }

  @Test("closing cuts off what takes longer than its grace")
  func cutting() async throws {
    let pool = PostgresPool(try await Way.direct.configuration())
    let begun = Rendezvous(2)
    let answer = Task {
      try await pool.run { session in
        begun.arrive()
        _ = try session.execute("SELECT pg_sleep(60)")
      }
    }
    await Threads.run { begun.arrive() }
    let started = ContinuousClock.now
    await pool.close(graceMilliseconds: 100)
    #expect(started.duration(to: .now) < .seconds(20))
    await #expect(throws: StoreError.self) { try await answer.value }
  }

  @Test("connections that a restart killed are replaced without anybody noticing", arguments: ["fast", "immediate"])
  func restart(_ how: String) async throws {
    let cluster = try await Cluster.start([])
    let configuration = try PostgresConfiguration(url: cluster.primary)
    try await usingPool(configuration) { pool in
      try await pool.run { _ = try $0.execute("CREATE TABLE t (v int8)") }
      for value in 0..<3 {
        try await pool.transaction { _ = try $0.execute("INSERT INTO t VALUES (?)", [.int64(Int64(value))]) }
        try cluster.restart(how)
      }
      let count = try await pool.transaction(.snapshot) { try $0.execute("SELECT count(*) FROM t").int64(0, 0) }
      #expect(count == 3)
    }
    try cluster.remove()
  }

  @Test("while no server is there every call says so, few of them try, and then it goes on by itself")
  func outage() async throws {
    let cluster = try await Cluster.start([])
    let limits = PostgresPool.Limits(connections: 4, backoffMilliseconds: 20, maximumBackoffMilliseconds: 200)
    try await usingPool(try PostgresConfiguration(url: cluster.primary), limits) { pool in
      try await pool.run { _ in }
      try cluster.stop()
      for _ in 0..<10 {
        let error = await #expect(throws: StoreError.self) { try await pool.run { _ = try $0.execute("SELECT 1") } }
        #expect(error?.code == .unavailable || error?.code == .unknown)
      }
      #expect(pool.health.failure?.message.contains("Connection refused") == true)
      try cluster.startAgain()
      try await pool.transaction { _ = try $0.execute("SELECT 1") }
      #expect(pool.health.failure == nil)
    }
    try cluster.remove()
  }
}
