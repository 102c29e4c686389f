import AgentHarness
import Testing

extension EndToEnd {
  @Suite("Queues changed in the middle of load")
  struct ReconfigurationTests {
    @Test(
      "reserve and rate of critical down, up and unlimited, pause and resume: within 2 s each, none lost, none doubled",
      .timeLimit(.minutes(5)))
    func changes() async throws {
      let ordeal = ReconfigurationOrdeal(
        events: 6_000, places: 60, answerDelay: .milliseconds(200), lead: .seconds(25))
      ReconfigurationTests.check(try await ordeal.run(), events: 9_000)
    }

    static func check(_ outcome: ReconfigurationOrdeal.Outcome, events: Int) {
      for (change, seconds) in outcome.effects { #expect(seconds <= 2, "\(change) took \(seconds) s") }
      for (rate, seen) in outcome.rates {
        #expect(Double(seen) <= rate * 3 * 1.25 + 5 && Double(seen) >= rate * 3 * 0.7 - 5, "\(seen) at \(rate)/s")
      }
      #expect(outcome.whilePaused == 0)
      #expect(outcome.proof?.isClean == true, "\(String(describing: outcome.proof))")
      #expect(outcome.proof?.outcomes == ["delivered": events])
      #expect(outcome.lateness?.requests == events)
      #expect(outcome.lateness?.missing == 0 && outcome.lateness?.doubled == 0 && outcome.lateness?.strange == 0)
      print(
        "reconfiguration: \(events) events;",
        outcome.effects.map { "\($0.change) \(Int($0.seconds * 1_000)) ms" }.joined(separator: ", "))
    }
  }

  @Suite("ReconfigurationSoak", .enabled(if: EndToEnd.isSoak))
  struct ReconfigurationSoak {
    @Test("the same with 50,000 events", .timeLimit(.minutes(15)))
    func changes() async throws {
      let ordeal = ReconfigurationOrdeal(
        events: 33_334, places: 600, answerDelay: .milliseconds(400), lead: .seconds(60))
      ReconfigurationTests.check(try await ordeal.run(), events: 50_001)
    }
  }
}
