import AgentHarness
import NIOCore
import Testing

extension EndToEnd {
  @Suite("Kill -9 in mid-burst")
  struct KillTests {
    @Test(
      "three kills in the middle of 1,000 due events lose none and double only what was in flight",
      .timeLimit(.minutes(4)))
    func kills() async throws {
      let outcome = try await KillOrdeal(events: 1_000, kills: 3, answerDelay: .milliseconds(50), lead: .seconds(8))
        .run()
      KillTests.check(outcome, events: 1_000)
    }

    static func check(_ outcome: KillOrdeal.Outcome, events: Int) {
      #expect(outcome.received.count == events, "none missing")
      #expect(outcome.unexplainedDoubles.isEmpty)
      #expect(outcome.proof?.isClean == true, "\(String(describing: outcome.proof))")
      #expect(outcome.proof?.outcomes == ["delivered": events])
      #expect(outcome.lost == 0)
      #expect(outcome.closedTwice == 0)
      print(
        "kill -9: \(events) events, \(outcome.firstSends.count) restarts, first send after",
        outcome.firstSends.map { "\(Int($0 * 1_000)) ms" }.joined(separator: ", "),
        "; \(outcome.inFlight.values.reduce(0, +)) in flight at a kill, \(outcome.doubles) doubled")
    }
  }

  @Suite("KillSoak", .enabled(if: EndToEnd.isSoak))
  struct KillSoak {
    @Test("twenty kills in the middle of 10,000 due events; each restart sends within 2 s", .timeLimit(.minutes(15)))
    func kills() async throws {
      let outcome = try await KillOrdeal(
        events: 10_000, kills: 20, answerDelay: .milliseconds(20), lead: .seconds(30)
      ).run()
      KillTests.check(outcome, events: 10_000)
      #expect(outcome.firstSends.allSatisfy { $0 <= 2 }, "\(outcome.firstSends)")
    }
  }
}
