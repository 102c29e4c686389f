import AgentHarness
import Testing

extension EndToEnd {
  @Suite("A fleet on one database")
  struct FleetTests {
    @Test(
      "six kills among three agents and a crash of the database lose none and double only what was in flight",
      .timeLimit(.minutes(6)))
    func kills() async throws {
      let ordeal = FleetOrdeal(events: 1_500, kills: 6, crashes: 1, pause: .seconds(2), lead: .seconds(15))
      FleetTests.check(try await ordeal.run(), events: 1_500)
    }

    static func check(_ outcome: FleetOrdeal.Outcome, events: Int) {
      #expect(outcome.received.count == events, "none missing")
      #expect(outcome.unexplainedDoubles.isEmpty)
      #expect(outcome.proof?.isClean == true, "\(String(describing: outcome.proof))")
      #expect(outcome.proof?.outcomes == ["delivered": events])
      #expect(outcome.lost == 0)
      #expect(outcome.closedTwice == 0)
      print("fleet: \(events) events, \(outcome.faults) faults, \(outcome.doubles) doubled")
    }
  }

  @Suite("FleetSoak", .enabled(if: EndToEnd.isSoak))
  struct FleetSoak {
    @Test("200 kills and 20 crashes over 50,000 events", .timeLimit(.minutes(30)))
    func kills() async throws {
      let ordeal = FleetOrdeal(events: 50_000, kills: 200, crashes: 20, pause: .seconds(2), lead: .seconds(60))
      FleetTests.check(try await ordeal.run(), events: 50_000)
    }
  }
}
