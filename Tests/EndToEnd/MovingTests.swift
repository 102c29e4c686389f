import AgentHarness
import Foundation
import Testing

extension EndToEnd {
  @Suite("Moving house")
  struct MovingTests {
    @Test(
      "a restore sends nothing again that went out after the backup, and all that is still to come",
      .timeLimit(.minutes(4)))
    func restore() async throws {
      try await Receiver.with(.init()) { receiver in
        try await AgentHome.with { home in
          let backup = "\(home.folder.path)/backup"
          let began = Seed.now()
          let later = began + 60_000_000
          _ = try await home.run { agent in
            try await agent.waitUntilReady()
            try await agent.control { control in
              try await Seed.webhook(control, home: home, port: receiver.port)
              // Before the backup, between it and the crash, and after the restore.
              let moments = [began + 3_000_000, began + 20_000_000, later]
              try await Seed.notifications(control, count: 60) { moments[$0 % 3] }
            }
            try await receiver.wait(for: 20)
            let answer = try await Tool.run(
              home.programs.agent, ["backup", "--config", home.configurationFile, backup])
            #expect(answer.exitCode == 0, "\(answer.errors)")
            #expect(Seed.now() < began + 20_000_000, "the backup was meant to come between")
            try await receiver.wait(for: 40)
            try agent.kill()
          }
          for name in try FileManager.default.contentsOfDirectory(atPath: "\(home.folder.path)/state")
          where name.hasPrefix("carillon.db") {
            try FileManager.default.removeItem(atPath: "\(home.folder.path)/state/\(name)")
          }
          let answer = try await Tool.run(
            home.programs.agent, ["restore", "--config", home.configurationFile, backup])
          #expect(answer.exitCode == 0, "\(answer.errors)")
          #expect(answer.output.contains("20 that may have been sent are skipped"), "\(answer.output)")
          #expect(Seed.now() < later, "the restore was meant to come before the last")
          try await home.runReady { agent in
            try await receiver.wait(for: 60, within: .seconds(90))
            try await agent.waitUntilSettled(60)
          }
          #expect(receiver.counts.count == 60 && receiver.counts.values.allSatisfy { $0 == 1 })
        }
      }
    }

    @Test("a move to PostgreSQL delivers each event once, and the old store refuses agents", .timeLimit(.minutes(4)))
    func migrate() async throws {
      let server = try await PostgresServer.shared()
      let url = try server.url(database: try await server.freshDatabase())
      try await Receiver.with(.init()) { receiver in
        try await AgentHome.with { home in
          let began = Seed.now()
          try await home.runReady { agent in
            try await agent.control { control in
              try await Seed.webhook(control, home: home, port: receiver.port)
              try await Seed.notifications(control, count: 60) { began + ($0 % 2 == 0 ? 3_000_000 : 30_000_000) }
            }
            try await receiver.wait(for: 30)
            let answer = try await Self.move(home, to: url)
            #expect(answer.exitCode == 6 && answer.errors.contains("stop that agent first"), "\(answer.errors)")
          }
          let answer = try await Self.move(home, to: url)
          #expect(answer.exitCode == 0, "\(answer.errors)")
          try await AgentHome.with(store: .postgresql(url: url)) { next in
            try await next.runReady { agent in
              try await receiver.wait(for: 60)
              try await agent.waitUntilSettled(60)
            }
          }
          #expect(receiver.counts.count == 60 && receiver.counts.values.allSatisfy { $0 == 1 })
          let refused = try await Tool.run(home.programs.agent, ["run", "--config", home.configurationFile])
          #expect(refused.exitCode != 0 && refused.errors.contains("the store was moved to another one"))
        }
      }
    }

    private static func move(_ home: AgentHome, to url: String) async throws -> Tool.Answer {
      try await Tool.run(
        home.programs.agent,
        ["migrate-store", "--config", home.configurationFile, "--from", "sqlite:\(home.store)", "--to", url])
    }
  }
}
