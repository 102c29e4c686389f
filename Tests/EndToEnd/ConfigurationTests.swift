import AgentHarness
import ControlAPI
import Testing

extension EndToEnd {
  @Suite("Configuration")
  struct ConfigurationTests {
    /// EX_CONFIG of sysexits.h.
    private static let badConfiguration: Int32 = 78

    @Test(
      "an unknown key is refused, with the nearest known one named, and nothing is started", .timeLimit(.minutes(5)))
    func unknownKey() async throws {
      try await AgentHome.with { home in
        let text = home.folder.read("agent.yaml").replacing("store:", with: "stroe:")
        let file = try home.folder.write(text, to: "misspelt.yaml")
        for command in ["run", "check-config"] {
          let answer = try await Tool.run(home.programs.agent, [command, "--config", file], limit: .seconds(20))
          #expect(answer.exitCode == Self.badConfiguration)
          #expect(answer.errors.contains("stroe.path"), "\(answer.errors)")
          #expect(answer.errors.contains("did you mean store.path?"), "\(answer.errors)")
        }
        #expect(home.folder.read("state/carillon.db").isEmpty)
      }
    }

    @Test(
      "check-config accepts what run accepts, and print-config says where each value came from", .timeLimit(.minutes(5))
    )
    func checkAndPrint() async throws {
      try await AgentHome.with { home in
        let file = home.configurationFile
        let check = try await Tool.run(home.programs.agent, ["check-config", "--config", file], limit: .seconds(20))
        #expect(check.exitCode == 0, "\(check.errors)")
        let print = try await Tool.run(
          home.programs.agent, ["print-config", "--config", file, "--set", "planner.horizon=3h"],
          environment: ["CARILLON_LOG_LEVEL": "debug"], limit: .seconds(20))
        #expect(print.exitCode == 0, "\(print.errors)")
        func line(_ key: String) -> String {
          print.output.split(separator: "\n").first { $0.hasPrefix(key + " ") }.map(String.init) ?? ""
        }
        #expect(line("store.path").contains(home.store) && line("store.path").contains("agent.yaml:"))
        #expect(line("log.level").contains("debug") && line("log.level").contains("CARILLON_LOG_LEVEL"))
        #expect(line("planner.horizon").contains("3h") && line("planner.horizon").contains("--set"))
        #expect(line("drain.timeout").contains("default"))
      }
    }

    @Test(
      "a second agent on the same store or socket is refused, and the first one goes on",
      .timeLimit(.minutes(2)), arguments: ["store", "socket"])
    func secondAgent(shared: String) async throws {
      try await AgentHome.with { home in
        try await home.runReady { agent in
          let own =
            shared == "store"
            ? ["--set", "listen.socket=\(home.folder.path)/other.sock"]
            : ["--set", "store.path=\(home.folder.path)/other.db"]
          let answer = try await Tool.run(
            home.programs.agent, ["run", "--config", home.configurationFile, "--set", "listen.ops="] + own,
            limit: .seconds(30))
          #expect(answer.exitCode != 0)
          #expect(answer.errors.contains(shared == "store" ? home.store : home.socket), "\(answer.errors)")
          if shared == "store" { #expect(answer.errors.contains("\(agent.processID)"), "\(answer.errors)") }
          #expect(await LoopbackHTTP.get("/readyz", port: home.opsPort)?.status == 200)
          #expect(try await agent.control { try await $0.agents.getStatus(.init()) }.ready)
        }
      }
    }
  }
}
