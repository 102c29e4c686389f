import AgentHarness
import Foundation
import Glibc
import Testing

@Suite struct PostgresServerTests {
  @Test func itIsAsDurableAsProductionAndItsRoleIsNoSuperuser() async throws {
    let server = try await PostgresServer.shared()
    for (setting, value) in ["fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"] {
      #expect(try await server.query("SHOW \(setting)") == value)
    }
    #expect(try await server.query("SELECT rolsuper FROM pg_roles WHERE rolname = 'carillon'") == "f")
    #expect(
      try await server.query("SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'carillon'")
        == "carillon")
  }

  @Test func aWrongPasswordIsRefused() async throws {
    let url = try await PostgresServer.shared().url().replacing(#/carillon:[^@]+@/#, with: "carillon:wrong@")
    let answer = try await Tool.run(psql, [url, "-c", "SELECT 1"])
    #expect(answer.exitCode == 2)
    #expect(answer.errors.contains("password authentication failed"))
  }

  @Test func aCrashLosesNothingThatWasCommittedAndKeepsThePort() async throws {
    try await PostgresServer.with { server in
      #expect(
        try await run(["CREATE TABLE t (i int)", "INSERT INTO t VALUES (1)"], at: server.url())
          == ["CREATE TABLE", "INSERT 0 1"])
      try await server.restart(immediate: true)
      #expect(try await run(["UPDATE t SET i = 2"], at: server.url()) == ["UPDATE 1"])
      try await server.stop(immediate: true)
      #expect(try await run(["SELECT 1"], at: server.url()) == ["lost"])
      try await server.start()
      #expect(try await server.query("SELECT i FROM t") == "2")
    }
  }

  @Test func theStandbyFollowsAndTakesNoWrites() async throws {
    let server = try await PostgresServer.shared()
    let table = Table(server: server, database: try await server.freshDatabase())
    _ = try await run(["CREATE TABLE t (i int)", "INSERT INTO t VALUES (7)"], at: table.url())
    try await eventually("the standby has the row", within: .seconds(20)) {
      try await run(["UPDATE t SET i = 8"], at: table.url(.replica)) == ["error 25006"]
    }
    #expect(try await run(["SELECT i FROM t"], at: table.url(.replica)) == ["SELECT 1"])
  }

  @Test func pgbouncerHandsTheNextTransactionToWhateverSessionIsFree() async throws {
    let server = try await PostgresServer.shared()
    #expect(try await server.query("SHOW CONFIG", on: .pgbouncer).contains("pool_mode|transaction"))
    let url = try server.url(.pgbouncer, database: try await server.freshDatabase())
    let transaction = ["BEGIN", "SELECT 1", "COMMIT"]
    #expect(try await run(transaction, mode: .extended, at: url) == transaction)
    // What a session prepares does not last: the same name is there already for the next client of that session.
    let prepare = "PREPARE mine AS SELECT 1"
    #expect(try await run([prepare], at: url) == ["PREPARE"])
    #expect(try await run([prepare], at: url) == ["error 42P05"])
  }

  @Test func aSettingThatIsGivenCounts() async throws {
    try await PostgresServer.with(.init(settings: ["max_connections": "7"])) { server in
      let value = try await server.query("SHOW max_connections")
      #expect(value == "7")
    }
  }

  @Test func aFolderThatItDidNotMakeIsLeftAlone() async throws {
    try await TemporaryFolder.with { folder in
      try folder.write("mine", to: "file")
      for verb in ["start", "stop", "remove", "restart", "status", "url"] {
        let answer = try await Tool.run(PostgresServer.script, [verb, folder.path])
        #expect(answer.exitCode == 1, "\(verb)")
        #expect(answer.errors.contains("did not make") || answer.errors.contains("not made by"), "\(answer.errors)")
      }
      #expect(folder.read("file") == "mine")
    }
  }

  @Test(arguments: [
    (["--port", "x"], "--port must be a number"),
    (["--user", "no-such-user"], "no user no-such-user"),
    (["--set", "nonsense"], "--set takes NAME=VALUE"),
    (["--set", "no_such_setting=1"], "no_such_setting"),
    (["--replicas"], "no option --replicas"),
  ])
  func whatCannotBeIsNamedAndLeavesNothing(_ arguments: [String], _ complaint: String) async throws {
    let folder = try TemporaryFolder().path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let place = "\(folder)/server"
    chmod(folder, 0o755)
    let answer = try await Tool.run(PostgresServer.script, ["start", place] + arguments)
    #expect(answer.exitCode == 1)
    #expect(answer.errors.contains(complaint), "\(answer.errors)")
    #expect(!FileManager.default.fileExists(atPath: place))
  }

  @Test func stoppingTwiceIsFineAndItEndsWithTheProcessItWasStartedFor() async throws {
    let folder = try TemporaryFolder().path
    let sleeper = Process()
    sleeper.executableURL = URL(filePath: "/usr/bin/sleep")
    sleeper.arguments = ["600"]
    try sleeper.run()
    // Foundation starts its children with signals blocked, so that only this one ends them.
    defer { kill(sleeper.processIdentifier, SIGKILL) }
    _ = try await Tool.output(PostgresServer.script, ["start", folder, "--while", "\(sleeper.processIdentifier)"])
    let pid = try #require(
      FileManager.default.contents(atPath: "\(folder)/primary/postmaster.pid")
        .flatMap { String(decoding: $0, as: UTF8.self).split(separator: "\n").first }.flatMap { Int32($0) })
    #expect(FileManager.default.fileExists(atPath: folder))
    kill(sleeper.processIdentifier, SIGKILL)
    try await eventually("its folder is gone", within: .seconds(60)) { !FileManager.default.fileExists(atPath: folder) }
    #expect(!isPostgres(pid))
    for _ in 1...2 {
      #expect(try await Tool.run(PostgresServer.script, ["stop", folder]).exitCode == 0)
    }
  }

  private func isPostgres(_ process: Int32) -> Bool {
    FileManager.default.contents(atPath: "/proc/\(process)/cmdline").map {
      String(decoding: $0, as: UTF8.self).contains("postgres")
    } ?? false
  }
}
