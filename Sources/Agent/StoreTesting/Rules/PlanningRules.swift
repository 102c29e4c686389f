import EventModel
import Store

let planningRules: [ConformanceRule] = [
  ConformanceRule("a new schedule is to be planned at once, with what planning needs") { scene in
    let user = User(
      namespace: "default", id: "ada", displayName: "Ada", timeZone: "Asia/Tokyo", dates: ["birth": "1990-05-04"])
    var schedule = Scene.schedule("s", user: "ada")
    schedule.catchUp = CatchUp(mode: .merge, window: .hours(3))
    schedule.fold = .both
    try await scene.commit(.putUser(user, .none), .putSchedule(schedule, .none))
    let item = try await scene.item("s")
    try expectEqual(item.timeZone, "Asia/Tokyo", "the user's zone counts")
    try expectEqual(item.queue, "critical", "the event type's queue counts")
    try expectEqual(item.catchUp, CatchUp(mode: .merge, window: .hours(3)), "catch-up policy")
    try expectEqual(item.fold, .both, "fold rule")
    try expectEqual(item.user?.datesJSON, #"{"birth":"1990-05-04"}"#, "the user's dates")
    try expect(item.isActive && !item.isReplan && item.cursor == nil, "expected a fresh, active item")
    try expect(item.takesPast, "expected that what is past already is late")
  },
  ConformanceRule("after a pause, what is past counts no more as late") { scene in
    var schedule = Scene.schedule("s")
    schedule.state = .paused
    try await scene.commit(.putSchedule(schedule, .none))
    schedule.state = .active
    try await scene.commit(.putSchedule(schedule, .none), at: scene.now + .hours(1))
    try expect(!(try await scene.item("s").takesPast), "expected that what fell into the pause is left out")
  },
  ConformanceRule("a plan advances the series, and keeps where it stands") { scene in
    try await scene.commit(.putSchedule(Scene.schedule("s"), .none))
    let item = try await scene.item("s")
    let next = scene.now + .hours(48)
    let plan = Scene.plan(item, [Scene.event("k1", due: scene.now + .hours(1))], nextDue: next)
    try expectEqual(try await scene.store.commitPlan([plan], now: scene.now).events, 1, "events")
    let early = try await scene.store.schedulesToPlan(dueBefore: next, limit: 10)
    try expect(early.isEmpty, "expected nothing to plan before the next occurrence")
    let later = try await scene.item("s")
    try expectEqual(later.cursor, plan.cursor, "cursor")
    try expectEqual(try await scene.store.schedule(namespace: "default", id: "s").nextDue, next, "next due time shown")
  },
  ConformanceRule("of planners that race, one plans each occurrence") { scene in
    try await scene.commit(.putSchedule(Scene.schedule("s"), .none))
    let item = try await scene.item("s")
    let plan = Scene.plan(item, [Scene.event("k", due: scene.now + .hours(1))])
    let answers = try await withThrowingTaskGroup(of: PlanAnswer.self) { group in
      for _ in 0..<8 { group.addTask { try await scene.store.commitPlan([plan], now: scene.now) } }
      return try await group.reduce(into: [PlanAnswer]()) { $0.append($1) }
    }
    try expectEqual(answers.reduce(0) { $0 + $1.planned }, 1, "plans kept")
    try expectEqual(answers.filter { $0.conflicts == [item.schedule] }.count, 7, "plans refused")
    try expectEqual(try await scene.audit().rows, 1, "event rows")
  },
  ConformanceRule("a plan made before a change by people is not kept") { scene in
    try await scene.commit(.putSchedule(Scene.schedule("s"), .none))
    let item = try await scene.item("s")
    var changed = Scene.schedule("s")
    changed.definitionJSON = #"{"at":"10:00"}"#
    try await scene.commit(.putSchedule(changed, .none))
    let answer = try await scene.store.commitPlan(
      [Scene.plan(item, [Scene.event("k", due: scene.now)])], now: scene.now)
    try expectEqual(answer.conflicts, [item.schedule], "conflicts")
    try expectEqual(try await scene.audit().rows, 0, "event rows")
  },
  ConformanceRule("a key with a row is never planned again, pending or settled") { scene in
    let due = scene.now + .hours(1)
    try await scene.planned("s", [Scene.event("k", due: due)])
    let pending = try await scene.item("s")
    let again = try await scene.store.commitPlan([Scene.plan(pending, [Scene.event("k", due: due)])], now: scene.now)
    try expectEqual(again.events, 0, "events of a pending key")
    let lease = try await scene.agent(at: due)
    try await scene.deliver(try await scene.take(lease, at: due), lease, at: due)
    let settled = try await scene.item("s")
    let third = try await scene.store.commitPlan([Scene.plan(settled, [Scene.event("k", due: due)])], now: due)
    try expectEqual(third.events, 0, "events of a settled key")
    try expectEqual(try await scene.audit().rows, 1, "event rows")
  },
  ConformanceRule("what was missed and is not sent is closed as it is planned") { scene in
    let closed = PlannedEvent.Closed(outcome: .skipped, code: "superseded", detail: "missed")
    let number = try await scene.planned(
      "s",
      [
        Scene.event("old", due: scene.now - .hours(2), run: scene.now, closedAs: closed),
        Scene.event("new", due: scene.now - .hours(1), run: scene.now),
      ])
    let lease = try await scene.agent()
    let loaded = try await scene.take(lease, at: scene.now)
    try expectEqual(loaded.map(\.identity.key), ["new"], "rows to send")
    let old = EventIdentity(schedule: number, key: "old")
    try expectEqual(try await scene.state(old), .skipped, "the missed one's state")
    try expectEqual(try await scene.audit().closedOnce, 1, "rows closed")
  },
  ConformanceRule("a bucket has at most 2,000 events of one minute, shard and queue") { scene in
    let due = scene.now + .hours(1)
    try await scene.commit(.putSchedule(Scene.schedule("s"), .none))
    let many = (0..<4_500).map { Scene.event("k\($0)", due: due + .milliseconds(Int64($0 % 60_000))) }
    let item = try await scene.item("s")
    let other = [Scene.event("next", due: due + .minutes(1)), Scene.event("low", due: due, queue: "low")]
    try expectEqual(
      try await scene.store.commitPlan([Scene.plan(item, many + other)], now: scene.now).events, 4_502, "events")
    let lease = try await scene.agent(at: due + .minutes(1))
    let buckets = try await scene.claim(lease, ["critical", "low"], at: due + .minutes(1))
    try expect(buckets.allSatisfy { $0.count <= 2_000 && $0.count > 0 }, "expected buckets of 1 to 2,000 events")
    try expectEqual(buckets.reduce(0) { $0 + Int($1.count) }, 4_502, "events in buckets")
    for bucket in buckets {
      let events = try await scene.store.load(bucket.id, lease: lease, now: due)
      try expect(
        events.allSatisfy { $0.runAt.minute == bucket.minute && $0.queue == bucket.queue },
        "expected one minute and queue in a bucket")
      try expect(zip(events, events.dropFirst()).allSatisfy { $0.runAt <= $1.runAt }, "expected rows in order of start")
    }
  },
  ConformanceRule("a series without a next occurrence has ended, and one with an error tells why") { scene in
    try await scene.commit(.putSchedule(Scene.schedule("over"), .none), .putSchedule(Scene.schedule("bad"), .none))
    let over = try await scene.item("over")
    var failed = Scene.plan(try await scene.item("bad"), nextDue: scene.now + .hours(1))
    failed.error = "no such zone"
    _ = try await scene.store.commitPlan([Scene.plan(over, nextDue: nil), failed], now: scene.now)
    try expectEqual(try await scene.store.schedule(namespace: "default", id: "over").state, .ended, "state")
    let bad = try await scene.store.schedule(namespace: "default", id: "bad")
    try expectEqual(bad.planError, "no such zone", "error")
    try expectEqual(bad.state, .active, "state")
  },
  ConformanceRule("an event for a queue that does not exist is refused") { scene in
    try await scene.commit(.putSchedule(Scene.schedule("s"), .none))
    let plan = Scene.plan(try await scene.item("s"), [Scene.event("k", due: scene.now, queue: "nowhere")])
    try await expectRefusal(.invalid, field: "queue", "unknown queue") {
      try await scene.store.commitPlan([plan], now: scene.now)
    }
  },
]

let replanRules: [ConformanceRule] = [
  ConformanceRule("a changed schedule is planned anew, and its pending rows move without a double") { scene in
    let due = scene.now + .hours(1)
    let number = try await scene.planned("s", [Scene.event("k", due: due), Scene.event("gone", due: due)])
    var changed = Scene.schedule("s")
    changed.definitionJSON = #"{"at":"10:00"}"#
    try await scene.commit(.putSchedule(changed, .none))
    let item = try await scene.item("s")
    try expect(item.isReplan, "expected a re-plan")
    try expectEqual(Set(item.pending.map(\.key)), ["k", "gone"], "pending keys")
    try expect(item.pending.allSatisfy { !$0.isOwned && $0.dueAt == due }, "expected unowned pending rows")
    let move = SchedulePlan.Move(
      key: "k", dueAt: due + .hours(1), runAt: due + .hours(1), queue: "high", timeZone: "Asia/Tokyo")
    let plan = Scene.plan(item, [Scene.event("k", due: due + .hours(1))], withdrawals: ["gone"], moves: [move])
    try expectEqual(try await scene.store.commitPlan([plan], now: scene.now).events, 0, "events made beside the move")
    let moved = try await scene.store.event(
      namespace: "default", identity: EventIdentity(schedule: number, key: "k"))
    try expectEqual(moved.dueAt, due + .hours(1), "due time")
    try expectEqual(moved.queue, "high", "queue")
    try expectEqual(moved.timeZone, "Asia/Tokyo", "zone")
    try expectEqual(try await scene.state(EventIdentity(schedule: number, key: "gone")), .cancelled, "withdrawn state")
    let lease = try await scene.agent(at: due)
    try expectEqual(try await scene.take(lease, at: due).count, 0, "rows at the old time")
    let later = try await scene.agent(at: due + .hours(1))
    let rows = try await scene.take(later, ["critical", "high"], at: due + .hours(1))
    try expectEqual(rows.map(\.identity.key), ["k"], "rows at the new time")
    try await scene.audit()
  },
  ConformanceRule("a re-plan knows what was settled, and changes owned rows by a command") { scene in
    let due = scene.now + .minutes(1)
    try await scene.planned("s", [Scene.event("done", due: scene.now), Scene.event("k", due: due)])
    let lease = try await scene.agent()
    let events = try await scene.take(lease, at: scene.now)
    try await scene.deliver(events.filter { $0.identity.key == "done" }, lease, at: scene.now)
    let marked = try await scene.store.markForReplan(timeZones: ["UTC"], now: scene.now)
    try expectEqual(marked, 1, "schedules of the zone")
    let item = try await scene.item("s")
    try expectEqual(item.settledKeys, ["done"], "settled keys")
    try expectEqual(item.pending.map(\.isOwned), [true], "pending rows owned")
    _ = try await scene.store.commitPlan([Scene.plan(item, withdrawals: ["k"])], now: scene.now)
    let renewal = try await scene.store.renew(lease, leaseFor: .seconds(10), now: scene.now)
    try expectEqual(renewal.commands.map(\.ref), events.filter { $0.identity.key == "k" }.map(\.ref), "commands")
  },
  ConformanceRule("pausing or moving a person plans their schedules anew, a new nickname does not") { scene in
    var user = User(namespace: "default", id: "ada", timeZone: "Europe/Berlin")
    try await scene.commit(.putUser(user, .none))
    try await scene.planned("s", [Scene.event("k", due: scene.now)], user: "ada")
    user.nickname = "A"
    try await scene.commit(.putUser(user, .none))
    try expect(try await !scene.item("s").isReplan, "a nickname asked for a re-plan")
    user.timeZone = "Asia/Tokyo"
    try await scene.commit(.putUser(user, .none))
    try expect(try await scene.item("s").isReplan, "a zone asked for no re-plan")
    user.paused = true
    try await scene.commit(.putUser(user, .none))
    try expect(try await !scene.item("s").isActive, "expected nothing to plan for a paused person")
    let lease = try await scene.agent()
    try expectEqual(try await scene.take(lease, at: scene.now).map(\.isPaused), [true], "rows of a paused person")
  },
]
