import EventModel
import Store

let fleetRules: [ConformanceRule] = [
  ConformanceRule("an agent's row says what it prefers, whether it is live, and that it left") { scene in
    let prefers = try ShardPreference(patterns: ["europe/*", "asia/07"])
    let lease = try await scene.agent("one", prefers: prefers)
    _ = try await scene.agent("two")
    let records = try await scene.store.agents()
    try expectEqual(records.map(\.prefers), [prefers, .none], "what the agents prefer")
    try expectEqual(records.map { $0.state(now: scene.now) }, [.live, .live], "where the agents stand")
    let later = scene.now + .seconds(11)
    try expectEqual(records.map { $0.state(now: later) }, [.lost, .lost], "where silent agents stand")
    try await scene.store.release(lease, now: scene.now + .seconds(1))
    let left = try require(try await scene.store.agents().first, "agent one")
    try expectEqual(left.state(now: scene.now + .seconds(1)), .left, "where a released agent stands")
    try expectEqual(left.releasedAt, scene.now + .seconds(1), "when it left")
    // Ended by another, not by itself.
    let heir = try await scene.agent("heir", at: later)
    _ = try await scene.claim(heir, at: later)
    let ended = try require(try await scene.store.agents().first { $0.name == "two" }, "agent two")
    try expect(!ended.isLive && ended.state(now: later) == .lost, "expected agent two to be lost")
    _ = try await scene.agent("one", at: later)
    let back = try require(try await scene.store.agents().first { $0.name == "one" }, "agent one")
    try expectEqual(back.state(now: later), .live, "where an agent that came back stands")
    try expectEqual(back.prefers, .none, "what it prefers now")
  },
  ConformanceRule("a renewal tells how many agents are live, and the agent's place among them") { scene in
    let leases = [
      try await scene.agent("c"), try await scene.agent("a"), try await scene.agent("b", at: scene.now - .seconds(5)),
    ]
    func places(at time: Timestamp, _ leases: [AgentLease]) async throws -> [[Int]] {
      var places: [[Int]] = []
      for lease in leases {
        let renewal = try await scene.store.renew(lease, leaseFor: .seconds(10), now: time)
        places.append([renewal.rank, renewal.liveAgents])
      }
      return places
    }
    try expectEqual(try await places(at: scene.now, leases), [[0, 3], [1, 3], [2, 3]], "places of three")
    // The first falls silent: its lease runs out without anybody ending it.
    let still = Array(leases.dropFirst())
    _ = try await places(at: scene.now + .seconds(9), still)
    try expectEqual(try await places(at: scene.now + .seconds(11), still), [[0, 2], [1, 2]], "places of two")
    try await scene.store.release(leases[1], now: scene.now + .seconds(12))
    try expectEqual(try await places(at: scene.now + .seconds(12), [leases[2]]), [[0, 1]], "the place of one")
  },
  ConformanceRule("an owner that lost an answer is told all it owns, and nobody else's") { scene in
    try await scene.crowd(60, due: scene.now)
    let one = try await scene.agent("one")
    let first = try await scene.claim(one, events: 20, at: scene.now)
    let rest = try await scene.claim(try await scene.agent("two"), at: scene.now)
    let owned = try await scene.store.owned(by: one, now: scene.now)
    try expectEqual(Set(owned.map(\.id)), Set(first.map(\.id)), "buckets owned")
    try expect(!rest.isEmpty && owned.allSatisfy(\.isPartial), "expected them to count as partial")
    try expectEqual(
      owned.map(\.count).reduce(0, +), first.map(\.count).reduce(0, +), "rows of the buckets owned")
    let back = try require(first.first, "a bucket")
    try await scene.store.giveBack([back.id], lease: one, now: scene.now)
    var events: [LoadedEvent] = []
    for bucket in first.dropFirst() { events += try await scene.store.load(bucket.id, lease: one, now: scene.now) }
    try await scene.deliver(events, one, at: scene.now)
    try expectEqual(try await scene.store.owned(by: one, now: scene.now).count, 0, "buckets after all were closed")
    _ = try await scene.agent("one")
    try await expectRefusal(.fenced, "asking under an older epoch") {
      try await scene.store.owned(by: one, now: scene.now)
    }
  },
  ConformanceRule("shards are listed with their load and their owners") { scene in
    let due = scene.now + .minutes(1)
    let events = ["Europe/Berlin", "Asia/Tokyo"].flatMap { zone in
      [due, due + .hours(1)].map { Scene.event("\(zone)-\($0.seconds)", due: $0, zone: zone) }
    }
    try await scene.planned("s", events)
    let tokyo = Shard(timeZone: "Asia/Tokyo", owner: "s")
    let berlin = Shard(timeZone: "Europe/Berlin", owner: "s")
    let free = try await scene.store.shards(now: scene.now)
    let waiting = [tokyo, berlin].map {
      ShardRecord(shard: $0, buckets: 2, events: 2, due: 0, oldestDue: nil, owners: [])
    }
    try expectEqual(free, waiting, "shards before anything is due")
    let lease = try await scene.agent("one", prefers: try ShardPreference(patterns: ["asia/*"]), at: due)
    let taken = try await scene.claim(lease, events: 1, prefers: try ShardPreference(patterns: ["asia/*"]), at: due)
    try expectEqual(taken.count, 1, "buckets taken")
    let owned = try await scene.store.shards(now: due)
    try expectEqual(owned.map(\.owners), [[.init(agent: "one", buckets: 1)], []], "owners")
    try expectEqual(owned.map(\.due), [1, 1], "events due")
    try expectEqual(owned.map(\.oldestDue), [due, due], "the oldest minutes")
    var rows: [LoadedEvent] = []
    for bucket in taken { rows += try await scene.store.load(bucket.id, lease: lease, now: due) }
    try await scene.deliver(rows, lease, at: due)
    let after = try require(try await scene.store.shards(now: due).first { $0.shard == tokyo }, "Tokyo's shard")
    try expectEqual([after.buckets, after.events, after.due], [1, 1, 0], "what is left of Tokyo")
    try expect(after.owners.isEmpty && after.oldestDue == nil, "expected nobody to own what is left")
  },
  ConformanceRule("live agents share the schedules to plan, and what waits for long is anybody's") { scene in
    let changes = (0..<40).map { Change.putSchedule(Scene.schedule("s-\($0)"), .none) }
    _ = try await scene.store.commit(changes, actor: .agent, dryRun: false, now: scene.now)
    let shares = (0..<3).map { PlanningShare(index: $0, of: 3) }
    func toPlan(_ share: PlanningShare, limit: Int = 100, at time: Timestamp) async throws -> [PlanningItem] {
      try await scene.store.schedulesToPlan(dueBefore: time + .hours(1), limit: limit, share: share, now: time)
    }
    var seen: [ScheduleNumber] = []
    for share in shares {
      let items = try await toPlan(share, at: scene.now)
      try expect(items.allSatisfy { share.contains($0.schedule) }, "expected only what falls to the share")
      seen += items.map(\.schedule)
    }
    try expectEqual(Set(seen).count, 40, "schedules that fall to somebody")
    try expectEqual(seen.count, 40, "schedules that fall to one only")
    // Nobody plans two of the parts: after a while the third agent does, its own first.
    let late = scene.now + PlanningShare.patience + .seconds(1)
    let all = try await toPlan(shares[0], at: late)
    try expectEqual(Set(all.map(\.schedule)), Set(seen), "schedules when the others hang")
    let own = try await toPlan(shares[0], at: scene.now).count
    let few = try await toPlan(shares[0], limit: own, at: late)
    try expect(few.allSatisfy { shares[0].contains($0.schedule) }, "expected its own part first")
    // What was planned before waits since it came within the horizon, not since its due time.
    let next = late + .hours(2)
    _ = try await scene.store.commitPlan(all.map { Scene.plan($0, nextDue: next) }, now: late)
    let near = next - .hours(1)
    try expectEqual(try await toPlan(shares[0], at: near + .seconds(1)).count, own, "schedules within the horizon")
    let overdue = near + PlanningShare.patience + .seconds(1)
    try expectEqual(try await toPlan(shares[0], at: overdue).count, 40, "schedules within the horizon for long")
  },
]
