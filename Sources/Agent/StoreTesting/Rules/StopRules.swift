import EventModel
import Store

let stopRules: [ConformanceRule] = [
  ConformanceRule("while everything is stopped nothing is claimed, and afterwards all of it") { scene in
    try await scene.crowd(3, due: scene.now)
    let lease = try await scene.agent()
    let before = try await scene.store.renew(lease, leaseFor: .seconds(10), now: scene.now).queueRevision
    try expectEqual(try await scene.store.stopOrder(), nil, "order before")
    try expectEqual(try await scene.commit(.stopAll(reason: "wrong names")).map(\.effect), [.created], "effect")
    let order = StopOrder(at: scene.now, actor: "test", reason: "wrong names")
    try expectEqual(try await scene.store.stopOrder(), order, "order")
    let stopped = try await scene.store.renew(lease, leaseFor: .seconds(10), now: scene.now).queueRevision
    try expect(stopped > before, "expected agents to learn of the stop")
    try expectEqual(try await scene.claim(lease, at: scene.now).count, 0, "buckets claimed")
    try expectEqual(try await scene.store.nextClaimable(now: scene.now), nil, "next claim")
    let again = try await scene.commit(.stopAll(reason: "another"), at: scene.now + .seconds(1))
    try expectEqual(again, [ChangeResult(effect: .unchanged, revision: stopped)], "a second order")
    try expectEqual(try await scene.store.stopOrder(), order, "order after the second")
    let reopened = try await scene.reopened()
    try expectEqual(try await reopened.store.stopOrder(), order, "order after a restart")
    let other = try await reopened.agent("two")
    try expectEqual(try await reopened.claim(other, at: scene.now).count, 0, "buckets claimed by another")
    try expectEqual(try await reopened.commit(.resumeAll).map(\.effect), [.deleted], "effect of the resume")
    try expectEqual(try await reopened.commit(.resumeAll).map(\.effect), [.unchanged], "effect of another resume")
    let resumed = try await reopened.store.renew(other, leaseFor: .seconds(10), now: scene.now).queueRevision
    try expect(resumed > stopped, "expected agents to learn of the resume")
    try expectEqual(try await reopened.take(other, at: scene.now).count, 3, "rows claimed")
  },
  ConformanceRule("owned rows are recorded and given back while everything is stopped, and unowned ones expire") {
    scene in
    try await scene.crowd(1, due: scene.now, prefix: "a")
    let lease = try await scene.store.openAgent(name: "one", version: "1", leaseFor: .hours(48), now: scene.now)
    let rows = try await scene.take(lease, at: scene.now)
    try await scene.crowd(2, due: scene.now, prefix: "b")
    try await scene.commit(.stopAll(reason: ""))
    let retry = Scene.receipt(rows[0], .retry, followUp: Scene.retry(rows[0], at: scene.now))
    _ = try await scene.store.record([retry], lease: lease, now: scene.now)
    try expectEqual(try await scene.claim(lease, at: scene.now + .minutes(1)).count, 0, "buckets claimed")
    let expiry = scene.now + Queue.critical.expiresAfter + .seconds(1)
    try expectEqual(try await scene.store.expire(now: expiry), 3, "rows expired")
    try expectEqual(try await scene.audit().open, 0, "rows open")
  },
  ConformanceRule("a one-off that is made while everything is stopped is nobody's until it is resumed") { scene in
    let lease = try await scene.agent()
    try await scene.commit(.stopAll(reason: ""))
    let one = OneOff(
      schedule: Scene.schedule("one", type: "notification"), event: Scene.event("k", due: scene.now, queue: "low"),
      idempotencyKey: "k")
    let answer = try await scene.store.submit([one], owner: lease, now: scene.now)
    try expectEqual(answer.owned.count, 0, "buckets owned")
    try await scene.commit(.resumeAll)
    try expectEqual(try await scene.take(lease, ["low"], at: scene.now).map(\.scheduleID), ["one"], "rows claimed")
  },
  ConformanceRule("a stop's reason is short, and a dry run stops nothing") { scene in
    try await expectRefusal(.invalid, field: "reason", "a long reason") {
      try await scene.commit(.stopAll(reason: String(repeating: "x", count: 501)))
    }
    try await scene.commit(.stopAll(reason: "x"), dryRun: true)
    try expectEqual(try await scene.store.stopOrder(), nil, "order")
  },
]
