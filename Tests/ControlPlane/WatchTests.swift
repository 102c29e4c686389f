import ControlAPI
import ControlPlane
import EventModel
import GRPCCore
import Store
import SwiftProtobuf
import Testing

@Suite struct WatchTests {
  static var limits: ControlPlaneLimits {
    var limits = ControlPlaneLimits()
    limits.watchPause = .milliseconds(5)
    limits.watchHeartbeat = .milliseconds(15)
    limits.maximumWatches = 2
    return limits
  }

  /// Reads from a watch until `enough` says so.
  static func watch(
    _ rig: Rig, cursor: String, until enough: @escaping @Sendable ([Carillon_V1_WatchReceiptsResponse]) -> Bool
  ) async throws -> [Carillon_V1_WatchReceiptsResponse] {
    try await rig.events.watchReceipts(
      .with {
        $0.parent = Rig.parent
        $0.cursor = cursor
      }
    ) { response in
      var seen: [Carillon_V1_WatchReceiptsResponse] = []
      for try await message in response.messages {
        seen.append(message)
        if enough(seen) { break }
      }
      return seen
    }
  }

  @Test func receiptsComeInOrderAndTheCursorGoesOn() async throws {
    try await withRig(limits: Self.limits) { rig in
      var names: [String] = []
      for key in ["a", "b", "c"] {
        let event = try await rig.events.createEvent(Sample.createEvent(key))
        _ = try await rig.events.cancelEvent(.with { $0.name = event.name })
        names.append(event.name)
      }
      let all = try await Self.watch(rig, cursor: "oldest") { $0.flatMap(\.receipts).count == 3 }
      #expect(all.flatMap(\.receipts).map(\.event) == names)
      #expect(all.flatMap(\.receipts).allSatisfy { $0.outcome == "cancelled" })
      let cursor = try #require(all.last).cursor
      let event = try await rig.events.createEvent(Sample.createEvent("d"))
      _ = try await rig.events.cancelEvent(.with { $0.name = event.name })
      let rest = try await Self.watch(rig, cursor: cursor) { !$0.flatMap(\.receipts).isEmpty }
      #expect(rest.flatMap(\.receipts).map(\.event) == [event.name])
    }
  }

  @Test func silenceIsBrokenByHeartbeatsWithACursor() async throws {
    try await withRig(limits: Self.limits) { rig in
      let beats = try await Self.watch(rig, cursor: "") { $0.count == 3 }
      #expect(beats.allSatisfy { $0.receipts.isEmpty && !$0.cursor.isEmpty })
    }
  }

  @Test func fromNowOnSkipsWhatWas() async throws {
    try await withRig(limits: Self.limits) { rig in
      let old = try await rig.events.createEvent(Sample.createEvent("old"))
      _ = try await rig.events.cancelEvent(.with { $0.name = old.name })
      let start = try await Self.watch(rig, cursor: "") { _ in true }
      let new = try await rig.events.createEvent(Sample.createEvent("new"))
      _ = try await rig.events.cancelEvent(.with { $0.name = new.name })
      let seen = try await Self.watch(rig, cursor: try #require(start.first).cursor) {
        !$0.flatMap(\.receipts).isEmpty
      }
      #expect(seen.flatMap(\.receipts).map(\.event) == [new.name])
    }
  }

  @Test func onlySoManyWatchesAreOpenAtATime() async throws {
    var limits = Self.limits
    limits.maximumWatches = 1
    try await withRig(limits: limits) { rig in
      try await rig.events.watchReceipts(.with { $0.parent = Rig.parent }) { response in
        var messages = response.messages.makeAsyncIterator()
        _ = try await messages.next()
        let refusal = try await refused(.resourceExhausted) {
          try await Self.watch(rig, cursor: "") { _ in true }
        }
        #expect(refusal.reason == "TOO_MANY_WATCHES")
      }
    }
  }

  @Test(arguments: ["nonsense", String(repeating: "1", count: 300)])
  func aForgedCursorIsRefused(_ cursor: String) async throws {
    try await withRig(limits: Self.limits) { rig in
      try await refused(.invalidArgument, fields: ["cursor"]) {
        try await Self.watch(rig, cursor: cursor) { _ in true }
      }
    }
  }
}
