import Foundation
import Store
import Testing

@testable import StorePostgreSQL

@Suite("Errors say what is wrong, in one sentence, and never a password")
struct ErrorTests {
  private func failure(_ configuration: PostgresConfiguration) async -> StoreError? {
    let pool = PostgresPool(configuration)
    let error = await #expect(throws: StoreError.self) { try await pool.run { _ = try $0.execute("SELECT 1") } }
    await pool.close()
    return error
  }

  @Test("no server there")
  func refused() async throws {
    let proxy = try CuttingProxy(to: 1)
    let cluster = try await Cluster.shared.value
    let gone = proxy.port
    proxy.stop()
    let error = await failure(try PostgresConfiguration(cluster.primary, port: gone))
    #expect(error?.code == .unavailable)
    #expect(error?.message.contains("cannot connect to PostgreSQL at 127.0.0.1 port \(gone)") == true)
    #expect(error?.message.contains("Connection refused") == true)
  }

  @Test("no host of that name")
  func name() async throws {
    let error = await failure(try PostgresConfiguration(url: "postgresql://nobody@no-such-host.invalid/x"))
    #expect(error?.code == .unavailable)
    #expect(error?.message.contains("could not translate host name \"no-such-host.invalid\"") == true)
  }

  @Test("a server that accepts and says nothing")
  func mute() async throws {
    let cluster = try await Cluster.shared.value
    let proxy = try CuttingProxy(to: try Cluster.port(cluster.primary))
    proxy.arm(.silence("carillon"))
    var parts = try #require(URLComponents(string: cluster.primary))
    parts.port = Int(proxy.port)
    parts.query = "sslmode=disable&gssencmode=disable&connect_timeout=2"
    let error = await failure(try PostgresConfiguration(url: try #require(parts.string)))
    #expect(error?.code == .unavailable)
    #expect(error?.message.contains("timeout expired") == true)
  }

  @Test("the wrong password", arguments: Way.allCases)
  func password(_ way: Way) async throws {
    let cluster = try await Cluster.shared.value
    let url = way == .direct ? cluster.primary : cluster.pgbouncer
    let error = await failure(try PostgresConfiguration(url, password: "hunter2-geheim"))
    #expect(error?.code == .unavailable)
    #expect(error?.message.contains("authentication failed") == true)
    #expect(error.map { "\($0)" }?.contains("hunter2") == false)
  }

  @Test("no such database")
  func database() async throws {
    let cluster = try await Cluster.shared.value
    let error = await failure(try PostgresConfiguration(cluster.primary, database: "nowhere"))
    #expect(error?.code == .unavailable)
    #expect(error?.message.contains("database \"nowhere\" does not exist") == true)
  }

  @Test("a standby where writes are needed")
  func standby() async throws {
    let cluster = try await Cluster.shared.value
    var configuration = try PostgresConfiguration(url: cluster.replica)
    let error = await failure(configuration)
    #expect(error?.code == .unavailable)
    #expect(error?.message.contains("is a standby, which takes no writes") == true)
    configuration.role = .replica
    try await usingPool(configuration) { pool in
      let answer = try await pool.transaction(.snapshot) { try $0.execute("SELECT 7::int8").int64(0, 0) }
      #expect(answer == 7)
      let error = await #expect(throws: StoreError.self) {
        try await pool.run { _ = try $0.execute("CREATE TABLE t (v int8)") }
      }
      #expect(error?.code == .unavailable)
      #expect(error?.message.contains("standby") == true)
    }
  }

  @Test("a lacking right")
  func rights() async throws {
    try await Way.direct.withPool { pool in
      let error = await #expect(throws: StoreError.self) {
        try await pool.run { _ = try $0.execute("SELECT rolpassword FROM pg_authid") }
      }
      #expect(error?.code == .failedPrecondition)
      #expect(error?.message.contains("the database user lacks a right") == true)
    }
  }

