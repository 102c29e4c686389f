import ArgumentParser
import ControlAPI
import Foundation
import GRPCCore
import GRPCProtobuf
import SwiftProtobuf
import Testing

@testable import CtlKit

@Suite("Commands against a server")
struct CommandTests {
  @Test("a user is created, shown, changed by field mask and deleted")
  func userLife() async throws {
    try await FakeAgent.serve { agent, ctl in
      let created = try await ctl(
        "user", "create", "ada", "--display-name", "Ada", "--birth", "--12-10", "--zone", "Europe/London", "--email",
        "ada@example.org", "--attribute", "team=blue")
      #expect(created.status == 0, "\(created.errors)")
      #expect(created.lines.count == 2)
      let stored = agent.with { $0.users["namespaces/default/users/ada"] }
      #expect(stored?.dates == ["birth": "--12-10"])
      #expect(stored?.addresses == ["email": "ada@example.org"])
      #expect(stored?.attributes == ["team": "blue"])

      let updated = try await ctl("user", "update", "ada", "--zone", "Europe/Paris", "--birth", "1815-12-10")
      #expect(updated.status == 0, "\(updated.errors)")
      let request = try #require(agent.requests(Carillon_V1_UpdateUserRequest.self).first)
      #expect(request.updateMask.paths == ["time_zone", "dates.birth"])

      let shown = try await ctl("user", "get", "namespaces/default/users/ada", "-o", "json")
      let document = try JSONValue(parsing: shown.output.utf8)
      #expect(document["timeZone"]?.text == "Europe/Paris")
      #expect(document["dates"]?["birth"]?.text == "1815-12-10")

      #expect(try await ctl("user", "delete", "ada").output == "user ada deleted\n")
      #expect(try await ctl("user", "get", "ada").status == 5)
    }
  }

  @Test("a list follows its pages, to its end or to the limit")
  func paging() async throws {
    try await FakeAgent.serve { agent, ctl in
      agent.with { state in
        for number in 0..<10 {
          let name = "namespaces/default/users/u\(number)"
          state.users[name] = .with { $0.name = name }
        }
      }
      #expect(try await ctl("user", "list", "-o", "name").lines.count == 10)
      #expect(try await ctl("user", "list", "-o", "name", "--limit", "4").lines.count == 4)
      let last = try #require(agent.requests(Carillon_V1_ListUsersRequest.self).last)
      #expect(last.pageSize == 1)
      let json = try await ctl("user", "list", "-o", "json")
      guard case .array(let items) = try JSONValue(parsing: json.output.utf8) else {
        Issue.record("no array")
        return
      }
      #expect(items.count == 10)
      #expect(try await ctl("user", "list", "-o", "jsonl", "--limit", "2").lines.count == 2)
      #expect(try await ctl("user", "list", "-o", "yaml", "--limit", "2").output.contains("---\n"))
      #expect(try await ctl("user", "list", "-n", "empty", "-o", "json").output == "[]\n")
      #expect(try await ctl("user", "list", "-n", "empty").output == "")
    }
  }

  @Test("the namespace comes from the flag, then the environment, then is default")
  func namespaces() async throws {
    try await FakeAgent.serve { agent, ctl in
      var named = ctl
      named.environment["CARILLON_NAMESPACE"] = "staging"
      _ = try await ctl("user", "list")
      _ = try await named("user", "list")
      _ = try await named("user", "list", "--namespace", "test")
      let parents = agent.requests(Carillon_V1_ListUsersRequest.self).map(\.parent)
      #expect(parents == ["namespaces/default", "namespaces/staging", "namespaces/test"])
    }
  }

  @Test(
    "an RPC error gives message, fields, hint and exit status",
    arguments: [
      (RPCError.Code.invalidArgument, Int32(64)), (.notFound, 5), (.alreadyExists, 6), (.aborted, 6),
      (.failedPrecondition, 6), (.permissionDenied, 4), (.unauthenticated, 4), (.unavailable, 3),
      (.deadlineExceeded, 7), (.unimplemented, 1), (.internalError, 1), (.resourceExhausted, 1),
    ])
  func errors(code: RPCError.Code, status: Int32) async throws {
    try await FakeAgent.serve { agent, ctl in
      agent.with { $0.failure = GoogleRPCStatus(code: code, message: "told by the agent", details: []) }
      let result = try await ctl("agent", "status")
      #expect(result.status == status)
      #expect(result.output == "")
      #expect(result.errors.hasPrefix("error: "))
    }
  }

