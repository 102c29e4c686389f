import AgentHarness
import Testing

let psql = "/usr/bin/psql"
let libpqClient = "\(Programs.repository)/Tests/Servers/Fixtures/libpq_client.py"

/// The ways in which libpq's protocol runs statements.
enum Mode: String, CaseIterable, Sendable {
  case simple, extended, prepared, pipeline
}

/// What a client saw of each statement: its command tag, `error CODE`, `aborted` or `lost`. A pipeline adds `synced` or
/// `lost` for its Sync.
func run(_ statements: [String], mode: Mode = .simple, at url: String) async throws -> [String] {
  try await Tool.python(libpqClient, [url, mode.rawValue] + statements).split(separator: "\n").map(String.init)
}

/// Runs `body` with a server, a table `t(i)` in a fresh database of it, and a proxy before it.
func withSpoiltTable(
  before member: PostgresServer.Member = .primary,
  _ body: @Sendable (_ table: Table, _ proxy: CuttingProxy, _ url: String) async throws -> Void
) async throws {
  let server = try await PostgresServer.shared()
  let table = Table(server: server, database: try await server.freshDatabase())
  #expect(try await run(["CREATE TABLE t (i int PRIMARY KEY)"], at: table.url()) == ["CREATE TABLE"])
  try await CuttingProxy.with(to: server.port(member)) { proxy in
    try await body(table, proxy, proxy.url(of: table.url(member)))
  }
}

/// A table of numbers in a database of its own.
struct Table: Sendable {
  let server: PostgresServer
  let database: String

  func url(_ member: PostgresServer.Member = .primary) throws -> String { try server.url(member, database: database) }

  /// What is durable.
  func rows() async throws -> [Int] {
    try await server.query("SELECT i FROM t ORDER BY i", database: database)
      .split(separator: "\n").compactMap { Int($0) }
  }

  /// How many clients the server sees sleep in this database.
  func sleepers() async throws -> Int? {
    Int(
      try await server.query(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = '\(database)' AND state = 'active' "
          + "AND query LIKE '%pg_sleep%'"))
  }
}
