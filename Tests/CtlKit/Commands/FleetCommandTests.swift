import ControlAPI
import Foundation
import SwiftProtobuf
import Testing

@testable import CtlKit

@Suite struct FleetCommandTests {
  private func withFleet(_ body: (CtlRunner) async throws -> Void) async throws {
    try await FakeAgent.serve { agent, ctl in
      agent.with { state in
        state.status.agent = .with {
          $0.name = "agents/north"
          $0.epoch = 3
          $0.version = "0.4.0"
          $0.state = .live
          $0.leaseLeft = .init(seconds: 8, nanos: 500_000_000)
          $0.prefers = ["asia/07", "europe/*"]
          $0.startTime = .init(seconds: 1_800_000_000)
          $0.ownedBuckets = 4
          $0.ownedEvents = 250
        }
        state.others = [
          .with {
            $0.name = "agents/south"
            $0.state = .lost
          },
          .with {
            $0.name = "agents/west"
            $0.state = .left
          },
        ]
        state.shards = [
          .with {
            $0.name = "shards/europe-07"
            $0.shard = "europe/07"
            ($0.openBuckets, $0.openEvents, $0.dueEvents) = (6, 900, 20)
            $0.oldestDueTime = .init(seconds: 1_800_000_000)
            $0.owners = [
              .with {
                $0.agent = "agents/north"
                $0.buckets = 4
              },
              .with {
                $0.agent = "agents/west"
                $0.buckets = 1
              },
            ]
          },
          .with {
            $0.name = "shards/etc-00"
            $0.shard = "etc/00"
            ($0.openBuckets, $0.openEvents) = (1, 1)
          },
        ]
      }
      try await body(ctl)
    }
  }

  @Test("agent list says who is live, what is left of the lease, and who holds what")
  func agents() async throws {
    try await withFleet { ctl in
      let result = try await ctl("agent", "list", "--tz", "UTC")
      #expect(result.status == 0)
      let lines = result.output.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
      #expect(
        lines.first?.joined(separator: " ")
          == "ID STATE LEASE LEFT PREFERS BUCKETS EVENTS STARTED EPOCH VERSION")
      #expect(
        lines.dropFirst().first?.joined(separator: " ")
          == "north live 8s500ms asia/07, europe/* 4 250 2027-01-15T08:00:00.000Z 3 0.4.0")
      let others = lines.dropFirst(2).map { $0.prefix(4).joined(separator: " ") }
      #expect(others == ["south lost - all", "west left - all"])
    }
  }

  @Test("shard list says each shard's load and holders")
  func shards() async throws {
    try await withFleet { ctl in
      let result = try await ctl("shard", "list", "--tz", "UTC")
      #expect(result.status == 0)
      let lines = result.output.split(separator: "\n")
        .map { $0.split(separator: " ").joined(separator: " ") }
      #expect(
        lines == [
          "SHARD BUCKETS EVENTS DUE OLDEST DUE HELD BY",
          "europe/07 6 900 20 2027-01-15T08:00:00.000Z north 4, west 1", "etc/00 1 1 0 - -",
        ])
      let json = try await ctl("shard", "list", "-o", "json")
      #expect(json.output.contains("\"agents/north\"") && json.output.contains("\"europe/07\""))
      #expect(try await ctl("shards", "list", "-o", "name").output == "shards/europe-07\nshards/etc-00\n")
    }
  }
}
