import ControlAPI
import EventModel
import GRPCCore
import Store
import SwiftProtobuf
import Testing

@Suite struct StopTests {
  @Test func aStopIsDurableAndReadBeforeItIsAnswered() async throws {
    try await withRig { rig in
      #expect(try await !rig.agents.getStatus(.init()).hasStop)
      let stopped = try await rig.agents.stopAll(.with { $0.reason = "wrong words" })
      #expect(stopped.stop.reason == "wrong words" && stopped.stop.time.seconds == rig.clock.now.seconds)
      #expect(!stopped.stop.actor.isEmpty && rig.pipeline.refreshes == 1)
      #expect(try await rig.store.stopOrder()?.reason == "wrong words")
      // It is stopped already: the first order stands.
      rig.clock.advance(by: .seconds(60))
      #expect(try await rig.agents.stopAll(.with { $0.reason = "again" }).stop == stopped.stop)
      #expect(try await !rig.agents.resumeAll(.init()).hasStop)
      #expect(try await !rig.agents.resumeAll(.init()).hasStop)
      #expect(rig.pipeline.refreshes == 4)
    }
  }

  @Test func aReasonIsBounded() async throws {
    try await withRig { rig in
      try await refused(.invalidArgument, fields: ["reason"]) {
        try await rig.agents.stopAll(.with { $0.reason = String(repeating: "r", count: 501) })
      }
      #expect(try await !rig.agents.getStatus(.init()).hasStop && rig.pipeline.refreshes == 0)
    }
  }
}
