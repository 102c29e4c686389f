import EventModel
import Store

let upkeepRules: [ConformanceRule] = [
  ConformanceRule("retention removes old history, and never an open bucket") { scene in
    // A store may drop history by whole days: what stays open is of another one.
    let tomorrow = scene.now + .hours(24)
    try await scene.crowd(20, due: scene.now)
    try await scene.crowd(1, due: tomorrow, prefix: "open")
    let lease = try await scene.agent()
    let done = try await scene.take(lease, at: scene.now)
    try await scene.deliver(done, lease, at: scene.now)
    let still = try await scene.agent(at: tomorrow)
    let open = try require(try await scene.take(still, at: tomorrow).first, "an open row")
    let events = done + [open]
    try await scene.watchersCatchUp()
    let cursor = try await scene.store.watch(namespace: "default", after: "latest", limit: 1).next
    let later = scene.now + .hours(72)
    var buckets = 0
    var answer: RetentionAnswer
    repeat {
      answer = try await scene.store.dropHistory(before: later, deadLettersBefore: later)
      buckets += answer.buckets
    } while answer.isPartial
    try expectEqual(buckets, Set(done.map(\.ref.bucket)).count, "buckets removed")
    let check = try await scene.audit()
    try expectEqual(check.rows, events.count - done.count, "rows left")
    try expectEqual(check.open, check.rows, "rows open")
    let rest = try await scene.store.load(open.ref.bucket, lease: still, now: tomorrow)
    try await scene.deliver(rest, still, at: tomorrow)
    try await scene.watchersCatchUp()
    let seen = try await scene.store.watch(namespace: "default", after: cursor, limit: 100).items
    try expectEqual(Set(seen.map(\.identity)), Set(rest.map(\.identity)), "receipts seen after retention")
  },
  ConformanceRule("retention removes old dead letters, and one-offs nobody can ask about any more") { scene in
    let one = OneOff(
      schedule: Scene.schedule("note", type: "notification"), event: Scene.event("key", due: scene.now, queue: "low"),
      idempotencyKey: "key")
    let lease = try await scene.agent()
    let submitted = try await scene.store.submit([one], owner: lease, now: scene.now)
    let bucket = try require(submitted.owned.first, "an owned bucket")
    let rows = try await scene.store.load(bucket.id, lease: lease, now: scene.now)
    let dead = Scene.receipt(rows[0], .dead, dead: Message(title: "t", text: "t"))
    _ = try await scene.store.record([dead], lease: lease, now: scene.now)
    let later = scene.now + .hours(48)
    let kept = try await scene.store.dropHistory(before: scene.now, deadLettersBefore: scene.now)
    try expectEqual(kept, RetentionAnswer(buckets: 0, deadLetters: 0, isPartial: false), "removed too early")
    let answer = try await scene.store.dropHistory(before: later, deadLettersBefore: later)
    try expectEqual(answer, RetentionAnswer(buckets: 1, deadLetters: 1, isPartial: false), "removed")
    try await expectRefusal(.notFound, "the one-off's schedule") {
      try await scene.store.schedule(namespace: "default", id: "note")
    }
  },
  ConformanceRule("what nobody owns expires with its queue, also while it is paused; owned rows do not") { scene in
    try await scene.crowd(5, due: scene.now)
    let lease = try await scene.store.openAgent(name: "one", version: "1", leaseFor: .hours(48), now: scene.now)
    let owned = try await scene.take(lease, at: scene.now)
    try await scene.crowd(3, due: scene.now, prefix: "free")
    var queue = Queue.critical
    queue.paused = true
    try await scene.commit(.putQueue(queue, .none))
    let expiry = scene.now + Queue.critical.expiresAfter
    try expectEqual(try await scene.store.expire(now: expiry), 0, "rows expired at the bound")
    try expectEqual(try await scene.store.expire(now: expiry + .seconds(1)), 3, "rows expired after it")
    let check = try await scene.audit()
    try expectEqual(check.outcomes, [.expired: 3], "receipts")
    try expectEqual(check.open, owned.count, "rows open")
  },
  ConformanceRule("the ledger's sums tell open from closed, and count receipts by outcome") { scene in
    let hour = scene.now + .hours(1)
    try await scene.crowd(6, due: scene.now)
    try await scene.crowd(2, due: hour, prefix: "later")
    let lease = try await scene.agent()
    let events = try await scene.take(lease, at: scene.now)
    let outcomes: [Outcome] = [.delivered, .delivered, .skipped, .merged]
    let receipts = zip(events, outcomes).map { Scene.receipt($0, $1) }
    _ = try await scene.store.record(receipts, lease: lease, now: scene.now)
    let check = try await scene.store.check(from: scene.now, to: hour)
    let wanted = LedgerCheck(
      rows: 6, closedOnce: 4, lost: 0, closedTwice: 0, open: 2, outcomes: [.delivered: 2, .skipped: 1, .merged: 1])
    try expectEqual(check, wanted, "sums of the hour")
    try expectEqual(try await scene.store.check(from: hour, to: hour + .seconds(1)).rows, 2, "rows of the second")
  },
  ConformanceRule("the store has a clock that goes") { scene in
    let first = try await scene.store.clock()
    let second = try await scene.store.clock()
    try expect(first > Timestamp(seconds: 1_700_000_000) && second >= first, "expected the present time")
  },
]
