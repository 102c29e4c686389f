import ControlAPI
import ControlPlane
import EventModel
import GRPCCore
import Store
import SwiftProtobuf
import Testing

@Suite("Watching queues and plugins") struct StateWatchTests {
  private static var limits: ControlPlaneLimits {
    var limits = ControlPlaneLimits()
    limits.stateWatchPause = .milliseconds(5)
    limits.watchHeartbeat = .milliseconds(15)
    return limits
  }

  private static func watch(
    _ rig: Rig, cursor: String = "",
    until enough: @escaping @Sendable (Carillon_V1_WatchQueuesResponse) async throws -> Bool
  ) async throws -> [Carillon_V1_WatchQueuesResponse] {
    try await rig.queues.watchQueues(.with { $0.cursor = cursor }) { response in
      var seen: [Carillon_V1_WatchQueuesResponse] = []
      for try await message in response.messages {
        seen.append(message)
        if try await enough(message) { break }
      }
      return seen
    }
  }

  @Test func everyQueueComesFirstThenEachThatChanges() async throws {
    try await withRig(limits: Self.limits) { rig in
      let seen = try await Self.watch(rig) { message in
        if message.changes.count == 4 { _ = try await rig.queues.pauseQueue(.with { $0.name = "queues/low" }) }
        return message.changes.count == 1
      }
      #expect(Set(try #require(seen.first).changes.map(\.queue.name)).count == 4)
      let change = try #require(seen.last?.changes.first)
      #expect(change.queue.name == "queues/low" && change.queue.paused && !change.deleted)
      // Nothing was told in between but heartbeats.
      #expect(seen.dropFirst().dropLast().allSatisfy { $0.changes.isEmpty })
    }
  }

  @Test func aCursorTellsWhatChangedWasMadeAndWasDeletedMeanwhile() async throws {
    try await withRig(limits: Self.limits) { rig in
      _ = try await rig.queues.createQueue(.with { $0.queueID = "old" })
      let cursor = try #require(try await Self.watch(rig) { _ in true }.last).cursor
      _ = try await rig.queues.deleteQueue(.with { $0.name = "queues/old" })
      _ = try await rig.queues.createQueue(.with { $0.queueID = "new" })
      rig.pipeline.setInFlight(9, queue: "critical")
      let seen = try await Self.watch(rig, cursor: cursor) { _ in true }
      let changes = try #require(seen.first).changes
      #expect(Set(changes.map(\.queue.name)) == ["queues/critical", "queues/new", "queues/old"])
      #expect(changes.filter(\.deleted).map(\.queue.name) == ["queues/old"])
      #expect(changes.first { $0.queue.name == "queues/critical" }?.queue.status.inFlight == 9)
    }
  }

  @Test func silenceIsBrokenByHeartbeatsWithACursor() async throws {
    try await withRig(limits: Self.limits) { rig in
      let first = try #require(try await Self.watch(rig) { _ in true }.first)
      let beat = try #require(try await Self.watch(rig, cursor: first.cursor) { _ in true }.first)
      #expect(beat.changes.isEmpty && beat.cursor == first.cursor)
    }
  }

  @Test(arguments: ["nonsense", "a=1", "=0123456789abcdef", "%zz=0123456789abcdef"])
  func aForgedCursorIsRefused(_ cursor: String) async throws {
    try await withRig(limits: Self.limits) { rig in
      try await refused(.invalidArgument, fields: ["cursor"]) {
        try await Self.watch(rig, cursor: cursor) { _ in true }
      }
    }
  }

  @Test func pluginsAreWatchedInTheSameWay() async throws {
    try await withRig(limits: Self.limits) { rig in
      let first = try await rig.pluginList.watchPlugins(.init()) { response in
        try await response.messages.first { _ in true }
      }
      #expect(first?.plugins.count == 5 && first?.removed.isEmpty == true)
      let cursor = try #require(first).cursor
      rig.plugins.disable("webhook", because: "it hung")
      rig.plugins.remove("broken.so")
      let second = try await rig.pluginList.watchPlugins(.with { $0.cursor = cursor }) { response in
        try await response.messages.first { _ in true }
      }
      #expect(second?.plugins.map(\.name) == ["plugins/webhook"] && second?.plugins.first?.problem == "it hung")
      #expect(second?.removed == ["plugins/broken.so"])
    }
  }

  @Test func aDrainPausesAndWaitsForWhatIsUnderWay() async throws {
    var limits = Self.limits
    limits.commandPauseCap = .milliseconds(5)
    try await withRig(limits: limits) { rig in
      // The time is up: it is paused, and what is under way is told.
      let late = try await rig.queues.drainQueue(
        .with {
          $0.name = "queues/high"
          $0.timeout = .init(seconds: 0, nanos: 20_000_000)
        })
      #expect(late.paused && late.status.inFlight == 3)
      #expect(rig.pipeline.refreshes > 0)
      async let drained = rig.queues.drainQueue(.with { $0.name = "queues/high" })
      rig.pipeline.setInFlight(0, queue: "high")
      let queue = try await drained
      #expect(queue.paused && queue.status.inFlight == 0)
      try await refused(.invalidArgument, fields: ["timeout"]) {
        try await rig.queues.drainQueue(
          .with {
            $0.name = "queues/high"
            $0.timeout = .init(seconds: 601)
          })
      }
      try await refused(.notFound) { try await rig.queues.drainQueue(.with { $0.name = "queues/hihg" }) }
    }
  }
}
