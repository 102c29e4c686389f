import EventModel
import Store

extension Scene {
  /// One page of domain events, as `topic subject`, and the cursor after it.
  func changes(
    _ kinds: Set<DomainEvent.Kind> = [], after cursor: String = "", limit: Int = 100, namespace: String = "default"
  ) async throws -> (items: [String], next: String) {
    try await watchersCatchUp()
    let page = try await store.changes(namespace: namespace, kinds: kinds, after: cursor, limit: limit)
    return (page.items.map { "\($0.kind.rawValue) \($0.subject?.scheduleID ?? $0.userID ?? "nobody")" }, page.next)
  }

  /// All of them, read in pages of a size, each page from the cursor of the one before.
  func allChanges(
    _ kinds: Set<DomainEvent.Kind> = [], after cursor: String = "", limit: Int
  ) async throws -> [DomainEvent] {
    try await watchersCatchUp()
    var (events, cursor) = ([DomainEvent](), cursor)
    while true {
      let page = try await store.changes(namespace: "default", kinds: kinds, after: cursor, limit: limit)
      try expect(page.items.count <= limit, "expected at most \(limit) on a page, found \(page.items.count)")
      events += page.items
      if page.next == cursor { return events }
      cursor = page.next
    }
  }

  func put(
    _ user: String, zone: String = "", dates: [String: String] = [:], nickname: String = "",
    namespace: String = "default", dryRun: Bool = false
  ) async throws {
    let user = User(namespace: namespace, id: user, nickname: nickname, timeZone: zone, dates: dates)
    try await commit(.putUser(user, .none), dryRun: dryRun)
  }
}

let changeRules: [ConformanceRule] = [
  ConformanceRule("what happens to users is told by kind, and nothing where nothing happens") { scene in
    try await scene.put("ada", zone: "Europe/London")
    try await scene.put("ada", zone: "Europe/London")
    try await scene.put("ada", zone: "Europe/London", nickname: "Countess")
    try await scene.put("bob", dryRun: true)
    try await scene.put("ada", zone: "Asia/Tokyo", dates: ["birth": "1815-12-10"])
    try await scene.put("elsewhere", namespace: "other")
    let all = ["user.created ada", "user.zone-changed ada", "user.date-changed ada"]
    let first = try await scene.changes()
    try expectEqual(first.items, all, "domain events")
    try expectEqual(try await scene.changes([.userDateChanged]).items, [all[2]], "by kind")
    try expectEqual(try await scene.changes(namespace: "other").items, ["user.created elsewhere"], "by namespace")
    let end = try await scene.changes(after: first.next)
    try expectEqual(end.items, [], "after all")
    try await scene.put("ada", zone: "Asia/Seoul", dates: ["birth": "1815-12-10"])
    try expectEqual(try await scene.changes(after: end.next).items, [all[1]], "after the cursor")
  },
  ConformanceRule("who watches from latest is told what happens from then on, also in a namespace that is new") {
    scene in
    try await scene.put("before")
    let latest = try await scene.changes(after: "latest")
    let elsewhere = try await scene.changes(after: "latest", namespace: "new")
    try expectEqual(latest.items, [], "at the end")
    try await scene.put("after")
    try await scene.put("there", namespace: "new")
    try await scene.planned("s", [Scene.event("k", due: scene.now)], user: "after")
    try expectEqual(
      try await scene.changes(after: latest.next).items, ["user.created after", "event.scheduled s"], "from then on")
    try expectEqual(
      try await scene.changes(after: elsewhere.next, namespace: "new").items, ["user.created there"], "elsewhere")
    for cursor in ["1.2", "x", "1.2.3.4.5.6.x"] {
      try await expectRefusal(.invalid, field: "cursor", "cursor \(cursor)") { try await scene.changes(after: cursor) }
    }
    try await expectRefusal(.invalid, field: "limit", "no limit") { try await scene.changes(limit: 0) }
  },
  ConformanceRule("an event is told to be scheduled once, whatever becomes of its rows") { scene in
    let due = scene.now + .minutes(5)
    let gone = PlannedEvent.Closed(outcome: .skipped, code: SkipReason.superseded.rawValue, detail: "")
    let number = try await scene.planned(
      "s", [Scene.event("a", due: due), Scene.event("missed", due: scene.now - .hours(1), closedAs: gone)])
    let identity = EventIdentity(schedule: number, key: "a")
    let later = scene.now + .seconds(1)
    _ = try await scene.store.move(
      identity, dueAt: due + .minutes(1), queue: nil, actor: .agent, now: later)
    let lease = try await scene.agent(at: due + .minutes(1))
    let event = try require(try await scene.take(lease, at: due + .minutes(1)).first, "the moved row")
    let retry = Scene.receipt(event, .retry, followUp: Scene.retry(event, at: due + .minutes(2)))
    _ = try await scene.store.record([retry], lease: lease, now: due + .minutes(1))
    let events = try await scene.allChanges(limit: 1)
    try expectEqual(events.map(\.kind), [.eventScheduled], "kinds")
    try expectEqual(events.first?.subject?.identity, identity, "its subject")
    try expectEqual(events.first?.subject?.dueAt, due, "due as it was planned first")
  },
  ConformanceRule("pages go through the middle of a bucket, and ids are stable and unique") { scene in
    try await scene.crowd(40, due: scene.now + .minutes(1))
    try await scene.crowd(3, due: scene.now + .minutes(2), prefix: "d")
    let whole = try await scene.allChanges(limit: 100)
    try expectEqual(whole.count, 43, "events scheduled")
    try expectEqual(Set(whole.map(\.id)).count, 43, "ids")
    for limit in [1, 7, 40] {
      try expectEqual(try await scene.allChanges(limit: limit), whole, "in pages of \(limit)")
    }
  },
  ConformanceRule("of events of topics there are no domain events") { scene in
    try await scene.planned("loop", [Scene.event("k", due: scene.now)], type: DomainEvent.Kind.eventFailed.rawValue)
    let lease = try await scene.agent()
    try await scene.deliver(try await scene.take(lease, at: scene.now), lease, at: scene.now)
    try expectEqual(try await scene.changes().items, [], "domain events")
  },
  ConformanceRule("erasing a user reaches its domain events, and deleting leaves them without a name") { scene in
    try await scene.put("ada")
    try await scene.put("bob")
    _ = try await scene.store.erase(
      namespace: "default", user: "ada", .none, actor: .agent, dryRun: false, now: scene.now)
    try await scene.commit(.deleteUser(namespace: "default", id: "bob", .none))
    try expectEqual(try await scene.changes().items, ["user.created nobody"], "what is left")
  },
  ConformanceRule("domain events go with the history") { scene in
    try await scene.put("ada")
    let cursor = try await scene.changes().next
    _ = try await scene.store.dropHistory(before: scene.now, deadLettersBefore: scene.now)
    try expectEqual(try await scene.changes().items, ["user.created ada"], "not older than the history")
    let later = scene.now + .hours(1)
    _ = try await scene.store.dropHistory(before: later, deadLettersBefore: later)
    try expectEqual(try await scene.changes().items, [], "older")
    try await scene.put("bob")
    try expectEqual(try await scene.changes(after: cursor).items, ["user.created bob"], "numbers are not used again")
  },
]
