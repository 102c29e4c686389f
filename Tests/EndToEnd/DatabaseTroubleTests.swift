import AgentHarness
import ControlAPI
import Testing

extension EndToEnd {
  /// A real PostgreSQL that cannot be used, and what the agent makes of it: one sentence that a person can act on, and never
  /// the password.
  @Suite("A database that cannot be used")
  struct DatabaseTroubleTests {
    /// What is wrong, how it is brought about, and what must be said.
    struct Trouble: Sendable, CustomTestStringConvertible {
      var testDescription: String
      /// Which server is named.
      var member = PostgresServer.Member.primary
      /// Makes the URL of a fresh database wrong.
      var spoil: @Sendable (String) -> String = { $0 }
      var said: [String]
    }

    static let secret = "planted-4711-secret"

    /// All of it may end without the agent: a password is changed, a database restored, a standby made the primary.
    static let troubles = [
      Trouble(
        testDescription: "a wrong password",
        spoil: { url in
          let rest = url.split(separator: "@").last.map(String.init) ?? ""
          return "postgresql://carillon:\(secret)@\(rest)"
        },
        said: ["password"]),
      Trouble(
        testDescription: "a database that does not exist", spoil: { $0 + "_lost" }, said: ["_lost", "does not exist"]),
      Trouble(testDescription: "a standby", member: .replica, said: ["standby"]),
    ]

    @Test("it waits, alive and not ready, and says why", .timeLimit(.minutes(2)), arguments: troubles)
    func waits(_ trouble: Trouble) async throws {
      let server = try await PostgresServer.shared()
      let url = trouble.spoil(try server.url(trouble.member, database: try await server.freshDatabase()))
      try await AgentHome.with(store: .postgresql(url: url)) { home in
        let (_, exitCode) = try await home.run { agent in
          let body = try await Self.notReady(home, saying: trouble.said[0])
          for word in trouble.said { #expect(body.contains(word), "\(body)") }
          #expect(!(body + home.log).contains(Self.secret))
          #expect(await LoopbackHTTP.get("/livez", port: home.opsPort)?.status == 200)
        }
        #expect(exitCode == 0, "asked to stop while it waits")
      }
    }

    @Test("a missing right ends it, with the right named", .timeLimit(.minutes(2)))
    func lacksARight() async throws {
      let server = try await PostgresServer.shared()
      let database = try await server.freshDatabase()
      for sql in [
        "ALTER DATABASE \(database) OWNER TO postgres", "REVOKE ALL ON SCHEMA public FROM PUBLIC, carillon",
        "GRANT USAGE ON SCHEMA public TO carillon",
      ] { _ = try await server.query(sql, database: database) }
      try await AgentHome.with(store: .postgresql(url: try server.url(database: database))) { home in
        let answer = try await Tool.run(
          home.programs.agent, ["run", "--config", home.configurationFile], limit: .seconds(60))
        #expect(answer.exitCode == 69, "EX_UNAVAILABLE of sysexits.h")
        #expect(answer.errors.contains("permission denied for schema public"), "\(answer.errors)")
      }
    }

    @Test("a server that is not there yet is waited for: alive, not ready, and it says why", .timeLimit(.minutes(3)))
    func startsLater() async throws {
      try await PostgresServer.with { server in
        let url = try server.url()
        try await server.stop()
        try await AgentHome.with(store: .postgresql(url: url)) { home in
          _ = try await home.run { agent in
            let body = try await Self.notReady(home)
            #expect(body.contains("store"), "\(body)")
            #expect(body.contains("refused"), "\(body)")
            try await server.start()
            try await agent.waitUntilReady(within: .seconds(60))
          }
        }
      }
    }

    /// What `/readyz` says when it is not.
    private static func notReady(_ home: AgentHome, saying words: String = "") async throws -> String {
      try await eventually("it says that it is not ready \(words)", within: .seconds(60)) {
        guard let answer = await LoopbackHTTP.get("/readyz", port: home.opsPort), answer.status == 503 else {
          return nil
        }
        return words.isEmpty || answer.body.contains(words) ? answer.body : nil
      }
    }
  }
}
