import ControlAPI
import Foundation
import SwiftProtobuf
import Testing

@testable import CtlKit

@Suite("Changes of many")
struct BulkTests {
  private static func progress(_ matched: Int64, _ changed: Int64, _ refused: Int64) -> [Carillon_V1_BulkProgress] {
    [
      .with { $0.matched = matched },
      .with {
        ($0.matched, $0.changed, $0.refused) = (matched, changed, refused)
        $0.done = true
      },
    ]
  }

  @Test("a purge wants the queue's name typed, and tells how much it cancelled")
  func purge() async throws {
    try await FakeAgent.serve { agent, ctl in
      agent.with { state in
        state.queues["queues/bulk"] = .with {
          $0.name = "queues/bulk"
          $0.status.open = 12
        }
        state.progress = Self.progress(12, 12, 0)
      }
      #expect(try await ctl("queue", "purge", "bulk").status == 64)
      let wrong = try await ctl("queue", "purge", "bulk", input: "yes\n", isTerminal: true)
      #expect(wrong.status == 1)
      #expect(wrong.errors.contains("12 events"))
      #expect(agent.requests(Carillon_V1_PurgeQueueRequest.self).isEmpty)
      let purged = try await ctl("queue", "purge", "bulk", "--reason", "oops", input: "bulk\n", isTerminal: true)
      #expect(purged.output == "cancelled 12 of 12\n", "\(purged.errors)")
      #expect(agent.requests(Carillon_V1_PurgeQueueRequest.self).first?.reason == "oops")
      #expect(try await ctl("queue", "purge", "nothing", "--yes").status == 5)
    }
  }

  @Test(
    "how it ended decides the exit status",
    arguments: [
      (progress(3, 3, 0), Int32(0)), (progress(3, 2, 1), 8), (progress(3, 0, 3), 6), (progress(0, 0, 0), 0),
      (Array(progress(3, 1, 0).prefix(1)), 8),
    ] as [([Carillon_V1_BulkProgress], Int32)])
  func outcomes(progress: [Carillon_V1_BulkProgress], status: Int32) async throws {
    try await FakeAgent.serve { agent, ctl in
      agent.with { $0.progress = progress }
      let moved = try await ctl("event", "move", "--all", "--queue", "low", "--yes")
      #expect(moved.status == status, "\(moved.errors)")
    }
  }

  @Test("events are moved by type, queue, person and time; it asks first")
  func move() async throws {
    try await FakeAgent.serve { agent, ctl in
      agent.with { $0.progress = Self.progress(2, 2, 0) }
      #expect(try await ctl("event", "move", "--all", "--queue", "low").status == 64)
      let moved = try await ctl(
        "event", "move", "--all", "--queue", "low", "--from-queue", "bulk", "--type", "birthday", "--user", "ada",
        "--due-before", "+1h", "--reason", "r", input: "y\n", isTerminal: true)
      #expect(moved.output == "moved 2 of 2\n", "\(moved.errors)")
      let request = try #require(agent.requests(Carillon_V1_MoveEventsRequest.self).first)
      #expect(request.queue == "queues/low")
      #expect(request.fromQueue == "queues/bulk")
      #expect(request.eventType == "birthday")
      #expect(request.user == "namespaces/default/users/ada")
      #expect(request.dueBefore.seconds == 1_780_003_600)
      #expect(!request.hasDueFrom)
    }
  }

  @Test("one event gets another queue's priority")
  func prioritize() async throws {
    try await FakeAgent.serve { agent, ctl async throws in
      let name = "namespaces/default/events/e"
      agent.with { $0.events[name] = .with { $0.name = name } }
      #expect(try await ctl("event", "prioritize", "e", "--queue", "critical").status == 0)
      #expect(agent.requests(Carillon_V1_MoveEventRequest.self).first?.queue == "queues/critical")
    }
  }

  @Test(
    "which events must be said",
    arguments: [
      ["e", "--all", "--queue", "low"], ["--all"], ["--all", "--at", "+1h", "--queue", "low"], ["--queue", "low"],
      ["e", "--queue", "low", "--from-queue", "bulk"], ["e"],
    ])
  func usage(flags: [String]) async throws {
    let refused = try await CtlRunner(socket: "/nowhere").run(["event", "move"] + flags)
    #expect(refused.status == 64, "\(refused.errors)")
  }

  @Test("a drain of a queue ends with 7 while something is in flight")
  func drain() async throws {
    try await FakeAgent.serve { agent, ctl async throws in
      agent.with { state in
        state.queues["queues/low"] = .with {
          $0.name = "queues/low"
          $0.status.inFlight = 2
        }
      }
      #expect(try await ctl("queue", "drain", "low", "--within", "5s").status == 7)
      #expect(agent.requests(Carillon_V1_DrainQueueRequest.self).first?.timeout.seconds == 5)
      agent.with { $0.queues["queues/low"]?.status.inFlight = 0 }
      #expect(try await ctl("queue", "drain", "low").status == 0)
    }
  }

  @Test("lists take a condition, creates a key")
  func fields() async throws {
    try await FakeAgent.serve { agent, ctl async throws in
      let condition = #"time_zone == "Europe/Paris""#
      for noun in ["user", "schedule", "event", "sink", "subscription", "template", "queue"] {
        #expect(try await ctl(noun, "list", "--filter", condition).status == 0)
      }
      #expect(agent.requests(Carillon_V1_ListUsersRequest.self).first?.filter == condition)
      #expect(agent.requests(Carillon_V1_ListSchedulesRequest.self).first?.filter == condition)
      #expect(agent.requests(Carillon_V1_ListEventsRequest.self).first?.filter == condition)
      #expect(agent.requests(Carillon_V1_ListSinksRequest.self).first?.filter == condition)
      #expect(agent.requests(Carillon_V1_ListSubscriptionsRequest.self).first?.filter == condition)
      #expect(agent.requests(Carillon_V1_ListTemplatesRequest.self).first?.filter == condition)
      #expect(agent.requests(Carillon_V1_ListQueuesRequest.self).first?.filter == condition)
      #expect(try await ctl("user", "create", "ada", "--request-id", "key").status == 0)
      #expect(agent.requests(Carillon_V1_CreateUserRequest.self).first?.requestID == "key")
    }
  }

  @Test("statistics are shown by queue and sink; again and again with --watch")
  func stats() async throws {
    try await FakeAgent.serve { agent, ctl in
      agent.with { state in
        state.statistics.rows = [
          .with {
            $0.queue = "queues/low"
            $0.sink = "namespaces/default/sinks/hook"
            $0.outcomes = ["delivered": 10, "retry": 2, "dead": 1, "merged": 3, "deferred": 1]
            $0.latenessP99 = .init(seconds: 1, nanos: 500_000_000)
          }
        ]
      }
      let once = try await ctl("stats", "--since", "24h")
      let row = try #require(once.lines.last).split(separator: " ").joined(separator: " ")
      #expect(row == "low hook 10 2 1 0 4 - - 1s500ms -")
      let request = try #require(agent.requests(Carillon_V1_GetStatisticsRequest.self).first)
      #expect(request.from.seconds == 1_780_000_000 - 86_400)
      let twice = try await ctl("stats", "--watch", "--count", "2", "-o", "jsonl")
      #expect(twice.lines.count == 2)
    }
  }
}
