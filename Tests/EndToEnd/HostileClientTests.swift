import AgentHarness
import Foundation
import Testing

extension EndToEnd {
  @Suite("Hostile clients")
  struct HostileClientTests {
    /// What `hostile_client.py` saw.
    private struct Seen: Decodable {
      /// How the spoiled calls ended, by gRPC status.
      var statuses: [String: Int]
      var connectionsEnded: Int
      var friendCalls: Int
      var friendFailures: [String]
    }

    private static let growthAllowed = 24 << 20

    @Test("spoiled calls, wrong frames, floods and thousands of streams hurt nobody else", .timeLimit(.minutes(6)))
    func hostileClients() async throws { try await Self.attack(mutations: 4_000, streams: 1_000, seed: 1) }

    /// Twice the same: what the first time leaves in pools and caches, the second time must not add to.
    static func attack(mutations: Int, streams: Int, seed: Int) async throws {
      try await AgentHome.with { home in
        let (_, exitCode) = try await home.run { agent in
          try await agent.waitUntilReady()
          var memory: [Int] = []
          for round in 0..<2 {
            let seen = try await once(home, mutations: mutations, streams: streams, seed: seed * 10 + round)
            #expect(seen.statuses.values.reduce(0, +) > mutations / 2, "most were answered: \(seen)")
            #expect(seen.statuses["3", default: 0] > 0, "some were understood, and refused: \(seen)")
            #expect(seen.friendFailures.isEmpty && seen.friendCalls > 10, "\(seen.friendFailures.prefix(5))")
            memory.append(try agent.memoryBytes("RssAnon"))
          }
          #expect(memory[1] < memory[0] + growthAllowed, "RssAnon: \(memory)")
          #expect(await LoopbackHTTP.get("/readyz", port: home.opsPort)?.status == 200)
          try agent.terminate()
        }
        #expect(exitCode == 0, "log: \(home.log.suffix(2_000))")
      }
    }

    private static func once(_ home: AgentHome, mutations: Int, streams: Int, seed: Int) async throws -> Seen {
      let output = try await Tool.python(
        EndToEnd.fixture("hostile_client.py"),
        [home.socket, "\(Programs.repository)/Proto", "\(seed)", "\(mutations)", "\(streams)"], limit: .seconds(1_700))
      return try JSONDecoder().decode(Seen.self, from: Data(output.utf8))
    }
  }

  @Suite("HostileClientSoak", .enabled(if: EndToEnd.isSoak))
  struct HostileClientSoak {
    @Test("the same, by the hundred thousand", .timeLimit(.minutes(60)), arguments: [2, 3])
    func hostileClients(seed: Int) async throws {
      try await HostileClientTests.attack(mutations: 200_000, streams: 10_000, seed: seed)
    }
  }
}
