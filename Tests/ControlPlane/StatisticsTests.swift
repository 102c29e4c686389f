import ControlAPI
import ControlPlane
import EventModel
import GRPCCore
import Store
import SwiftProtobuf
import Testing

@Suite("Statistics") struct StatisticsTests {
  @Test func whatWasSentIsToldByQueueAndSink() async throws {
    try await withRig { rig in
      _ = try await rig.sinks.createSink(Sample.createSink("hook"))
      let sink = try await rig.store.sink(namespace: "test", name: "hook").number
      _ = try await rig.events.createEvent(Sample.createEvent("a"))
      try await Owner(rig).die(at: sink)
      rig.clock.advance(by: .seconds(60))
      let answer = try await rig.agents.getStatistics(.init())
      #expect(answer.before.seconds - answer.from.seconds == 3_600)
      let row = try #require(answer.rows.first)
      #expect(answer.rows.count == 1 && row.queue == "low" && row.sink == "\(Rig.parent)/sinks/hook")
      #expect(row.outcomes == ["dead": 1])
      // Nothing was delivered: there is no lateness.
      #expect(!row.hasLatenessP50 && !row.hasLatenessMax)
      let earlier = try await rig.agents.getStatistics(
        .with {
          $0.from = .init(seconds: TestClock.start.seconds - 7_200)
          $0.before = .init(seconds: TestClock.start.seconds - 3_600)
        })
      #expect(earlier.rows.isEmpty)
    }
  }

  @Test func aPeriodHasABeginningAnEndAndALength() async throws {
    try await withRig { rig in
      let now = rig.clock.now.seconds
      for (from, before, field) in [(now, now, "from"), (now, now - 1, "from"), (now - 32 * 86_400, now, "before")] {
        try await refused(.invalidArgument, fields: [field]) {
          try await rig.agents.getStatistics(
            .with {
              $0.from = .init(seconds: from)
              $0.before = .init(seconds: before)
            })
        }
      }
    }
  }
}
