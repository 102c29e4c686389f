import AgentHarness
import Testing

extension EndToEnd {
  @Suite("Watching a burst")
  struct WatchTests {
    @Test("streams that are cut again and again tell of each event once, none missing", .timeLimit(.minutes(4)))
    func cuts() async throws {
      WatchTests.check(try await WatchOrdeal(events: 3_000, entriesPerStream: 400).run(), events: 3_000)
    }

    static func check(_ outcome: WatchOrdeal.Outcome, events: Int) {
      #expect(outcome.delivered.count == events && Set(outcome.delivered).count == events, "each receipt once")
      #expect(outcome.completed.count == events && Set(outcome.completed).count == events, "each domain event once")
      #expect(Set(outcome.delivered) == Set(outcome.completed))
      #expect(outcome.streams > 4, "they were cut")
    }
  }

  @Suite("WatchSoak", .enabled(if: EndToEnd.isSoak))
  struct WatchSoak {
    @Test("the same during a burst of 100,000", .timeLimit(.minutes(15)))
    func cuts() async throws {
      WatchTests.check(try await WatchOrdeal(events: 100_000, entriesPerStream: 9_000).run(), events: 100_000)
    }
  }
}
