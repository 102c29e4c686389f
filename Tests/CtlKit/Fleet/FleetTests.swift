import ControlAPI
import Foundation
import SwiftProtobuf
import Testing

@testable import CtlKit

@Suite("Fleets")
struct FleetTests {
  private struct Dead {
    static let address = "unix:/tmp/ctl-no-such-agent.sock"
  }

  /// Two agents that answer, and a context with them and one that does not.
  private func withFleet(
    dead: String? = Dead.address, _ body: (FakeAgent, FakeAgent, CtlRunner) async throws -> Void
  ) async throws {
    let home = FileManager.default.temporaryDirectory.appending(path: "ctl-home-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: home) }
    try await FakeAgent.serve { north, first in
      try await FakeAgent.serve { south, second in
        for (agent, name) in [(north, "north"), (south, "south")] {
          agent.with { state in
            state.status.agent.name = "agents/\(name)"
            state.status.ready = true
            state.plugins = [.with { $0.name = "plugins/of-\(name)" }]
            state.queues["queues/low"] = .with { $0.name = "queues/low" }
          }
        }
        let (one, two) = (try #require(first.socket), try #require(second.socket))
        var ctl = CtlRunner()
        ctl.environment["XDG_CONFIG_HOME"] = home.path
        var arguments = ["context", "set", "fleet", "--agent", "north=unix:\(one)", "--agent", "south=unix:\(two)"]
        if let dead { arguments += ["--agent", "west=\(dead)"] }
        #expect(try await ctl.run(arguments).status == 0)
        try await body(north, south, ctl)
      }
    }
  }

  @Test("a command about agents goes to all: rows carry the agent, and who failed is told with exit 8")
  func partial() async throws {
    try await withFleet { _, _, ctl in
      let status = try await ctl("agent", "status")
      #expect(status.status == 8)
      #expect(status.lines.map { $0.prefix { $0 != " " } } == ["AGENT", "north", "south"])
      #expect(status.errors.contains("error: west: no agent listens at"))
      #expect(status.errors.contains("1 of 3 agents failed"))
      let plugins = try await ctl("plugin", "list", "-o", "json")
      #expect(plugins.status == 8)
      guard case .array(let rows) = try JSONValue(parsing: plugins.output.utf8) else {
        Issue.record("no array")
        return
      }
      #expect(rows.map { $0["fleetAgent"]?.text } == ["north", "south"])
      #expect(rows.map { $0["name"]?.text } == ["plugins/of-north", "plugins/of-south"])
      let errors = plugins.errors.split(separator: "\n").compactMap { try? JSONValue(parsing: $0.utf8) }
      #expect(errors.first?["error"]?["agent"]?.text == "west")
      #expect(errors.last?["error"]?["code"]?.text == "partial")
    }
  }

  @Test("what is done with a plugin is done at all agents, which it asks first, or at the one of --agent")
  func plugins() async throws {
    try await withFleet(dead: nil) { north, south, ctl in
      let asked = try await ctl("plugin", "load", "ring.so", input: "n\n", isTerminal: true)
      #expect(asked.status == 1 && asked.errors.contains("Load ring.so at all 2 agents (north, south)?"))
      #expect(north.requests(Carillon_V1_LoadPluginRequest.self).isEmpty)
      let loaded = try await ctl("plugin", "load", "ring.so", "--yes")
      #expect(loaded.status == 0, "\(loaded.errors)")
      let rows = loaded.lines.dropFirst().map { $0.split(separator: " ").prefix(2).joined(separator: " ") }
      #expect(rows == ["north ring", "south ring"])
      north.with { $0.trials = [FakePlugins.trial(.passed)] }
      south.with { $0.trials = [FakePlugins.trial(.rolledBack)] }
      let reloaded = try await ctl("plugin", "reload", "ring", "--wait", "--yes")
      #expect(reloaded.status == 8 && reloaded.errors.contains("south: version 2.0.0 was rolled back"))
      #expect(try await ctl("plugin", "rollback", "ring", "--agent", "north").status == 0)
      #expect(north.requests(Carillon_V1_RollBackPluginRequest.self).count == 1)
      #expect(south.requests(Carillon_V1_RollBackPluginRequest.self).isEmpty)
    }
  }

  @Test("--agent takes one of them, and then it is as without a fleet")
  func one() async throws {
    try await withFleet { north, south, ctl in
      let status = try await ctl("agent", "status", "--agent", "south", "-o", "json")
      #expect(status.status == 0, "\(status.errors)")
      #expect(try JSONValue(parsing: status.output.utf8)["agent"]?["name"]?.text == "agents/south")
      #expect(north.requests(Carillon_V1_GetStatusRequest.self).isEmpty)
      #expect(south.requests(Carillon_V1_GetStatusRequest.self).count == 1)
      let wrong = try await ctl("agent", "status", "--agent", "suth")
      #expect(wrong.status == 64)
      #expect(wrong.errors.contains("did you mean \"south\"?"))
      #expect(try await ctl("agent", "status", "--agent", "west").status == 3)
    }
  }

  @Test("a command about the store goes to the first that answers, be the others dead")
  func first() async throws {
    try await withFleet(dead: nil) { north, south, ctl in
      #expect(try await ctl("user", "list").status == 0)
      #expect(north.requests(Carillon_V1_ListUsersRequest.self).count == 1)
      #expect(south.requests(Carillon_V1_ListUsersRequest.self).isEmpty)
      var changed = ctl
      changed.environment["CARILLON_CONTEXT"] = "mended"
      let socket = try #require(try await ctl("context", "get", "-o", "json").output.firstMatch(of: /unix:[^"]*/))
        .output
      _ = try await ctl("context", "set", "mended", "--agent", "dead=\(Dead.address)", "--agent", "north=\(socket)")
      let result = try await changed("user", "list")
      #expect(result.status == 0, "\(result.errors)")
      #expect(north.requests(Carillon_V1_ListUsersRequest.self).count == 2)
    }
  }

  @Test("when nobody answers, the exit status is 3, and each one's reason is told")
  func nobody() async throws {
    let home = FileManager.default.temporaryDirectory.appending(path: "ctl-home-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: home) }
    var ctl = CtlRunner()
    ctl.environment["XDG_CONFIG_HOME"] = home.path
    _ = try await ctl("context", "set", "x", "--agent", "a=\(Dead.address)", "--agent", "b=127.0.0.1:1")
    let store = try await ctl("user", "list")
    #expect(store.status == 3)
    #expect(store.errors.contains("  a: ") && store.errors.contains("  b: "), "\(store.errors)")
    let agents = try await ctl("agent", "status")
    #expect(agents.status == 3)
    #expect(agents.errors.contains("all 2 agents failed"))
  }

  @Test("an agent that accepts and says nothing holds nobody up for long")
  func hanging() async throws {
    let silent = try SilentSocket()
    try await withFleet(dead: "unix:\(silent.path)") { north, _, ctl in
      let status = try await ctl("agent", "status", "--timeout", "1s")
      #expect(status.status == 8, "\(status.errors)")
      #expect(status.lines.count == 3)
      let socket = try #require(try await ctl("context", "get", "-o", "json").output.firstMatch(of: /unix:[^"]*/))
        .output
      _ = try await ctl(
        "context", "set", "slow", "--use", "--agent", "dead=unix:\(silent.path)", "--agent", "n=\(socket)")
      let listed = try await ctl("user", "list")
      #expect(listed.status == 0)
      #expect(north.requests(Carillon_V1_ListUsersRequest.self).count == 1)
      let alone = try await ctl("user", "list", "--socket", silent.path, "--timeout", "500ms")
      #expect(alone.status == 7, "\(alone.errors)")
      #expect(status.elapsed + listed.elapsed + alone.elapsed < .seconds(20))
    }
  }

  @Test("draining a whole fleet is asked about; one agent is not")
  func drain() async throws {
    try await withFleet(dead: nil) { north, south, ctl async throws in
      #expect(try await ctl("agent", "drain").status == 64)
      #expect(try await ctl("agent", "drain", input: "n\n", isTerminal: true).status == 1)
      #expect(north.requests(Carillon_V1_DrainAgentRequest.self).isEmpty)
      #expect(try await ctl("agent", "drain", "--agent", "north").status == 0)
      #expect(south.requests(Carillon_V1_DrainAgentRequest.self).isEmpty)
      #expect(try await ctl("agent", "drain", "--yes").lines.count == 3)
      #expect(try await ctl("queue", "drain", "low").lines.count == 3)
      #expect(south.requests(Carillon_V1_DrainQueueRequest.self).count == 1)
      #expect(try await ctl("agent", "resume").status == 0)
    }
  }

  @Test("logs of all agents come with their agent, and doctor's findings too")
  func logs() async throws {
    try await withFleet(dead: nil) { north, south, ctl in
      for (agent, text) in [(north, "one"), (south, "two")] {
        agent.with { state in
          state.logs = [
            .with { $0.cursor = "heartbeat" },
            .with {
              $0.lines = [
                .with {
                  $0.time = .init(seconds: 1_780_000_000)
                  $0.level = "warning"
                  $0.message = text
                  $0.fields = ["sink": "partner a", "event": "e1"]
                }
              ]
            },
          ]
          state.findings = [
            .with {
              $0.severity = .ok
              $0.check = "ready"
            }
          ]
        }
      }
      let logs = try await ctl("agent", "logs", "--since", "1h", "--level", "warning", "--grep", "partner")
      #expect(logs.status == 0, "\(logs.errors)")
      #expect(
        Set(logs.lines) == [
          "2026-05-28T20:26:40.000Z north warning one event=e1 sink=\"partner a\"",
          "2026-05-28T20:26:40.000Z south warning two event=e1 sink=\"partner a\"",
        ])
      let request = try #require(north.requests(Carillon_V1_ReadLogsRequest.self).first)
      #expect(request.leastLevel == "warning")
      #expect(request.contains == "partner")
      #expect(request.since.seconds == 1_780_000_000 - 3_600)
      let jsonl = try await ctl("agent", "logs", "--agent", "north", "-o", "jsonl")
      #expect(try JSONValue(parsing: jsonl.output.utf8)["message"]?.text == "one")
      let doctor = try await ctl("doctor")
      #expect(doctor.lines.map { String($0.prefix { $0 != " " }) } == ["AGENT", "north", "south"])
    }
  }

  @Test("a reload says what counts now and what after a restart")
  func reload() async throws {
    try await FakeAgent.serve { agent, ctl in
      agent.with {
        $0.reload.changed = ["log.level", "listen.tls"]
        $0.reload.needsRestart = ["listen.tls"]
      }
      let result = try await ctl("agent", "reload", "--dry-run")
      #expect(result.lines == ["SETTING     WOULD COUNT", "log.level   now", "listen.tls  after a restart"])
      #expect(agent.requests(Carillon_V1_ReloadConfigurationRequest.self).first?.validateOnly == true)
      agent.with { $0.failure = FakeAgent.invalid("log.level", "is none of …") }
      #expect(try await ctl("agent", "reload").status == 64)
    }
  }
}
