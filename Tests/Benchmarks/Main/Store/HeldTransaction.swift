import AgentHarness

/// A session that holds a REPEATABLE READ transaction open: nothing that was there when it began can be vacuumed.
enum HeldTransaction {
  private static let longest = 3_600

  /// Holds one in a database from before `body` until after it.
  static func with<Result>(
    _ server: PostgresServer, database: String, _ body: () async throws -> Result
  ) async throws -> Result {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await hold(server, database) }
      defer { group.cancelAll() }
      try await eventually("a transaction held", within: .seconds(30), every: .milliseconds(100)) {
        try await isHeld(server, database)
      }
      let result = try await body()
      guard try await isHeld(server, database) else {
        throw HarnessError(.notMeasured, "the transaction was not held to the end")
      }
      _ = try await server.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE \(isHolder(database))")
      return result
    }
  }

  /// Ends when the server ends it.
  private static func hold(_ server: PostgresServer, _ database: String) async throws {
    // The snapshot is taken by the first statement, and kept by all that follow.
    let statements = ["BEGIN ISOLATION LEVEL REPEATABLE READ", "SELECT 1", "SELECT pg_sleep(\(longest))"]
    let arguments = ["psql", server.folder, "primary", "-q", "-d", database] + statements.flatMap { ["-c", $0] }
    _ = try await Tool.run(PostgresServer.script, arguments, limit: .seconds(longest))
  }

  private static func isHeld(_ server: PostgresServer, _ database: String) async throws -> Bool {
    try await server.number(
      "SELECT count(*) FROM pg_stat_activity WHERE backend_xmin IS NOT NULL AND \(isHolder(database))") == 1
  }

  private static func isHolder(_ database: String) -> String {
    "datname = '\(database)' AND query LIKE 'SELECT pg_sleep(%' AND pid <> pg_backend_pid()"
  }
}