  @Test("field violations are named, on a terminal and as JSON")
  func fieldViolations() async throws {
    try await FakeAgent.serve { agent, ctl in
      agent.with { $0.failure = FakeAgent.invalid("user.time_zone", "no zone called Mars") }
      let plain = try await ctl("user", "create", "x", "--zone", "Mars")
      #expect(plain.errors.contains("user.time_zone: no zone called Mars"))
      agent.with { $0.failure = FakeAgent.invalid("user.time_zone", "no zone called Mars") }
      let json = try await ctl("user", "create", "x", "--zone", "Mars", "-o", "json")
      let error = try #require(try JSONValue(parsing: json.errors.utf8)["error"])
      #expect(error["code"]?.text == "invalid-argument")
      #expect(error["reason"]?.text == "INVALID_FIELD")
      let missing = try await ctl("user", "get", "nobody")
      #expect(missing.errors.contains("ctl user list --namespace default"))
    }
  }

  @Test("without an agent the exit status is 3, at once and with a hint")
  func unreachable() async throws {
    let result = try await CtlRunner(socket: "/tmp/no-such-agent.sock")("user", "list")
    #expect(result.status == 3)
    #expect(result.errors.contains("--socket"))
  }

  @Test("a socket that nobody listens on is unreachable too")
  func deadSocket() async throws {
    let path = "/tmp/ctl-dead-\(UUID().uuidString.prefix(8)).sock"
    #expect(FileManager.default.createFile(atPath: path, contents: nil))
    defer { try? FileManager.default.removeItem(atPath: path) }
    let result = try await CtlRunner(socket: path)("user", "list", "--timeout", "5s")
    #expect(result.status == 3, "\(result.errors)")
  }

  @Test(
    "a wrong command line exits with 64 and writes nothing to standard output",
    arguments: [
      ["usr"], ["user"] + ["frob"], ["user", "get"], ["user", "list", "--limit", "0"], ["user", "list", "-o", "pdf"],
      ["user", "update", "ada"], ["user", "get", "a/b"], ["event", "move", "e"], ["import", "x.vcf", "--at", "9"],
      ["import", "/no/such/file.vcf"], ["queue", "update", "low", "--rate", "0"], ["event", "list", "--state", "done"],
      ["user", "list", "--tz", "Mars/Olympus"], ["user", "list", "--timeout", "soon"],
      ["event", "notify", "--title", "x", "--at", "tomorrow"],
      ["sink", "create", "x", "--plugin", "p", "--config", "["],
    ])
  func usage(arguments: [String]) async throws {
    try await FakeAgent.serve { _, ctl in
      let result = try await ctl.run(arguments)
      #expect(result.status == 64, "\(result)")
      #expect(result.output == "")
      #expect(!result.errors.isEmpty)
    }
  }

  @Test("every command has help with an example, and help exits with 0")
  func help() async throws {
    let ctl = CtlRunner(socket: "/nowhere")
    func check(_ command: any ParsableCommand.Type, _ path: [String]) async throws {
      let configuration = command.configuration
      for child in configuration.subcommands {
        try await check(child, path + [child.configuration.commandName ?? ""])
      }
      let result = try await ctl.run(path + ["--help"])
      #expect(result.status == 0)
      if configuration.subcommands.isEmpty {
        #expect(result.output.contains("Example"), "ctl \(path.joined(separator: " "))")
      }
    }
    try await check(Ctl.self, [])
    let tasks = try await ctl.run([])
    #expect(tasks.status == 0)
    #expect(tasks.output.contains("Common tasks"))
  }

