import EventModel
import Store

private func oneOff(
  _ id: String, due: Timestamp, key: String? = nil, queue: String = "low", user: String? = nil
) -> OneOff {
  OneOff(
    schedule: Scene.schedule(id, user: user, type: "notification"),
    event: Scene.event(key ?? id, due: due, queue: queue), idempotencyKey: key ?? id)
}

let oneOffRules: [ConformanceRule] = [
  ConformanceRule("a one-off that may start now is made owned, and a later one is not") { scene in
    let lease = try await scene.agent()
    let answer = try await scene.store.submit(
      [oneOff("now", due: scene.now), oneOff("later", due: scene.now + .hours(1))], owner: lease, now: scene.now)
    try expectEqual(answer.owned.map(\.count), [1], "owned buckets")
    let bucket = try require(answer.owned.first, "an owned bucket")
    try expect(!bucket.isPartial, "a new bucket is not partial")
    let events = try await scene.store.load(bucket.id, lease: lease, now: scene.now)
    try expectEqual(events.map(\.scheduleID), ["now"], "owned events")
    try expectEqual(try await scene.claim(lease, ["low"], at: scene.now).count, 0, "buckets left to claim")
    try await scene.deliver(events, lease, at: scene.now)
    try expectEqual(try await scene.audit().open, 1, "rows open")
  },
  ConformanceRule("a one-off without a live owner, or for a paused queue, waits to be claimed") { scene in
    var low = Queue.low
    low.paused = true
    try await scene.commit(.putQueue(low, .none))
    let lease = try await scene.agent()
    let paused = try await scene.store.submit([oneOff("p", due: scene.now)], owner: lease, now: scene.now)
    try expectEqual(paused.owned.count, 0, "buckets of a paused queue owned")
    let late = scene.now + .minutes(5)
    let answer = try await scene.store.submit([oneOff("a", due: late, queue: "high")], owner: lease, now: late)
    try expectEqual(answer.owned.count, 0, "buckets owned under an ended lease")
    let next = try await scene.agent("two", at: late)
    try expectEqual(try await scene.take(next, ["high", "low"], at: late).map(\.scheduleID), ["a"], "rows claimed")
  },
  ConformanceRule("the same idempotency key answers the same event, also from callers that race") { scene in
    let answers = try await withThrowingTaskGroup(of: SubmissionAnswer.self) { group in
      for caller in 0..<8 {
        group.addTask {
          var one = oneOff("caller-\(caller)", due: scene.now, key: "order-1")
          one.event.key = "order-1"
          return try await scene.store.submit([one], owner: nil, now: scene.now)
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    var identities: Set<EventIdentity> = []
    var created = 0
    for submission in answers.flatMap(\.submissions) {
      switch submission {
      case .created(let identity):
        created += 1
        identities.insert(identity)
      case .existing(let identity): identities.insert(identity)
      case .refused(let error): throw ConformanceFailure(description: "refused: \(error)")
      }
    }
    try expectEqual(created, 1, "events created")
    try expectEqual(identities.count, 1, "identities answered")
    try expectEqual(try await scene.audit().rows, 1, "event rows")
  },
  ConformanceRule("a one-off that names what does not exist is refused, and the others are made") { scene in
    let answer = try await scene.store.submit(
      [
        oneOff("user", due: scene.now, user: "nobody"), oneOff("queue", due: scene.now, queue: "nowhere"),
        oneOff("bad key", due: scene.now), oneOff("good", due: scene.now),
      ], owner: nil, now: scene.now)
    let fields = answer.submissions.map { submission in
      if case .refused(let error) = submission { error.violations.first?.field ?? "" } else { "made" }
    }
    try expectEqual(fields, ["user_id", "queue", "id", "made"], "fields named")
    try expectEqual(try await scene.audit().rows, 1, "event rows")
    try expectEqual(try await scene.store.schedule(namespace: "default", id: "good").state, .ended, "state")
  },
  ConformanceRule("a one-off that names a sink goes to that sink alone, and an unknown one is refused") { scene in
    let hook = try await scene.sink("hook")
    var one = oneOff("one", due: scene.now)
    one.sink = "hook"
    var unknown = oneOff("unknown", due: scene.now)
    unknown.sink = "nobody"
    let answer = try await scene.store.submit([one, unknown], owner: nil, now: scene.now)
    guard case .created(let identity) = answer.submissions[0], case .refused(let error) = answer.submissions[1] else {
      throw ConformanceFailure(description: "expected one event and one refusal, found \(answer.submissions)")
    }
    try expectEqual(error.violations.map(\.field), ["sink"], "field named")
    let events = try await scene.store.events(
      namespace: "default", filter: EventFilter(), page: PageRequest(size: 10)
    ).items
    try expectEqual(events.map(\.identity), [identity], "events listed")
    let lease = try await scene.agent()
    let rows = try await scene.take(lease, ["low"], at: scene.now)
    try expectEqual(rows.map(\.sink), [hook], "sinks")
    try expectEqual(rows.map(\.expiresFrom), [nil], "what its expiry counts from")
    let moved = try await scene.store.move(
      identity, dueAt: scene.now + .hours(1), queue: nil, actor: Actor(name: "test"), now: scene.now)
    guard case .asked = moved else { throw ConformanceFailure(description: "expected to ask, found \(moved)") }
    try await scene.store.release(lease, now: scene.now)
    let later = scene.now + .hours(1)
    let next = try await scene.agent(at: later)
    try expectEqual(try await scene.take(next, ["low"], at: later).map(\.sink), [hook], "sinks after a move")
  },
  ConformanceRule("deleting a one-off that names a sink withdraws it") { scene in
    _ = try await scene.sink("hook")
    var one = oneOff("one", due: scene.now + .hours(1))
    one.sink = "hook"
    _ = try await scene.store.submit([one], owner: nil, now: scene.now)
    try await scene.commit(.deleteSchedule(namespace: "default", id: "one", .none))
    let item = try await scene.item("one")
    try expectEqual(item.pending.map(\.key), ["one"], "pending keys")
    _ = try await scene.store.commitPlan([Scene.plan(item, nextDue: nil, withdrawals: ["one"])], now: scene.now)
    try expectEqual(try await scene.audit().open, 0, "rows open")
  },
  ConformanceRule("a test run is known as one wherever it is seen, and only a one-off is one") { scene in
    var one = oneOff("one", due: scene.now)
    one.schedule.isTest = true
    let answer = try await scene.store.submit([one, oneOff("real", due: scene.now)], owner: nil, now: scene.now)
    guard case .created(let identity) = answer.submissions[0] else {
      throw ConformanceFailure(description: "expected an event, found \(answer.submissions)")
    }
    try expectEqual(try await scene.store.schedule(namespace: "default", id: "one").isTest, true, "schedule")
    try expectEqual(try await scene.store.event(namespace: "default", identity: identity).isTest, true, "event")
    let lease = try await scene.agent()
    let rows = try await scene.take(lease, ["low"], at: scene.now)
    let tests = Dictionary(uniqueKeysWithValues: rows.map { ($0.scheduleID, $0.isTest) })
    try expectEqual(tests, ["one": true, "real": false], "rows")
    try await expectRefusal(.invalid, field: "is_test", "a series as a test") {
      var series = Scene.schedule("series")
      series.isTest = true
      return try await scene.commit(.putSchedule(series, .none))
    }
  },
]
