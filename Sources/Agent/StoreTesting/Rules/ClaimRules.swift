import EventModel
import Store

let claimRules: [ConformanceRule] = [
  ConformanceRule("claimers that race never get the same bucket, and together get all") { scene in
    let due = scene.now + .minutes(10)
    try await scene.crowd(400, due: due)
    let claims = try await withThrowingTaskGroup(of: [BucketID].self) { group in
      for number in 0..<6 {
        group.addTask {
          let lease = try await scene.agent("agent-\(number)", at: due)
          var taken: [BucketID] = []
          while true {
            let part = try await scene.claim(lease, events: 20, at: due)
            if part.isEmpty { return taken }
            taken += part.map(\.id)
          }
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    try expectEqual(Set(claims).count, claims.count, "buckets claimed, each once")
    let depth = try await scene.store.queueDepths(now: due).first { $0.queue == "critical" }
    try expectEqual(depth?.due, 400, "events due")
    let owned = try await scene.store.agents().reduce(0) { $0 + $1.ownedEvents }
    try expectEqual(owned, 400, "events owned")
  },
  ConformanceRule("a bucket can be claimed 60 s before its minute, the earliest first, within the capacity") { scene in
    let minute = scene.now + .minutes(10)
    let events = [3, 1, 2].map { Scene.event("k\($0)", due: minute + .minutes(Int64($0))) }
    try await scene.planned("s", events)
    let lease = try await scene.store.openAgent(name: "one", version: "1", leaseFor: .hours(1), now: minute)
    try expectEqual(try await scene.claim(lease, at: minute - .seconds(1)).count, 0, "buckets too early")
    try expectEqual(try await scene.store.nextClaimable(now: minute), minute, "the next claim's time")
    let first = try await scene.claim(lease, events: 2, at: minute + .minutes(10))
    try expectEqual(
      first.map(\.minute), [minute + .minutes(1), minute + .minutes(2)], "minutes of the first claim")
    try expectEqual(try await scene.claim(lease, ["low", "high"], at: minute + .minutes(10)).count, 0, "other queues")
    try expectEqual(try await scene.claim(lease, at: minute + .minutes(10)).count, 1, "the last bucket")
    try expectEqual(try await scene.store.nextClaimable(now: minute), nil, "the next claim's time")
  },
  ConformanceRule("preferred shards go first within a minute, and no shard is left out") { scene in
    let due = scene.now + .minutes(10)
    let zones = ["Europe/Berlin", "Asia/Tokyo", "America/New_York"]
    try await scene.planned("s", zones.map { Scene.event("k-\($0.count)", due: due, zone: $0) })
    let lease = try await scene.agent(at: due)
    let tokyo = Shard(timeZone: "Asia/Tokyo", owner: "s")
    let preferred = try ShardPreference(patterns: [tokyo.description])
    let request = ClaimRequest(lease: lease, capacity: [("critical", 1)], prefers: preferred)
    let first = try await scene.store.claim(request, now: due)
    let bucket = try require(first.first, "a bucket")
    let events = try await scene.store.load(bucket.id, lease: lease, now: due)
    try expectEqual(events.map(\.timeZone), ["Asia/Tokyo"], "the first shard")
    try expectEqual(try await scene.claim(lease, at: due).count, 2, "the other shards")
  },
  ConformanceRule("a paused queue gives nothing until it is resumed") { scene in
    let due = scene.now + .minutes(1)
    try await scene.crowd(3, due: due)
    var queue = Queue.critical
    queue.paused = true
    try await scene.commit(.putQueue(queue, .none))
    let lease = try await scene.agent()
    try expectEqual(try await scene.claim(lease, at: scene.now).count, 0, "buckets of a paused queue")
    try expectEqual(try await scene.store.nextClaimable(now: scene.now), nil, "the next claim's time")
    let before = try await scene.store.renew(lease, leaseFor: .seconds(10), now: scene.now).queueRevision
    queue.paused = false
    try await scene.commit(.putQueue(queue, .none))
    let after = try await scene.store.renew(lease, leaseFor: .seconds(10), now: scene.now).queueRevision
    try expect(after > before, "expected the queue revision to grow")
    try expectEqual(try await scene.take(lease, at: scene.now).count, 3, "rows after resuming")
  },
  ConformanceRule("buckets given back are free, and partial for the next owner") { scene in
    try await scene.crowd(40, due: scene.now)
    let lease = try await scene.agent()
    let buckets = try await scene.claim(lease, at: scene.now)
    try await scene.store.giveBack(buckets.map(\.id), lease: lease, now: scene.now)
    let first = try require(buckets.first, "a bucket")
    try await expectRefusal(.fenced, "loading a bucket given back") {
      try await scene.store.load(first.id, lease: lease, now: scene.now)
    }
    let again = try await scene.claim(try await scene.agent("two"), at: scene.now)
    try expectEqual(Set(again.map(\.id)), Set(buckets.map(\.id)), "buckets claimed again")
    try expect(again.allSatisfy(\.isPartial), "expected them to be partial")
  },
  ConformanceRule("a missed row knows whether a newer occurrence fell due, and which rows are paused") { scene in
    let old = scene.now - .hours(2)
    let number = try await scene.planned(
      "s",
      [
        Scene.event("older", due: old, run: scene.now), Scene.event("newer", due: old + .hours(1), run: scene.now),
        Scene.event("future", due: scene.now + .hours(1)),
      ])
    let lease = try await scene.agent()
    let rows = try await scene.take(lease, at: scene.now)
    let flags = Dictionary(uniqueKeysWithValues: rows.map { ($0.identity.key, $0.isSuperseded) })
    try expectEqual(flags, ["older": true, "newer": false], "superseded rows")
    try expect(rows.allSatisfy { $0.identity.schedule == number && !$0.isPaused }, "expected nothing paused")
    var paused = Scene.schedule("s")
    paused.state = .paused
    try await scene.commit(.putSchedule(paused, .none))
    let ref = try require(rows.first?.ref.bucket, "a row")
    let again = try await scene.store.load(ref, lease: lease, now: scene.now)
    try expect(again.allSatisfy(\.isPaused), "expected the rows of a paused schedule to say so")
  },
]
