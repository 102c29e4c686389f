import AgentHarness
import Testing

@Suite struct CuttingProxyTests {
  private static let insert = ["BEGIN", "INSERT INTO t VALUES (1)", "COMMIT"]

  @Test(arguments: Mode.allCases)
  func aStatementPassesUnspoilt(_ mode: Mode) async throws {
    try await withSpoiltTable { table, proxy, url in
      let seen = try await run(Self.insert, mode: mode, at: url)
      #expect(seen.prefix(3) == ["BEGIN", "INSERT 0 1", "COMMIT"])
      #expect(try await table.rows() == [1])
    }
  }

  @Test(arguments: Mode.allCases, [PostgresServer.Member.primary, .pgbouncer])
  func aDroppedAnswerOfCommitLeavesTheCommitAndLosesTheClient(
    _ mode: Mode, _ member: PostgresServer.Member
  ) async throws {
    // pgbouncer 1.18 keeps no prepared statement of a client's, so that the next one's has the same name.
    if mode == .prepared, member == .pgbouncer { return }
    try await withSpoiltTable(before: member) { table, proxy, url in
      try await proxy.dropAnswer(of: "commit")
      let seen = try await run(Self.insert, mode: mode, at: url)
      #expect(seen.prefix(3) == ["BEGIN", "INSERT 0 1", "lost"])
      let fired = try await proxy.waitUntilFired()
      #expect(fired.sql == "COMMIT")
      #expect(fired.answer == "COMMIT")
      #expect(try await table.rows() == [1])
    }
  }

  @Test func aPipelineWithoutCommitIsAppliedThoughItsSyncIsNotAnswered() async throws {
    try await withSpoiltTable { table, proxy, url in
      try await proxy.dropAnswer(of: "SYNC")
      #expect(try await run(["INSERT INTO t VALUES (1)"], mode: .pipeline, at: url) == ["INSERT 0 1", "lost"])
      #expect(try await table.rows() == [1])
    }
  }

  @Test(arguments: Mode.allCases)
  func aCutBeforeCommitLosesTheTransaction(_ mode: Mode) async throws {
    try await withSpoiltTable { table, proxy, url in
      try await proxy.cut(before: "COMMIT")
      #expect(try await run(Self.insert, mode: mode, at: url)[2] == "lost")
      #expect(try await proxy.waitUntilFired().sql == "COMMIT")
      #expect(try await table.rows() == [])
      #expect(try await run(Self.insert, mode: mode, at: url)[2] == "COMMIT")
    }
  }

  @Test(arguments: [Mode.simple, .pipeline])
  func aCutAtEveryMessageLeavesAllOrNothing(_ mode: Mode) async throws {
    try await withSpoiltTable { table, proxy, url in
      var saw: [Set<String>] = []
      for count in 1...60 {
        try await proxy.cut(beforeMessage: count)
        let seen = try await run(["BEGIN", "INSERT INTO t VALUES (\(count))", "COMMIT"], mode: mode, at: url)
        let applied = try await table.rows().contains(count)
        // A client that saw the end knows that it is applied; one that lost its connection cannot know.
        if seen[2] == "COMMIT" { #expect(applied, "message \(count)") }
        saw.append(Set([seen[2], applied ? "applied" : "not applied"]))
        if try await proxy.status().fired == nil { break }
      }
      #expect(saw.first == ["lost", "not applied"])
      #expect(saw.last == ["COMMIT", "applied"])
      // The pipeline's COMMIT runs before the Sync arrives that would have brought its answer.
      #expect(saw.contains(["lost", "applied"]) == (mode == .pipeline))
    }
  }

  @Test func whatIsFrozenNeitherAnswersNorEndsUntilItIsHealed() async throws {
    try await withSpoiltTable { table, proxy, url in
      let sleeping = try await startSleeper(table, proxy, url)
      try await proxy.freeze()
      // The client gives up and closes: the server must not learn of it.
      sleeping.cancel()
      _ = try? await sleeping.value
      let answer = try await Tool.run(psql, [url + "?connect_timeout=2", "-c", "SELECT 1"])
      #expect(answer.exitCode == 2)
      #expect(answer.errors.contains("timeout expired"), "\(answer.errors)")
      #expect(try await table.sleepers() == 1)
      try await proxy.heal()
      try await eventually("the server learns of it", within: .seconds(20)) { try await table.sleepers() == 0 }
      #expect(try await run(["SELECT 1"], at: url) == ["SELECT 1"])
    }
  }

  @Test func aCutEndsAClientInTheMidstOfItsStatement() async throws {
    try await withSpoiltTable { table, proxy, url in
      let sleeping = try await startSleeper(table, proxy, url)
      try await proxy.cut()
      #expect(try await sleeping.value == ["SET", "lost"])
      #expect(try await run(["SELECT 1"], at: url) == ["SELECT 1"])
      try await proxy.refuse()
      #expect(try await run(["SELECT 1"], at: url) == ["lost"])
      try await proxy.heal()
      #expect(try await run(["SELECT 1"], at: url) == ["SELECT 1"])
    }
  }

  @Test func aCopyIsAppliedThoughItsAnswerIsDropped() async throws {
    try await withSpoiltTable { table, proxy, url in
      try await proxy.dropAnswer(of: "COPY")
      let answer = try await Tool.run(psql, [url, "-c", "COPY t FROM STDIN"], input: "1\n2\n")
      #expect(answer.exitCode != 0)
      #expect(try await proxy.waitUntilFired().answer == "COPY 2")
      #expect(try await table.rows() == [1, 2])
    }
  }

  @Test func aWrongCommandIsNamed() async throws {
    try await CuttingProxy.with(to: 1) { proxy in
      let error = await #expect(throws: HarnessError.self) { try await proxy.cut(beforeMessage: 0) }
      #expect(error.map { "\($0)" }?.contains("no such command: cut-after-client-message 0") == true)
    }
  }

  /// A client in the midst of a long statement, whose end the server looks for ten times a second.
  private func startSleeper(
    _ table: Table, _ proxy: CuttingProxy, _ url: String
  ) async throws -> Task<[String], any Error> {
    let statements = ["SET client_connection_check_interval = '100ms'", "SELECT pg_sleep(60)"]
    let task = Task { try await run(statements, at: url) }
    try await eventually("the statement runs", within: .seconds(20)) { try await table.sleepers() == 1 }
    return task
  }
}
