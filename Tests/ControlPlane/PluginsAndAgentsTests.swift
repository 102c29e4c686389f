import ControlAPI
import EventModel
import GRPCCore
import Store
import SwiftProtobuf
import Testing

@Suite struct PluginsAndAgentsTests {
  @Test func pluginsAreListedTheRefusedOnesToo() async throws {
    try await withRig { rig in
      let first = try await rig.pluginList.listPlugins(.with { $0.pageSize = 2 })
      #expect(first.plugins.map(\.state) == [.loaded, .refused])
      #expect(first.plugins[1].problem == "truncated file")
      let rest = try await rig.pluginList.listPlugins(.with { $0.pageToken = first.nextPageToken })
      #expect(rest.plugins.map(\.name) == ["plugins/notification", "plugins/riddle", "plugins/webhook"])
      let birthday = try await rig.pluginList.getPlugin(.with { $0.name = "plugins/birthday" })
      #expect(birthday.definitionSchema.fields["type"]?.stringValue == "object")
      #expect(!birthday.hasConfigurationSchema)
      let refusal = try await refused(.notFound) {
        try await rig.pluginList.getPlugin(.with { $0.name = "plugins/brithday" })
      }
      #expect(refusal.message.contains("birthday, broken.so, notification, riddle, webhook"))
    }
  }

  @Test func theStatusJoinsThePipelineAndTheStore() async throws {
    try await withRig { rig in
      _ = try await rig.store.openAgent(name: "test", version: "9.9", leaseFor: .seconds(10), now: rig.clock.now)
      let status = try await rig.agents.getStatus(.init())
      #expect(status.agent.name == "agents/test" && status.agent.version == "9.9")
      #expect(status.ready && !status.draining && status.loaded == 7 && status.inFlight == 3)
      #expect(status.queues.map(\.deliveredTotal) == [11])
      #expect(status.shardsPreferred == ["europe/07"] && status.uptime.seconds == 90)
      #expect(!status.tzdbVersion.isEmpty)
      let agents = try await rig.agents.listAgents(.init()).agents
      #expect(agents.map(\.name) == ["agents/test"])
    }
  }

  @Test("agents say what they prefer and where they stand, and shards who holds them")
  func fleet() async throws {
    try await withRig { rig in
      let now = rig.clock.now
      let prefers = try ShardPreference(patterns: ["europe/*", "asia/07"])
      let live = try await rig.store.openAgent(
        name: "live", version: "1", prefers: prefers, leaseFor: .seconds(10), now: now)
      _ = try await rig.store.openAgent(name: "lost", version: "1", leaseFor: .seconds(10), now: now - .minutes(1))
      let left = try await rig.store.openAgent(name: "left", version: "1", leaseFor: .seconds(10), now: now)
      try await rig.store.release(left, now: now)
      let agents = try await rig.agents.listAgents(.init()).agents
      #expect(agents.map(\.name) == ["agents/left", "agents/live", "agents/lost"])
      #expect(agents.map(\.state) == [.left, .live, .lost])
      #expect(agents.map(\.prefers) == [[], ["asia/07", "europe/*"], []])
      #expect(agents.map(\.hasLeaseLeft) == [false, true, false] && agents[1].leaseLeft.seconds == 10)
      #expect(agents.map(\.hasLeaveTime) == [true, false, false])

      #expect(try await rig.agents.listShards(.init()).shards.isEmpty)
      let event = PlannedEvent(key: "k", dueAt: now, runAt: now, timeZone: "Europe/Berlin", queue: "low")
      let schedule = Schedule(
        namespace: "default", id: "s", userID: nil, eventType: "notification", definitionJSON: "{}", startAt: now)
      _ = try await rig.store.submit(
        [OneOff(schedule: schedule, event: event, idempotencyKey: "k")], owner: live, now: now)
      let shards = try await rig.agents.listShards(.init()).shards
      let shard = try #require(shards.first)
      #expect(shards.count == 1 && shard.shard.hasPrefix("europe/") && shard.name.hasPrefix("shards/europe-"))
      #expect([shard.openBuckets, shard.openEvents, shard.dueEvents] == [1, 1, 1] && shard.hasOldestDueTime)
      #expect(shard.owners.map(\.agent) == ["agents/live"] && shard.owners.map(\.buckets) == [1])
    }
  }

  @Test func drainsAreBoundedAndCanBeUndone() async throws {
    try await withRig { rig in
      #expect(try await rig.agents.drainAgent(.init()).draining)
      _ = try await rig.agents.drainAgent(.with { $0.timeout = .init(seconds: 5, nanos: 500_000_000) })
      #expect(rig.pipeline.drains == [.seconds(20), .milliseconds(5_500)])
      #expect(try await !rig.agents.resumeAgent(.init()).draining)
      for seconds: Int64 in [0, -1, 601] {
        try await refused(.invalidArgument, fields: ["timeout"]) {
          try await rig.agents.drainAgent(.with { $0.timeout = .init(seconds: seconds) })
        }
      }
      #expect(rig.pipeline.drains.count == 2)
    }
  }
}
