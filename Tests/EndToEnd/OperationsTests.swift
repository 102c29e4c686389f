import AgentHarness
import ControlAPI
import Foundation
import NIOCore
import SwiftProtobuf
import Testing

extension EndToEnd {
  @Suite("Operations")
  struct OperationsTests {
    @Test("a started agent is alive and ready, and its metrics satisfy Prometheus's parser", .timeLimit(.minutes(2)))
    func operations() async throws {
      try await AgentHome.with { home in
        try await home.runReady { _ in
          #expect(await LoopbackHTTP.get("/livez", port: home.opsPort)?.status == 200)
          #expect(await LoopbackHTTP.get("/readyz", port: home.opsPort)?.status == 200)
          #expect(await LoopbackHTTP.get("/nothing", port: home.opsPort)?.status == 404)
          let metrics = try #require(await LoopbackHTTP.get("/metrics", port: home.opsPort))
          #expect(metrics.status == 200)
          struct Family: Decodable {
            var type: String
            var samples: Int
          }
          let output = try await Tool.python(EndToEnd.fixture("metrics.py"), [], input: metrics.body)
          let families = try JSONDecoder().decode([String: Family].self, from: Data(output.utf8))
          #expect(families["carillon_build_info"]?.samples == 1)
          #expect(families["carillon_receipts"]?.type == "counter")
          #expect(families["carillon_send_lateness_seconds"]?.type == "histogram")
        }
      }
    }

    @Test(
      "SIGTERM finishes what is in flight, ends with 0, and the next start repeats nothing", .timeLimit(.minutes(3)))
    func drain() async throws {
      let count = 300
      try await Receiver.with(.init(delay: .milliseconds(300))) { receiver in
        try await AgentHome.with { home in
          let (_, exitCode) = try await home.run { agent in
            try await agent.waitUntilReady()
            try await agent.control { control in
              try await Seed.webhook(control, home: home, port: receiver.port, maxInFlight: 50)
              let due = Seed.now() + 3_000_000
              try await Seed.notifications(control, count: count) { _ in due }
            }
            try await receiver.wait(for: 20)
            try agent.terminate()
          }
          #expect(exitCode == 0, "log: \(home.log.suffix(2_000))")
          let afterDrain = try await LedgerProof.read(home.store, afterCrash: true)
          #expect(afterDrain.outcomes["delivered"] == receiver.distinctCount, "what was sent has its receipt")
          #expect(afterDrain.open > 0, "the drain was meant to come in the middle")
          try await home.runReady { agent in
            try await receiver.wait(for: count)
            try await agent.waitUntilSettled(count)
          }
          #expect(receiver.counts.values.allSatisfy { $0 == 1 })
          let proof = try await LedgerProof.read(home.store, afterCrash: true)
          #expect(proof.isClean && proof.outcomes == ["delivered": count], "\(proof)")
        }
      }
    }

    @Test("a client in another language creates, reads and is told of errors", .timeLimit(.minutes(3)))
    func foreignClient() async throws {
      struct Seen: Decodable {
        var user: String
        var listed: Int
        var sameEvent: Bool
        var event: String
        var missing: String
        var ready: Bool
      }
      try await AgentHome.with { home in
        try await home.runReady { agent in
          let output = try await Tool.python(
            EndToEnd.fixture("client.py"), [home.socket, "\(Programs.repository)/Proto"])
          let seen = try JSONDecoder().decode(Seen.self, from: Data(output.utf8))
          #expect(seen.user == "Ada Lovelace")
          #expect(seen.listed == 1)
          #expect(seen.sameEvent, "the same request_id answers the same event")
          #expect(seen.missing == "NOT_FOUND")
          #expect(seen.ready)
          let event = try await agent.control { try await $0.events.getEvent(.with { $0.name = seen.event }) }
          #expect(event.user == "namespaces/default/users/ada")
        }
      }
    }
  }
}
