import EventModel
import Store

let recordRules: [ConformanceRule] = [
  ConformanceRule("load and recovery are the same: what has no closing receipt") { scene in
    try await scene.crowd(60, due: scene.now)
    let lease = try await scene.agent()
    let events = try await scene.take(lease, at: scene.now)
    try expectEqual(events.count, 60, "rows of the first load")
    let done = events.enumerated().filter { $0.offset % 3 == 0 }.map(\.element)
    try await scene.deliver(done, lease, at: scene.now)
    var left: Set<EventRef> = []
    for bucket in Set(events.map(\.ref.bucket)) {
      left.formUnion(try await scene.store.load(bucket, lease: lease, now: scene.now).map(\.ref))
    }
    try expectEqual(left, Set(events.map(\.ref)).subtracting(done.map(\.ref)), "rows of the second load")
  },
  ConformanceRule("a loaded row brings all that sending needs") { scene in
    let user = User(
      namespace: "default", id: "ada", displayName: "Ada Łovelace", givenName: "Ada", familyName: "Łovelace",
      nickname: "阿达", locale: "pl-PL", timeZone: "Europe/Warsaw", dates: ["birth": "--12-10"],
      addresses: ["webhook": "https://example.org/a?b=\"c\""], attributes: ["team": "engine"])
    try await scene.commit(.putUser(user, .none))
    let due = scene.now + .seconds(7)
    let number = try await scene.planned(
      "s", [Scene.event("2027-12-10", due: due, zone: "Europe/Warsaw")], user: "ada")
    let lease = try await scene.agent()
    let loaded = try await scene.take(lease, at: scene.now)
    let event = try require(loaded.first, "a row")
    try expectEqual(event.identity, EventIdentity(schedule: number, key: "2027-12-10"), "identity")
    try expectEqual(event.namespace, "default", "namespace")
    try expectEqual(event.eventType, "birthday", "event type")
    try expectEqual(event.scheduleID, "s", "schedule")
    try expectEqual(event.definitionJSON, #"{"at":"09:00"}"#, "definition")
    try expectEqual(event.timeZone, "Europe/Warsaw", "zone")
    try expectEqual(event.dueAt, due, "due")
    try expectEqual(event.runAt, due, "start")
    try expectEqual(event.attempt, 1, "attempt")
    try expectEqual(event.sink, .all, "sink")
    try expectEqual(event.catchUp, .standard(eventType: "birthday"), "catch-up policy")
    let person = try require(event.user, "the person")
    try expectEqual(person.displayName, "Ada Łovelace", "display name")
    try expectEqual(person.nickname, "阿达", "nickname")
    try expectEqual(person.datesJSON, #"{"birth":"--12-10"}"#, "dates")
    try expectEqual(person.addressesJSON, #"{"webhook":"https://example.org/a?b=\"c\""}"#, "addresses")
    try expectEqual(person.attributesJSON, #"{"team":"engine"}"#, "attributes")
  },
  ConformanceRule("the same row and sink is recorded once, and a batch with a second one is not kept at all") { scene in
    try await scene.crowd(3, due: scene.now)
    let lease = try await scene.agent()
    let events = try await scene.take(lease, at: scene.now)
    let first = try require(events.first, "a row")
    let partial = Scene.receipt(first, sink: 1, closes: false)
    _ = try await scene.store.record([partial], lease: lease, now: scene.now)
    let others = events.dropFirst().map { Scene.receipt($0) }
    try await expectRefusal(.failedPrecondition, "the same sink again") {
      try await scene.store.record(others + [partial], lease: lease, now: scene.now)
    }
    try expectEqual(try await scene.audit().closedOnce, 0, "rows closed by the refused batch")
    try await scene.deliver(Array(events.dropFirst()), lease, at: scene.now)
    try await expectRefusal(.failedPrecondition, "a second closing receipt") {
      try await scene.store.record(
        events.dropFirst().map { Scene.receipt($0, sink: 2) }, lease: lease, now: scene.now)
    }
    try await expectRefusal(.invalid, field: "ref", "a row that is not there") {
      var receipt = Scene.receipt(first, sink: 9)
      receipt.ref.sequence = 1_999
      return try await scene.store.record([receipt], lease: lease, now: scene.now)
    }
  },
  ConformanceRule("a fan-out closes once, with its last sink, and a later owner knows which sinks have it") { scene in
    try await scene.crowd(1, due: scene.now)
    let lease = try await scene.agent()
    let rows = try await scene.take(lease, at: scene.now)
    let event = try require(rows.first, "a row")
    _ = try await scene.store.record(
      [Scene.receipt(event, sink: 1, closes: false), Scene.receipt(event, sink: 2, closes: false)], lease: lease,
      now: scene.now)
    try expectEqual(try await scene.state(event.identity), .processing, "state before the last sink")
    let restarted = try await scene.agent()
    let again = try require(try await scene.take(restarted, at: scene.now).first, "the row again")
    try expectEqual(Set(again.settledSinks.map(\.rawValue)), [1, 2], "settled sinks")
    _ = try await scene.store.record([Scene.receipt(again, sink: 3)], lease: restarted, now: scene.now)
    try expectEqual(try await scene.state(event.identity), .completed, "state after the last sink")
    let check = try await scene.audit()
    try expectEqual(check.closedOnce, 1, "rows closed")
    try expectEqual(check.outcomes, [.delivered: 3], "receipts")
    try expectEqual(try await scene.claim(restarted, at: scene.now).count, 0, "buckets left")
  },
  ConformanceRule("receipts of buckets of others are left out and named, and one's own are kept") { scene in
    try await scene.crowd(1, due: scene.now, prefix: "a")
    let one = try await scene.agent()
    let mine = try await scene.take(one, at: scene.now)
    try await scene.crowd(1, due: scene.now, prefix: "b")
    let two = try await scene.agent("two")
    let theirs = try await scene.take(two, at: scene.now)
    let answer = try await scene.store.record((mine + theirs).map { Scene.receipt($0) }, lease: one, now: scene.now)
    try expectEqual(answer.fenced, Set(theirs.map(\.ref.bucket)), "buckets fenced")
    try expectEqual(try await scene.audit().closedOnce, 1, "rows closed")
    try expectEqual(try await scene.store.load(theirs[0].ref.bucket, lease: two, now: scene.now).count, 1, "rows left")
  },
  ConformanceRule("a batch of 5,000 receipts is taken, and one more is refused") { scene in
    let lease = try await scene.agent()
    let receipt = Receipt(
      ref: EventRef(bucket: BucketID(rawValue: 99_999), sequence: 0),
      identity: EventIdentity(schedule: ScheduleNumber(rawValue: 1), key: "k"), sink: .all, attempt: 1, hop: 0,
      outcome: .delivered, closes: true, doneAt: scene.now)
    let limit = LedgerLimits.receiptsPerTransaction
    let answer = try await scene.store.record(
      Array(repeating: receipt, count: limit), lease: lease, now: scene.now)
    try expectEqual(answer.fenced, [BucketID(rawValue: 99_999)], "buckets fenced")
    try await expectRefusal(.invalid, field: "receipts", "too many") {
      try await scene.store.record(Array(repeating: receipt, count: limit + 1), lease: lease, now: scene.now)
    }
  },
]

let followUpRules: [ConformanceRule] = [
  ConformanceRule("a retry is a new row in a new bucket, with its message, for the sink that failed") { scene in
    try await scene.crowd(1, due: scene.now)
    let lease = try await scene.agent()
    let rows = try await scene.take(lease, at: scene.now)
    let event = try require(rows.first, "a row")
    let later = scene.now + .minutes(3)
    let retry = Scene.receipt(event, .retry, sink: 7, followUp: Scene.retry(event, at: later, sink: 7))
    let answer = try await scene.store.record([retry], lease: lease, now: scene.now)
    try expectEqual(answer.earliestFollowUp, later, "earliest follow-up")
    try expectEqual(try await scene.state(event.identity), .pending, "state between the attempts")
    let next = try await scene.agent(at: later)
    let second = try require(try await scene.take(next, at: later).first, "the second attempt")
    try expect(second.ref.bucket != event.ref.bucket, "expected another bucket")
    try expectEqual(second.identity, event.identity, "identity")
    try expectEqual(second.attempt, 2, "attempt")
    try expectEqual(second.runAt, later, "start")
    try expectEqual(second.dueAt, event.dueAt, "due")
    try expectEqual(second.sink.rawValue, 7, "sink")
    try expectEqual(second.rendered, retry.followUp?.rendered, "rendered message")
    try expectEqual(second.carry, "carried", "carry")
    try expectEqual(second.firstAttemptAt, event.runAt, "first attempt")
    try expectEqual(second.timeZone, event.timeZone, "zone")
    try await scene.deliver([second], next, at: later)
    try expectEqual(try await scene.state(event.identity), .completed, "state at the end")
    try expectEqual(try await scene.audit().closedOnce, 2, "rows closed")
  },
  ConformanceRule("a deferral keeps the attempt and counts the hop") { scene in
    try await scene.crowd(1, due: scene.now)
    let lease = try await scene.agent()
    let rows = try await scene.take(lease, at: scene.now)
    let event = try require(rows.first, "a row")
    var followUp = Scene.retry(event, at: scene.now + .seconds(90))
    (followUp.attempt, followUp.hop) = (event.attempt, 1)
    _ = try await scene.store.record(
      [Scene.receipt(event, .deferred, followUp: followUp)], lease: lease, now: scene.now)
    let later = try await scene.agent(at: scene.now + .seconds(90))
    let again = try require(try await scene.take(later, at: scene.now + .seconds(90)).first, "the row again")
    try expectEqual(again.attempt, 1, "attempt")
    try expectEqual(again.hop, 1, "hop")
  },
  ConformanceRule("what fails for good is kept whole as a dead letter") { scene in
    try await scene.commit(
      .putSink(Sink(namespace: "default", name: "hook", plugin: "webhook", configurationJSON: "{}"), .none))
    let sink = try await scene.store.sink(namespace: "default", name: "hook")
    try await scene.crowd(1, due: scene.now)
    let lease = try await scene.agent()
    let rows = try await scene.take(lease, at: scene.now)
    let event = try require(rows.first, "a row")
    let message = Message(
      title: "Happy birthday", text: "Zoë 🎂\nline two", html: "<b>Zoë</b>", contentType: "application/json", data: "{}")
    _ = try await scene.store.record(
      [Scene.receipt(event, .dead, sink: sink.number.rawValue, dead: message)], lease: lease, now: scene.now)
    let letter = try require(
      try await scene.store.deadLetters(namespace: "default", filter: DeadLetterFilter(), page: PageRequest(size: 10))
        .items.first, "a dead letter")
    try expectEqual(letter.message, message, "message")
    try expectEqual(letter.identity, event.identity, "identity")
    try expectEqual(letter.sink, "hook", "sink")
    try expectEqual(letter.attempts, 1, "attempts")
    try expectEqual(letter.code, "code", "code")
    try expectEqual(letter.dueAt, event.dueAt, "due")
    try expectEqual(try await scene.state(event.identity), .failed, "state")
  },
  ConformanceRule("an outcome that is not the last needs its follow-up, and one that is must have none") { scene in
    try await scene.crowd(1, due: scene.now)
    let lease = try await scene.agent()
    let rows = try await scene.take(lease, at: scene.now)
    let event = try require(rows.first, "a row")
    try await expectRefusal(.invalid, field: "follow_up", "a retry without") {
      try await scene.store.record([Scene.receipt(event, .retry)], lease: lease, now: scene.now)
    }
    try await expectRefusal(.invalid, field: "follow_up", "a delivery with") {
      let followUp = Scene.retry(event, at: scene.now)
      return try await scene.store.record(
        [Scene.receipt(event, .delivered, followUp: followUp)], lease: lease, now: scene.now)
    }
    try await expectRefusal(.invalid, field: "dead_message", "a dead letter without its message") {
      try await scene.store.record([Scene.receipt(event, .dead)], lease: lease, now: scene.now)
    }
    try expectEqual(try await scene.audit().open, 1, "rows open")
  },
]
