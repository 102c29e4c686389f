import EventModel
import Store

let shareRules: [ConformanceRule] = [
  ConformanceRule("live agents share a minute that is still to come evenly, and together take all of it") { scene in
    let due = scene.now + .minutes(1)
    try await scene.crowd(900, due: due)
    var held: [String: Int] = [:]
    var taken: [ClaimedBucket] = []
    let leases = [try await scene.agent("a"), try await scene.agent("b"), try await scene.agent("c")]
    // Several small claims each: the share counts what was taken before.
    for _ in 0..<20 {
      for lease in leases {
        let buckets = try await scene.claim(lease, events: 100, at: scene.now)
        held[lease.name, default: 0] += buckets.reduce(0) { $0 + Int($1.count) }
        taken += buckets
      }
    }
    let largest = Int(taken.map(\.count).max() ?? 0)
    try expectEqual(taken.reduce(0) { $0 + Int($1.count) }, 900, "events claimed")
    try expectEqual(Set(taken.map(\.id)).count, taken.count, "buckets claimed, each once")
    for (agent, events) in held {
      try expect(abs(events - 300) <= 2 * largest, "agent \(agent) has \(events) of 900, buckets of up to \(largest)")
    }
    try expectEqual(held.count, 3, "agents with a part")
  },
  ConformanceRule("shortly before its minute, what an agent left of its share is anybody's") { scene in
    let due = scene.now + .minutes(1)
    try await scene.crowd(600, due: due)
    _ = try await scene.longAgent("idle")
    let busy = try await scene.longAgent("busy")
    func claimed(at time: Timestamp) async throws -> Int {
      try await scene.claim(busy, at: time).reduce(0) { $0 + Int($1.count) }
    }
    let share = try await claimed(at: scene.now)
    try expect(share >= 300 && share < 600, "expected half of 600 events, found \(share)")
    try expectEqual(try await claimed(at: due - ClaimShare.sharedUntil - .seconds(1)), 0, "events beyond the share")
    try expectEqual(try await claimed(at: due - ClaimShare.sharedUntil), 600 - share, "events that were left")
  },
  ConformanceRule("what is overdue is anybody's at once, whoever prefers it") { scene in
    try await scene.crowd(600, due: scene.now)
    _ = try await scene.longAgent("idle", prefers: try ShardPreference(patterns: ["europe/*"]))
    let busy = try await scene.longAgent("busy")
    let all = try await scene.claim(busy, at: scene.now).reduce(0) { $0 + Int($1.count) }
    try expectEqual(all, 600, "events claimed")
  },
  ConformanceRule("what another live agent prefers is left to it until shortly before its minute") { scene in
    let due = scene.now + .minutes(1)
    let zones = ["Europe/Berlin", "Asia/Tokyo", "Africa/Cairo", "America/Lima"]
    try await scene.planned("s", zones.map { Scene.event("k-\($0)", due: due, zone: $0) })
    let europe = try ShardPreference(patterns: ["europe/*"])
    let asia = try ShardPreference(patterns: ["asia/*"])
    let first = try await scene.longAgent("first", prefers: europe)
    _ = try await scene.longAgent("second", prefers: asia)
    func claimed(_ lease: AgentLease, _ prefers: ShardPreference, at time: Timestamp) async throws -> [String] {
      var zones: [String] = []
      for bucket in try await scene.claim(lease, prefers: prefers, at: time) {
        zones += try await scene.store.load(bucket.id, lease: lease, now: time).map(\.timeZone)
      }
      return zones
    }
    let early = try await claimed(first, europe, at: scene.now)
    try expectEqual(early.first, "Europe/Berlin", "the first of the share")
    try expect(early.count == 2 && !early.contains("Asia/Tokyo"), "expected Tokyo to be left, found \(early)")
    let before = due - ClaimShare.reservedUntil - .seconds(1)
    let between = try await claimed(first, europe, at: before)
    try expectEqual(between, [], "beyond its share")
    let late = try await claimed(first, europe, at: due - ClaimShare.sharedUntil)
    try expectEqual(Set(early + late), Set(zones), "zones in all, the other agent being slow")
    try expectEqual(late.last, "Asia/Tokyo", "what another prefers comes last")
  },
  ConformanceRule("an agent whose lease ended, or that left, has no share") { scene in
    let due = scene.now + .minutes(1)
    try await scene.crowd(600, due: due)
    let europe = try ShardPreference(patterns: ["europe/*"])
    _ = try await scene.agent("silent", prefers: europe)
    let left = try await scene.longAgent("left", prefers: europe)
    let last = try await scene.longAgent("last")
    try await scene.store.release(left, now: scene.now)
    try expectEqual(try await scene.claim(last, at: scene.now).count, 0, "buckets while the other is live")
    let all = try await scene.claim(last, at: scene.now + .seconds(11)).reduce(0) { $0 + Int($1.count) }
    try expectEqual(all, 600, "events for the last agent")
  },
]