  @Test("a notification carries title, text, time and a key")
  func notify() async throws {
    try await FakeAgent.serve { agent, ctl in
      let first = try await ctl(
        "event", "notify", "--title", "Stand-up", "--text", "Now", "--user", "ada", "--at",
        "2026-06-01T09:00:00.5+02:00", "--id", "key-1", "--queue", "high")
      #expect(first.status == 0, "\(first.errors)")
      let request = try #require(agent.requests(Carillon_V1_CreateEventRequest.self).first)
      #expect(request.definition.fields["title"]?.stringValue == "Stand-up")
      #expect(request.user == "namespaces/default/users/ada")
      #expect(request.queue == "queues/high")
      #expect(request.requestID == "key-1")
      #expect(request.dueTime.seconds == 1_780_297_200)
      #expect(request.dueTime.nanos == 500_000_000)

      _ = try await ctl("event", "create", "--type", "notification", "--set", "title=Hi", "--at", "+10m")
      let second = try #require(agent.requests(Carillon_V1_CreateEventRequest.self).last)
      #expect(second.dueTime.seconds == 1_780_000_600)
      #expect(second.requestID.hasPrefix("ctl-"))
      _ = try await ctl("event", "notify", "--title", "now")
      #expect(agent.requests(Carillon_V1_CreateEventRequest.self).last?.hasDueTime == false)
    }
  }

  @Test("wait ends when the state is there, settles elsewhere, or time is over")
  func waiting() async throws {
    try await FakeAgent.serve { agent, ctl in
      let name = "namespaces/default/events/e1"
      agent.with { state in
        state.events[name] = .with { $0.name = name }
        state.eventStates = [.pending, .processing, .completed]
      }
      #expect(try await ctl("event", "wait", "e1").status == 0)
      agent.with { $0.eventStates = [.pending, .failed] }
      let failed = try await ctl("event", "wait", "e1", "--for", "completed")
      #expect(failed.status == 1)
      #expect(failed.errors.contains("ctl event explain e1"))
      agent.with { $0.eventStates = [.pending] }
      #expect(try await ctl("event", "wait", "e1", "--within", "0s").status == 7)
    }
  }

  @Test("events are listed by state and time, cancelled, moved and watched")
  func events() async throws {
    try await FakeAgent.serve { agent, ctl in
      let name = "namespaces/default/events/e1"
      agent.with { state in
        state.events[name] = .with { $0.name = name }
        state.receipts = [
          .with { $0.cursor = "heartbeat" },
          .with {
            $0.cursor = "c1"
            $0.receipts = [
              .with {
                $0.event = name
                $0.outcome = "delivered"
              }
            ]
          },
        ]
      }
      _ = try await ctl("event", "list", "--state", "failed,expired", "--from", "-24h", "--user", "ada")
      let list = try #require(agent.requests(Carillon_V1_ListEventsRequest.self).first)
      #expect(list.states == [.failed, .expired])
      #expect(list.dueFrom.seconds == 1_780_000_000 - 86_400)
      #expect(try await ctl("event", "cancel", "e1", "--reason", "moved").output.contains("cancelled"))
      #expect(agent.requests(Carillon_V1_CancelEventRequest.self).first?.reason == "moved")
      #expect(try await ctl("event", "move", "e1", "--queue", "high", "--at", "+1h").status == 0)
      #expect(agent.requests(Carillon_V1_MoveEventRequest.self).first?.queue == "queues/high")
      let watched = try await ctl("event", "watch", "--cursor", "oldest", "-o", "jsonl")
      #expect(watched.lines.count == 1)
      #expect(try JSONValue(parsing: watched.output.utf8)["cursor"]?.text == "c1")
    }
  }

