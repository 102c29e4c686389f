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
]
