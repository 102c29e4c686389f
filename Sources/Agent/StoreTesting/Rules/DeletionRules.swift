import EventModel
import Store

let deletionRules: [ConformanceRule] = [
  ConformanceRule("deleting a person erases it, and what was pending is for the planner to withdraw") { scene in
    try await scene.commit(.putUser(User(namespace: "default", id: "ada"), .none))
    let number = try await scene.planned("s", [Scene.event("k", due: scene.now + .hours(1))], user: "ada")
    try await scene.commit(.deleteUser(namespace: "default", id: "ada", .none))
    try await expectRefusal(.notFound, "the person") { try await scene.store.user(namespace: "default", id: "ada") }
    try await expectRefusal(.notFound, "the schedule") {
      try await scene.store.schedule(namespace: "default", id: "s")
    }
    let item = try await scene.item("s")
    try expect(!item.isActive && item.isReplan && item.user == nil, "expected an item to withdraw")
    try expectEqual(item.pending.map(\.key), ["k"], "pending keys")
    _ = try await scene.store.commitPlan([Scene.plan(item, nextDue: nil, withdrawals: ["k"])], now: scene.now)
    try expectEqual(try await scene.state(EventIdentity(schedule: number, key: "k")), .cancelled, "state")
    let left = try await scene.store.schedulesToPlan(dueBefore: Timestamp(microseconds: .max), limit: 10)
    try expectEqual(left.count, 0, "schedules to plan")
  },
  ConformanceRule("deleting a person erases rendered messages, of retries and of dead letters") { scene in
    try await scene.commit(.putUser(User(namespace: "default", id: "ada"), .none))
    try await scene.planned("s", [Scene.event("a", due: scene.now), Scene.event("b", due: scene.now)], user: "ada")
    let lease = try await scene.agent()
    let rows = try await scene.take(lease, at: scene.now)
    let later = scene.now + .minutes(2)
    _ = try await scene.store.record(
      [
        Scene.receipt(rows[0], .retry, followUp: Scene.retry(rows[0], at: later)),
        Scene.receipt(rows[1], .dead, dead: Message(title: "Ada", text: "Ada")),
      ], lease: lease, now: scene.now)
    try await scene.commit(.deleteUser(namespace: "default", id: "ada", .none))
    let retry = try await scene.take(try await scene.agent(at: later), at: later)
    try expectEqual(retry.map(\.rendered), [nil], "rendered message of the retry")
    try expectEqual(retry.map(\.isPaused), [true], "whether the retry is skipped")
    let letters = try await scene.store.deadLetters(
      namespace: "default", filter: DeadLetterFilter(), page: PageRequest(size: 10)
    ).items
    try expectEqual(letters.map(\.message), [Message(title: "", text: "")], "message of the dead letter")
  },
  ConformanceRule("a deleted schedule leaves its name free, and its history readable") { scene in
    let number = try await scene.planned("s", [Scene.event("k", due: scene.now)])
    let lease = try await scene.agent()
    try await scene.deliver(try await scene.take(lease, at: scene.now), lease, at: scene.now)
    try await scene.commit(.deleteSchedule(namespace: "default", id: "s", .none))
    let identity = EventIdentity(schedule: number, key: "k")
    try expectEqual(try await scene.state(identity), .completed, "state")
    try expectEqual(try await scene.store.history(namespace: "default", identity: identity).count, 3, "steps")
    try await scene.commit(.putSchedule(Scene.schedule("s"), .absent))
    let again = try await scene.store.schedule(namespace: "default", id: "s")
    try expect(again.number != number, "expected a new number")
  },
  ConformanceRule("a queue in use is deleted only with another to move to, and a standard one never") { scene in
    var queue = Queue.low
    queue.name = "bulk"
    try await scene.commit(.putQueue(queue, .none))
    try await scene.commit(.putSchedule(Scene.schedule("named", queue: "bulk"), .none))
    try await expectRefusal(.failedPrecondition, "a queue that a schedule names") {
      try await scene.commit(.deleteQueue(name: "bulk", moveTo: nil, .none))
    }
    let item = try await scene.item("named")
    let events = [
      Scene.event("free", due: scene.now + .hours(1), queue: "bulk"), Scene.event("k", due: scene.now, queue: "bulk"),
    ]
    _ = try await scene.store.commitPlan([Scene.plan(item, events)], now: scene.now)
    let lease = try await scene.agent()
    let rows = try await scene.take(lease, ["bulk"], at: scene.now)
    try expectEqual(rows.count, 1, "rows owned")
    try await expectRefusal(.invalid, field: "move_to", "an unknown target") {
      try await scene.commit(.deleteQueue(name: "bulk", moveTo: "nowhere", .none))
    }
    try await scene.commit(.deleteQueue(name: "bulk", moveTo: "normal", .none))
    try expectEqual(try await scene.store.schedule(namespace: "default", id: "named").queue, "normal", "queue named")
    let retry = Scene.receipt(rows[0], .retry, followUp: Scene.retry(rows[0], at: scene.now + .minutes(1)))
    _ = try await scene.store.record([retry], lease: lease, now: scene.now)
    let later = try await scene.agent(at: scene.now + .hours(1))
    let moved = try await scene.take(later, ["normal"], at: scene.now + .hours(1))
    try expectEqual(Set(moved.map(\.identity.key)), ["k", "free"], "rows in the other queue")
    try await expectRefusal(.failedPrecondition, "a standard queue") {
      try await scene.commit(.deleteQueue(name: "low", moveTo: "high", .none))
    }
  },
]