  @Test(
    "what the server says becomes the store's kind of failure",
    arguments: [
      ("53100", .full), ("53300", .unavailable), ("25006", .unavailable), ("57P03", .unavailable),
      ("57014", .unavailable), ("55P03", .unavailable), ("40001", .unavailable), ("23505", .failedPrecondition),
      ("23514", .failedPrecondition), ("22001", .invalid), ("42P01", .failedPrecondition), ("XX001", .corrupt),
      ("26000", .failedPrecondition), ("42501", .failedPrecondition),
    ] as [(String, StoreError.Code)])
  func codes(_ state: String, _ code: StoreError.Code) async throws {
    try await Way.direct.withPool { pool in
      let error = await #expect(throws: StoreError.self) {
        try await pool.run {
          _ = try $0.execute("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '\(state)', MESSAGE = 'so it is'; END $$")
        }
      }
      #expect(error?.code == code)
      #expect(error?.postgres?.state == state)
    }
  }

  @Test("a value that was refused is not in the message")
  func values() async throws {
    try await Way.direct.withPool { pool in
      let table = freshTable()
      try await pool.run { _ = try $0.execute("CREATE TABLE \(table) (v text PRIMARY KEY)") }
      for (sql, value) in [
        ("SELECT ?::text::int8", "geheim"), ("INSERT INTO \(table) VALUES (?), ('geheim')", "geheim"),
      ] {
        let error = await #expect(throws: StoreError.self) {
          try await pool.run { _ = try $0.execute(sql, [.text(value)]) }
        }
        #expect(error.map { "\($0) \(String(describing: $0.cause))" }?.contains("geheim") == false)
      }
    }
  }

  @Test(
    "a URL that cannot be read is not repeated", arguments: ["postgresql://u:geheim%zz@h/d", "host=h geheim", "geheim"])
  func url(_ url: String) {
    let error = #expect(throws: StoreError.self) { try PostgresConfiguration(url: url) }
    #expect(error?.code == .invalid)
    #expect(error?.message.contains("geheim") == false)
  }

  @Test("a configuration shows where the database is, and not who comes with what")
  func redacted() throws {
    let configuration = try PostgresConfiguration(url: "postgresql://u:geheim@db.example:5433/carillon?sslmode=require")
    #expect(configuration.redacted == "PostgreSQL at db.example port 5433 database carillon")
    #expect(configuration.parameters["sslmode"] == "require")
  }

  @Test("a text with U+0000 is refused before it is sent")
  func nul() async throws {
    try await Way.direct.withPool { pool in
      for value in [PostgresValue.text("a\0b"), .textArray(["a", "\0"])] {
        let error = await #expect(throws: StoreError.self) {
          try await pool.run { _ = try $0.execute("SELECT ?", [value]) }
        }
        #expect(error?.code == .invalid)
        #expect(error?.message.contains("U+0000") == true)
      }
    }
  }

  @Test("too many connections")
  func tooMany() async throws {
    let cluster = try await Cluster.shared.value
    let role = "r\(UInt32.random(in: 0 ... .max))"
    try cluster.superuser("CREATE ROLE \(role) LOGIN PASSWORD 'x' CONNECTION LIMIT 0")
    let error = await failure(try PostgresConfiguration(cluster.primary, user: role, password: "x"))
    #expect(error?.code == .unavailable)
    #expect(error?.message.contains("too many connections") == true)
  }

  @Test("prepared statements behind a pooler that shares sessions are a mistake of the configuration")
  func poolerWithPrepare() async throws {
    let cluster = try await Cluster.shared.value
    // Two clients of one server session: what one prepared, the other finds taken.
    let database = "p\(UInt32.random(in: 0 ... .max))"
    try cluster.superuser("CREATE DATABASE \(database) OWNER carillon")
    try cluster.superuser("ALTER DATABASE \(database) CONNECTION LIMIT 1")
    let configuration = try PostgresConfiguration(cluster.pgbouncer, database: database)
    let pools = [PostgresPool(configuration), PostgresPool(configuration)]
    var failure: StoreError?
    for pool in pools {
      do {
        try await pool.run { session in for _ in 0..<3 { _ = try session.execute("SELECT 1") } }
      } catch {
        failure = error
      }
    }
    for pool in pools { await pool.close() }
    #expect(failure?.code == .failedPrecondition)
    #expect(failure?.message.contains("behind a pooler set prepare to off") == true)
  }
}
