import AgentHarness
import Foundation
import Testing

extension EndToEnd {
  @Suite("Plugins of a running agent")
  struct PluginTests {
    /// What `ctl plugin get -o json` says.
    private struct Shown: Decodable {
      struct Statistics: Decodable {
        var calls: String?
      }

      var state: String
      var problem: String?
      var disabledBy: String?
      var etag: String
      var statistics: Statistics?
    }

    private static func get(_ home: AgentHome) async throws -> Shown {
      let answer = try await home.ctl(["plugin", "get", "birthday", "-o", "json"])
      #expect(answer.exitCode == 0, "\(answer.errors)")
      return try JSONDecoder().decode(Shown.self, from: Data(answer.output.utf8))
    }

    @Test("a disabled plugin stays so when the agent starts anew, until it is enabled", .timeLimit(.minutes(3)))
    func lasting() async throws {
      try await AgentHome.with { home in
        try await home.runReady { _ in
          let first = try await Self.get(home)
          #expect(first.state == "STATE_LOADED" && Int(first.statistics?.calls ?? "") ?? 0 > 0)
          let trial = try await home.ctl(["plugin", "disable", "birthday", "--dry-run"])
          #expect(trial.exitCode == 0 && trial.output.contains("disabled"), "\(trial.errors)")
          #expect(try await Self.get(home).state == "STATE_LOADED")
          let disable = [
            "plugin", "disable", "birthday", "--reason", "it rings twice", "--etag", first.etag, "--request-id", "k-1",
          ]
          for _ in 1...2 {
            let off = try await home.ctl(disable)
            #expect(off.exitCode == 0 && !off.errors.contains("until the agent ends"), "\(off.errors)")
          }
          let late = try await home.ctl(["plugin", "enable", "birthday", "--etag", first.etag])
          #expect(late.exitCode == 6, "\(late.errors)")
        }
        try await home.runReady { _ in
          let off = try await Self.get(home)
          #expect(off.state == "STATE_DISABLED" && off.problem == "it rings twice")
          #expect(off.disabledBy == "DISABLED_BY_CALL")
          let lines = try await home.ctl([
            "plugin", "logs", "birthday", "--follow", "--count", "1", "-o", "name",
          ])
          #expect(lines.exitCode == 0 && !lines.output.isEmpty, "\(lines.errors)")
          #expect(try await home.ctl(["plugin", "enable", "birthday"]).exitCode == 0)
        }
        try await home.runReady { _ in
          let last = try await Self.get(home)
          #expect(last.state == "STATE_LOADED")
        }
      }
    }
  }
}
