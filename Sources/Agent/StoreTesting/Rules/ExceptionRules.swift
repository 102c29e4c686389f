import EventModel
import Store

private let moved = CivilFields(year: 2_027, month: 2, day: 28, hour: 23, minute: 59, second: 58, fold: 1)

private func skip(_ key: String, _ reason: String = "") -> OccurrenceException {
  OccurrenceException(key: key, action: .skip, reason: reason)
}

extension Scene {
  fileprivate func put(_ exception: OccurrenceException, _ schedule: String = "s", at time: Timestamp? = nil)
    async throws
    -> ChangeResult
  {
    let results = try await commit(
      .putException(namespace: "default", schedule: schedule, exception), at: time ?? now)
    return try require(results.first, "a result")
  }

  fileprivate func keys(_ schedule: String = "s") async throws -> [String] {
    try await store.schedule(namespace: "default", id: schedule).exceptions.map(\.key)
  }
}

let exceptionRules: [ConformanceRule] = [
  ConformanceRule("what is said about an occurrence is shown with its schedule, and asks for a re-plan") { scene in
    try await scene.planned("s", [])
    try await scene.planned("other", [])
    let before = try await scene.item("s").planRevision
    let revision = try await scene.store.schedule(namespace: "default", id: "s").revision
    let later = scene.now + .hours(1)
    let move = OccurrenceException(key: "b", action: .move(to: moved), reason: "she is away")
    try expectEqual(try await scene.put(move, at: later).effect, .created, "effect")
    try expectEqual(try await scene.put(skip("a")).effect, .created, "effect of the second")
    var wanted = [skip("a"), move]
    (wanted[0].createdAt, wanted[1].createdAt) = (scene.now, later)
    let found = try await scene.store.schedule(namespace: "default", id: "s")
    try expectEqual(found.exceptions, wanted, "exceptions by key")
    try expectEqual(found.revision, revision, "the schedule's own revision")
    let page = try await scene.store.schedules(
      namespace: "default", filter: ScheduleFilter(), page: PageRequest(size: 10))
    try expectEqual(page.items.map(\.exceptions), [[], wanted], "exceptions listed")
    let item = try await scene.item("s")
    try expect(item.isReplan && item.planRevision > before, "expected an item to plan anew")
    try expectEqual(item.exceptions, wanted, "exceptions of the item")
    try expectEqual(try await scene.item("other").exceptions, [], "exceptions of another")
  },
  ConformanceRule("the same said again changes nothing; something else replaces it; taken back it is gone") { scene in
    try await scene.planned("s", [])
    _ = try await scene.put(skip("a", "x"))
    let item = try await scene.item("s")
    _ = try await scene.store.commitPlan([Scene.plan(item)], now: scene.now)
    try expectEqual(try await scene.put(skip("a", "x")).effect, .unchanged, "effect of the same")
    try expect(try await !scene.item("s").isReplan, "expected nothing to plan anew")
    let move = OccurrenceException(key: "a", action: .move(to: moved))
    try expectEqual(try await scene.put(move).effect, .updated, "effect of another")
    let actions = try await scene.store.schedule(namespace: "default", id: "s").exceptions.map(\.action)
    try expectEqual(actions, [.move(to: moved)], "what is said now")
    let changes = try await scene.commit(.deleteException(namespace: "default", schedule: "s", key: "a"))
    try expectEqual(changes.map(\.effect), [.deleted], "effect of taking it back")
    try expectEqual(try await scene.keys(), [], "exceptions left")
    try expect(try await scene.item("s").isReplan, "expected an item to plan anew")
    try await expectRefusal(.notFound, "taking it back again") {
      try await scene.commit(.deleteException(namespace: "default", schedule: "s", key: "a"))
    }
  },
  ConformanceRule("an exception needs a series, a key, a short reason, and room") { scene in
    try await scene.planned("s", [])
    let one = OneOff(
      schedule: Scene.schedule("one", type: "notification"), event: Scene.event("k", due: scene.now, queue: "low"),
      idempotencyKey: "k")
    _ = try await scene.store.submit([one], owner: nil, now: scene.now)
    try await expectRefusal(.notFound, "an unknown schedule") { try await scene.put(skip("a"), "nobody") }
    try await expectRefusal(.failedPrecondition, "a single event's schedule") { try await scene.put(skip("k"), "one") }
    try await expectRefusal(.invalid, field: "occurrence_key", "a key with a space") {
      try await scene.put(skip("a b"))
    }
    try await expectRefusal(.invalid, field: "reason", "a long reason") {
      try await scene.put(skip("a", String(repeating: "x", count: OccurrenceException.maximumReasonBytes + 1)))
    }
    for number in 0..<OccurrenceException.maximumPerSchedule { _ = try await scene.put(skip("k\(number)")) }
    try await expectRefusal(.invalid, field: "exceptions", "one more") { try await scene.put(skip("more")) }
    try expectEqual(try await scene.put(skip("k1", "why")).effect, .updated, "another word about one of them")
    let later = scene.now + OccurrenceException.keptFor + .seconds(1)
    try expectEqual(try await scene.put(skip("more"), at: later).effect, .created, "effect when the others are old")
    try expectEqual(try await scene.keys(), ["more"], "exceptions left")
  },
  ConformanceRule("putting a schedule again leaves its exceptions; deleting it takes them with it") { scene in
    try await scene.planned("s", [Scene.event("k", due: scene.now + .hours(1))])
    _ = try await scene.put(skip("a"))
    var draft = Scene.schedule("s")
    try expectEqual(try await scene.commit(.putSchedule(draft, .none)).map(\.effect), [.unchanged], "effect")
    draft.definitionJSON = "{}"
    try await scene.commit(.putSchedule(draft, .none))
    try expectEqual(try await scene.keys(), ["a"], "exceptions")
    try await scene.commit(.deleteSchedule(namespace: "default", id: "s", .none))
    try expectEqual(try await scene.item("s").exceptions, [], "exceptions of what was deleted")
    try await scene.commit(.putSchedule(draft, .none))
    try expectEqual(try await scene.keys(), [], "exceptions of a new one")
  },
  ConformanceRule("a skip that is planned as skipped stays so; retention forgets old exceptions") { scene in
    let number = try await scene.planned("s", [])
    _ = try await scene.put(skip("k"))
    let closed = PlannedEvent.Closed(outcome: .skipped, code: SkipReason.requested.rawValue, detail: "")
    for _ in 0..<2 {
      _ = try await scene.put(skip("k", "again"))
      let event = Scene.event("k", due: scene.now + .hours(1), closedAs: closed)
      _ = try await scene.store.commitPlan([Scene.plan(try await scene.item("s"), [event])], now: scene.now)
    }
    try expectEqual(try await scene.state(EventIdentity(schedule: number, key: "k")), .skipped, "state")
    try expectEqual(try await scene.audit().rows, 1, "rows of two plans")
    _ = try await scene.store.dropHistory(
      before: scene.now + OccurrenceException.keptFor, deadLettersBefore: scene.now)
    try expectEqual(try await scene.keys(), ["k"], "exceptions at the bound")
    _ = try await scene.store.dropHistory(
      before: scene.now + OccurrenceException.keptFor + .seconds(1), deadLettersBefore: scene.now)
    try expectEqual(try await scene.keys(), [], "exceptions after it")
  },
  ConformanceRule("a moved occurrence that each pass plans again is planned once") { scene in
    let due = scene.now + .hours(1)
    let number = try await scene.planned("s", [Scene.event("k", due: due)])
    for pass in 0..<3 {
      _ = try await scene.put(OccurrenceException(key: "far-\(pass)", action: .move(to: moved)))
      let item = try await scene.item("s")
      _ = try await scene.store.commitPlan([Scene.plan(item, [Scene.event("k", due: due)])], now: scene.now)
    }
    try expectEqual(try await scene.audit().rows, 1, "rows")
    try expectEqual(try await scene.state(EventIdentity(schedule: number, key: "k")), .pending, "state")
  },
]
