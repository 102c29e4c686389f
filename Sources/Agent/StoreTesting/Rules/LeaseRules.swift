import EventModel
import Store

let leaseRules: [ConformanceRule] = [
  ConformanceRule("a newer epoch fences the older one at once") { scene in
    try await scene.crowd(10, due: scene.now)
    let old = try await scene.agent()
    let events = try await scene.take(old, at: scene.now)
    let new = try await scene.agent()
    try expect(new.epoch > old.epoch && new.agent == old.agent, "expected a later epoch of the same agent")
    try await expectRefusal(.fenced, "renewal") {
      try await scene.store.renew(old, leaseFor: .seconds(10), now: scene.now)
    }
    try await expectRefusal(.fenced, "claim") { try await scene.claim(old, at: scene.now) }
    let refs = Set(events.map(\.ref.bucket))
    let early = try await scene.store.record(events.map { Scene.receipt($0) }, lease: old, now: scene.now)
    try expectEqual(early.fenced, refs, "buckets fenced before they were claimed again")
    let again = try await scene.claim(new, at: scene.now)
    try expect(!again.isEmpty && again.allSatisfy(\.isPartial), "expected its own buckets again, as partial ones")
    let answer = try await scene.store.record(events.map { Scene.receipt($0) }, lease: old, now: scene.now)
    try expectEqual(answer.fenced, refs, "buckets fenced")
    try expectEqual(try await scene.audit().closedOnce, 0, "rows closed by the older epoch")
  },
  ConformanceRule("a restarted agent gets its own buckets before all others, and nobody else gets them") { scene in
    try await scene.crowd(5, due: scene.now + .minutes(1), prefix: "late")
    let own = try await scene.claim(try await scene.agent(), at: scene.now)
    try await scene.crowd(5, due: scene.now, prefix: "early")
    let restarted = try await scene.agent()
    let other = try await scene.agent("two")
    let count = own.reduce(0) { $0 + Int($1.count) }
    let first = try await scene.claim(restarted, events: count, at: scene.now)
    try expectEqual(Set(first.map(\.id)), Set(own.map(\.id)), "buckets of the first claim")
    let rest = try await scene.claim(other, at: scene.now)
    try expect(Set(rest.map(\.id)).isDisjoint(with: own.map(\.id)), "another agent got an owned bucket")
    try expect(!rest.isEmpty, "expected the free buckets for the other agent")
  },
  ConformanceRule("buckets of a lease that ended are taken over, and the silent owner is fenced") { scene in
    try await scene.crowd(10, due: scene.now)
    let silent = try await scene.agent("silent")
    let events = try await scene.take(silent, at: scene.now)
    let half = Array(events.prefix(4))
    try await scene.deliver(half, silent, at: scene.now)
    let heir = try await scene.store.openAgent(name: "heir", version: "1", leaseFor: .hours(1), now: scene.now)
    let within = scene.now + .seconds(9)
    try expectEqual(try await scene.claim(heir, at: within).count, 0, "buckets before the lease's end")
    let after = scene.now + .seconds(11)
    let rest = try await scene.take(heir, at: after)
    try expectEqual(
      Set(rest.map(\.identity)), Set(events.dropFirst(4).map(\.identity)), "rows that the heir loads")
    try await expectRefusal(.fenced, "the silent agent's renewal") {
      try await scene.store.renew(silent, leaseFor: .seconds(10), now: after)
    }
    let answer = try await scene.store.record(
      events.dropFirst(4).map { Scene.receipt($0) }, lease: silent, now: after)
    try expectEqual(answer.fenced, Set(rest.map(\.ref.bucket)), "buckets fenced")
    try await scene.deliver(rest, heir, at: after)
    try expectEqual(try await scene.audit().closedOnce, 10, "rows closed")
  },
  ConformanceRule("a released lease frees its buckets at once") { scene in
    try await scene.crowd(10, due: scene.now)
    let lease = try await scene.agent()
    let own = try await scene.claim(lease, at: scene.now)
    try await scene.store.release(lease, now: scene.now)
    let next = try await scene.claim(try await scene.agent("two"), at: scene.now)
    try expectEqual(Set(next.map(\.id)), Set(own.map(\.id)), "buckets freed")
    let record = try await scene.store.agents().first { $0.name == "one" }
    try expectEqual(record?.ownedBuckets, 0, "buckets of the released agent")
  },
  ConformanceRule("what was acknowledged is there after the store is opened again") { scene in
    try await scene.crowd(50, due: scene.now)
    let lease = try await scene.agent()
    let events = try await scene.take(lease, at: scene.now)
    try await scene.deliver(Array(events.prefix(20)), lease, at: scene.now)
    let later = try await scene.reopened()
    let again = try await later.take(try await later.agent(), at: scene.now)
    try expectEqual(Set(again.map(\.identity)), Set(events.dropFirst(20).map(\.identity)), "rows left")
    try expectEqual(try await later.audit().closedOnce, 20, "rows closed")
    await later.store.close()
  },
]
