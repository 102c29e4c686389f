import AgentHarness
import ControlAPI
import Foundation
import SwiftProtobuf
import Testing

extension EndToEnd {
  @Suite("Reload")
  struct ReloadTests {
    @Test(
      "a sink's secret that was rotated counts after SIGHUP, and no event is lost or doubled", .timeLimit(.minutes(2)))
    func rotation() async throws {
      try await Receiver.with { receiver in
        try await AgentHome.with { home in
          let file = try Self.secret(home, "first-token")
          try await home.runReady { agent in
            try await agent.control { control in
              try await Self.sink(control, port: receiver.port, token: "file:\(file)")
              try await Seed.notifications(control, count: 50) { _ in Self.soon() }
              try await receiver.wait(for: 50)
              _ = try Self.secret(home, "second-token")
              try await Self.hangUp(home, agent)
              #expect(home.log.contains("namespaces/default/sinks/receiver"))
              try await Seed.notifications(control, first: 50, count: 50) { _ in Self.soon() }
              try await receiver.wait(for: 100)
            }
          }
          let tokens = receiver.arrivals.map { $0.headers["authorization"] ?? "" }
          #expect(tokens.count == 100 && receiver.counts.values.allSatisfy { $0 == 1 })
          #expect(tokens.count { $0 == "Bearer first-token" } == 50)
          #expect(tokens.count { $0 == "Bearer second-token" } == 50)
        }
      }
    }

    @Test("a secret that is gone keeps the old configuration, and everything in it, going", .timeLimit(.minutes(2)))
    func lost() async throws {
      try await Receiver.with { receiver in
        try await AgentHome.with { home in
          let file = try Self.secret(home, "first-token")
          try await home.runReady { agent in
            try await agent.control { control in
              try await Self.sink(control, port: receiver.port, token: "file:\(file)")
              try await Seed.notifications(control, count: 1) { _ in Self.soon() }
              try await receiver.wait(for: 1)
              try FileManager.default.removeItem(atPath: file)
              try home.folder.write(
                home.folder.read("agent.yaml").replacing("log:\n", with: "log:\n  level: debug\n"), to: "agent.yaml")
              let answer = try await home.ctl(["agent", "reload"])
              #expect(
                answer.exitCode != 0 && answer.errors.contains("namespaces/default/sinks/receiver"), "\(answer.errors)")
              #expect(!home.log.contains("level=debug"))
              try await Seed.notifications(control, first: 1, count: 1) { _ in Self.soon() }
              try await receiver.wait(for: 2)
            }
          }
        }
      }
    }

    @Test("what takes a restart is named, and the rest counts at once", .timeLimit(.minutes(5)))
    func restart() async throws {
      try await AgentHome.with { home in
        try await home.runReady { agent in
          let text = home.folder.read("agent.yaml").replacing(
            "log:\n", with: "planner:\n  horizon: 3h\nlog:\n  level: debug\n")
          try home.folder.write(text, to: "agent.yaml")
          let trial = try await agent.control {
            try await $0.agents.reloadConfiguration(.with { $0.validateOnly = true })
          }
          #expect(trial.changed == ["log.level", "planner.horizon"] && trial.needsRestart == ["planner.horizon"])
          #expect(!home.log.contains("level=debug"))
          let done = try await agent.control { try await $0.agents.reloadConfiguration(.init()) }
          #expect(done == trial)
          // A call that only reads is told at this level alone.
          _ = try await home.ctl(["queue", "list"])
          try await eventually("debug lines", within: .seconds(10)) { home.log.contains("level=debug") }
          try home.folder.write(text.replacing("debug", with: "loud"), to: "agent.yaml")
          let refused = try await home.ctl(["agent", "reload"])
          #expect(refused.exitCode != 0 && refused.errors.contains("log.level must be one of"), "\(refused.errors)")
        }
      }
    }

    /// A notification's moment must lie after its schedule was made.
    private static func soon() -> Int64 { Seed.now() + 2_000_000 }

    private static func secret(_ home: AgentHome, _ text: String) throws -> String {
      let file = try home.folder.write(text + "\n", to: "token")
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
      return file
    }

    private static func sink(_ control: Control, port: Int, token: String) async throws {
      _ = try await control.sinks.createSink(
        .with {
          $0.parent = Control.namespace
          $0.sinkID = "receiver"
          $0.sink = .with {
            $0.plugin = "webhook"
            $0.configuration = Seed.webhookConfiguration(port: port, secret: "")
            $0.configuration.fields["secret"] = nil
            $0.configuration.fields["auth"] = .with {
              $0.structValue = .with {
                $0.fields["type"] = .with { $0.stringValue = "bearer" }
                $0.fields["token"] = .with { $0.stringValue = token }
              }
            }
          }
        })
      try await Seed.subscribe(control, sink: "receiver")
    }

    private static func hangUp(_ home: AgentHome, _ agent: AgentRun) async throws {
      try #require(kill(agent.processID, SIGHUP) == 0)
      try await eventually("the reload is told", within: .seconds(20)) { home.log.contains("configuration reloaded") }
    }
  }
}