  @Test("queues are paused, resumed and changed; a retry policy keeps what is not given")
  func queues() async throws {
    try await FakeAgent.serve { agent, ctl in
      agent.with { state in
        state.queues["queues/low"] = .with {
          $0.name = "queues/low"
          $0.etag = "q1"
          $0.retry.attempts = 5
          $0.retry.base = .init(seconds: 2)
        }
      }
      #expect(try await ctl("queue", "pause", "low").output.contains("paused"))
      #expect(try await ctl("queue", "resume", "queues/low").output.contains("running"))
      #expect(try await ctl("queue", "update", "low", "--attempts", "7", "--weight", "3").status == 0)
      let request = try #require(agent.requests(Carillon_V1_UpdateQueueRequest.self).first)
      #expect(request.updateMask.paths == ["weight", "retry.attempts"])
      #expect(request.queue.retry.attempts == 7)
      #expect(agent.with { $0.queues["queues/low"]?.retry.base.seconds } == 2)
      _ = try await ctl("queue", "create", "bulk", "--rate", "2.5", "--expires-after", "7d", "--allowed-sink", "hook")
      let bulk = try #require(agent.with { $0.queues["queues/bulk"] })
      #expect(bulk.ratePerSecond == 2.5)
      #expect(bulk.expiresAfter.seconds == 604_800)
      #expect(bulk.allowedSinks == ["namespaces/default/sinks/hook"])
      #expect(try await ctl("queue", "delete", "bulk", "--move-to", "low", "-o", "name").output == "queues/bulk\n")
      #expect(agent.requests(Carillon_V1_DeleteQueueRequest.self).first?.moveTo == "queues/low")
    }
  }

  @Test("sinks and subscriptions are made and changed; a stale etag is a conflict")
  func sinks() async throws {
    try await FakeAgent.serve { agent, ctl in
      let created = try await ctl(
        "sink", "create", "hook", "--plugin", "webhook", "--set", "url=https://example.org/x", "--on-unknown", "park")
      #expect(created.status == 0, "\(created.errors)")
      let stored = try #require(agent.with { $0.sinks["namespaces/default/sinks/hook"] })
      #expect(stored.configuration.fields["url"]?.stringValue == "https://example.org/x")
      #expect(stored.onUnknown == .park)
      #expect(try await ctl("sink", "update", "hook", "--disable", "broken").output.contains("disabled: broken"))
      #expect(try await ctl("sink", "update", "hook", "--enable").output.contains("in use"))
      #expect(try await ctl("sink", "update", "hook", "--max-in-flight", "9", "--etag", "old").status == 6)
      let subscribed = try await ctl(
        "subscription", "create", "s", "--type", "*", "--sink", "hook", "--filter", "attributes.team=blue")
      #expect(subscribed.status == 0, "\(subscribed.errors)")
      #expect(try await ctl("subscription", "update", "s", "--no-filter").status == 0)
      #expect(agent.with { $0.subscriptions["namespaces/default/subscriptions/s"]?.filter } == [:])
    }
  }

  @Test("agent status, drain and ledger judge by exit status")
  func agents() async throws {
    try await FakeAgent.serve { agent, ctl in
      agent.with { state in
        state.status.agent.name = "agents/one"
        state.status.ready = true
        state.status.uptime = .init(seconds: 3_700)
        state.status.queues = [.with { $0.queue = "queues/critical" }]
        state.plugins = [
          .with {
            $0.name = "plugins/old.so"
            $0.state = .refused
            $0.problem = "major version 2, this agent has 0"
          }
        ]
      }
      let ready = try await ctl("agent", "status")
      #expect(ready.status == 0)
      #expect(ready.output.contains("1h1m40s"))
      agent.with {
        $0.status.ready = false
        $0.status.notReadyReasons = ["clock is off by 700 ms"]
      }
      let notReady = try await ctl("agent", "status")
      #expect(notReady.status == 1)
      #expect(notReady.errors.contains("clock is off by 700 ms"))
      #expect(try await ctl("agent", "drain", "--within", "5s").status == 0)
      #expect(agent.requests(Carillon_V1_DrainAgentRequest.self).first?.timeout.seconds == 5)
      agent.with { $0.status.inFlight = 2 }
      #expect(try await ctl("agent", "drain").status == 7)
      #expect(try await ctl("agent", "resume").status == 0)
      #expect(try await ctl("plugin", "list").output.contains("major version 2"))
      #expect(try await ctl("ledger", "verify", "--since", "7d").status == 0)
      agent.with { $0.ledger.lost = 1 }
      #expect(try await ctl("ledger", "verify").status == 1)
    }
  }
}
