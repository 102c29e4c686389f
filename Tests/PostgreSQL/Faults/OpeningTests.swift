import Foundation
import Store
import StoreTesting
import Testing

@testable import StorePostgreSQL

@Suite("Opening a database")
struct OpeningTests {
  private func failure(_ url: String) async -> StoreError? {
    do {
      let store = try await PostgresStore.open(PostgresStore.Options(url: url, connections: 1))
      await store.close()
      Issue.record("it was opened")
    } catch {
      return error
    }
    return nil
  }

  private func changed(_ url: String, _ change: (inout URLComponents) -> Void) throws -> String {
    var parts = try #require(URLComponents(string: url))
    change(&parts)
    return try #require(parts.string)
  }

  /// One sentence, that says what is wrong, and not the password.
  private func expect(
    _ error: StoreError?, _ code: StoreError.Code, _ words: String, _ place: SourceLocation = #_sourceLocation
  ) {
    #expect(error?.code == code, sourceLocation: place)
    #expect(error?.message.contains(words) == true, "\(error.map { "\($0)" } ?? "")", sourceLocation: place)
    #expect(error?.message.contains("\n") == false, sourceLocation: place)
    #expect(error?.message.contains("geheim") == false, sourceLocation: place)
  }

  @Test("each thing that is wrong is one clear sentence")
  func wrong() async throws {
    try await FreshDatabase.with(empty: true) { database in
      expect(try await failure(changed(database.url) { $0.password = "geheim" }), .unavailable, "authentication failed")
      expect(
        try await failure(changed(database.url) { $0.path = "/nowhere" }), .unavailable, "\"nowhere\" does not exist")
      let closed = try CuttingProxy(to: 1)
      closed.stop()
      let port = Int(closed.port)
      expect(try await failure(changed(database.url) { $0.port = port }), .unavailable, "Connection refused")
      expect(await failure("postgresql://nobody@no-such-host.invalid/x"), .unavailable, "could not translate host name")
      expect(await failure("postgresql://u:geheim@[::1/x"), .invalid, "the database's URL cannot be read")
      // Reserved for documentation (RFC 5737): nobody answers.
      expect(
        await failure("postgresql://nobody@192.0.2.1/x?connect_timeout=2"), .unavailable,
        "cannot connect to PostgreSQL at 192.0.2.1")
    }
  }

  @Test("a role without the right to make tables is told so, and once it has it, all is made")
  func rights() async throws {
    try await FreshDatabase.with(empty: true) { database in
      try database.cluster.superuser("ALTER DATABASE \(database.name) OWNER TO postgres")
      expect(await failure(database.url), .failedPrecondition, "lacks a right")
      try database.cluster.superuser("ALTER DATABASE \(database.name) OWNER TO carillon")
      let store = try await database.store()
      await store.close()
    }
  }

  @Test("a standby in place of the primary is refused")
  func standby() async throws {
    let cluster = try await Cluster.shared.value
    expect(await failure(cluster.replica), .unavailable, "is a standby, which takes no writes")
  }

  @Test("several stores open an empty database at once")
  func atOnce() async throws {
    try await FreshDatabase.with(empty: true) { database in
      let stores = try await withThrowingTaskGroup(of: PostgresStore.self) { group in
        for _ in 0..<6 { group.addTask { try await database.store { $0.connections = 1 } } }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(try await database.number("SELECT count(*) FROM schema_version") == Migrations.newest)
      #expect(try await database.number("SELECT count(*) FROM queue") == 4)
      for store in stores { await store.close() }
    }
  }

  @Test("a store that waited while another made the tables finds them")
  func waited() async throws {
    try await FreshDatabase.with(empty: true) { database in
      try await usingPool(try PostgresConfiguration(url: database.url), .init(connections: 1)) { pool in
        let lock = "(\(Migrations.lock))"
        _ = try await pool.run(onlyReads: true) { try $0.execute("SELECT 1 FROM pg_advisory_lock\(lock)").rows }
        try await withThrowingTaskGroup(of: PostgresStore.self) { group in
          for _ in 0..<3 { group.addTask { try await database.store { $0.connections = 1 } } }
          // All have seen an empty database, and stand in line to make the tables.
          let stand = """
            SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database
            WHERE d.datname = current_database() AND l.locktype = 'advisory' AND NOT l.granted
            """
          while try await pool.run(onlyReads: true, { try $0.execute(stand).int64(0, 0) }) < 3 { await Task.yield() }
          _ = try await pool.run(onlyReads: true) { try $0.execute("SELECT 1 FROM pg_advisory_unlock\(lock)").rows }
          for try await store in group { await store.close() }
        }
        let made = try await pool.run(onlyReads: true) { try $0.execute("SELECT count(*) FROM queue").int64(0, 0) }
        #expect(made == 4)
      }
    }
  }

  @Test("a connection that saw no tables sees those that others make while it waits")
  func seesWhatOthersMade() async throws {
    try await FreshDatabase.with(empty: true) { database in
      let configuration = try PostgresConfiguration(url: database.url)
      let (one, other) = (
        try PostgresSession(configuration, interrupt: Interrupt()),
        try PostgresSession(configuration, interrupt: Interrupt())
      )
      _ = try one.simple("BEGIN")
      #expect(try Migrations.version(one)?.number == nil)
      _ = try other.simple(Seed.tables + "INSERT INTO schema_version VALUES (7, 7, now());")
      #expect(try Migrations.version(one)?.number == 7)
    }
  }
}
