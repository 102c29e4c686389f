import EventModel
import Store

extension Scene {
  fileprivate func subscribe(_ id: String, to type: String, namespace: String = "default") async throws {
    let subscription = Subscription(namespace: namespace, id: id, eventType: type, sink: "hook")
    try await commit(.putSubscription(subscription, .none))
  }

  fileprivate func relayed() async throws -> [String] {
    try await store.relays().map { "\($0.namespace) \($0.kind.rawValue)" }
  }
}

/// Relays, the zones' digests, and what is asked to be planned anew.
let relayRules: [ConformanceRule] = [
  ConformanceRule("a relay begins with the first subscription to its topic, and ends with the last") { scene in
    _ = try await scene.sink("hook")
    try await scene.put("before")
    try await scene.watchersCatchUp()
    try await scene.subscribe("all", to: Subscription.anyEventType)
    try await scene.subscribe("plain", to: "birthday")
    try expectEqual(try await scene.relayed(), [], "without a topic")
    try await scene.subscribe("a", to: "user.created")
    let first = try require(try await scene.store.relays().first, "a relay")
    try await scene.put("after")
    try await scene.subscribe("b", to: "user.created")
    try expectEqual(try await scene.store.relays(), [first], "with a second subscription")
    try await scene.watchersCatchUp()
    let page = try await scene.store.changes(
      namespace: "default", kinds: [first.kind], after: first.cursor, limit: 10)
    try expectEqual(page.items.map(\.userID), ["after"], "from the first subscription on")
    try await scene.subscribe("a", to: "event.failed")
    try expectEqual(try await scene.relayed(), ["default user.created", "default event.failed"], "one by each")
    try await scene.subscribe("b", to: "birthday")
    try await scene.commit(.deleteSubscription(namespace: "default", id: "a", .none))
    try expectEqual(try await scene.relayed(), [], "with none left")
  },
  ConformanceRule("a relay is advanced by one of those that read from the same place") { scene in
    _ = try await scene.sink("hook")
    try await scene.subscribe("a", to: "user.created")
    let relay = try require(try await scene.store.relays().first, "a relay")
    try await scene.put("ada")
    let next = try await scene.changes([.userCreated], after: relay.cursor).next
    try expectEqual(try await scene.store.advance(relay, to: next), true, "the first")
    try expectEqual(try await scene.store.advance(relay, to: next), false, "the second")
    try expectEqual(try await scene.store.relays().map(\.cursor), [next], "where it stands")
    try await expectRefusal(.invalid, field: "cursor", "no cursor") {
      try await scene.store.advance(relay, to: "nowhere")
    }
    let again = try await scene.reopened()
    try expectEqual(try await again.store.relays().map(\.cursor), [next], "where it stands when opened again")
    await again.store.close()
  },
  ConformanceRule("zones' digests are kept, and replaced one by one") { scene in
    try expectEqual(try await scene.store.zoneDigests(), [:], "a new store")
    try await scene.store.noteZones(["Europe/Berlin": .max, "Asia/Tokyo": 7], version: "2025b")
    try await scene.store.noteZones(["Asia/Tokyo": 8], version: "2026a")
    try expectEqual(try await scene.store.zoneDigests(), ["Europe/Berlin": .max, "Asia/Tokyo": 8], "digests")
  },
  ConformanceRule("what is to be planned anew is found by schedule, user and zone, in pages, and told what is pending")
  {
    scene in
    try await scene.put("ada", zone: "Asia/Tokyo")
    try await scene.put("bob")
    let due = scene.now + .minutes(5)
    try await scene.planned("ada-1", [Scene.event("k", due: due)], user: "ada")
    try await scene.planned("bob-1", [Scene.event("k", due: due)], user: "bob")
    try await scene.planned("ada-2", [], user: "ada")
    try await scene.planned("there", [], namespace: "other")
    var paused = Scene.schedule("paused", user: "ada")
    paused.state = .paused
    try await scene.commit(.putSchedule(paused, .none))
    let cases: [(ReplanFilter, [String])] = [
      (ReplanFilter(), ["ada-1", "bob-1", "ada-2"]), (ReplanFilter(scheduleID: "bob-1"), ["bob-1"]),
      (ReplanFilter(userID: "ada"), ["ada-1", "ada-2"]), (ReplanFilter(timeZone: "Asia/Tokyo"), ["ada-1", "ada-2"]),
      (ReplanFilter(timeZone: "UTC"), ["bob-1"]), (ReplanFilter(scheduleID: "bob-1", userID: "ada"), []),
      (ReplanFilter(userID: "nobody"), []),
    ]
    for (filter, wanted) in cases {
      let page = try await scene.store.schedulesToReplan(
        namespace: "default", filter: filter, page: PageRequest(size: 10))
      try expectEqual(page.items.map(\.id), wanted, "schedules by \(filter)")
    }
    let first = try await scene.store.schedulesToReplan(
      namespace: "default", filter: ReplanFilter(), page: PageRequest(size: 2))
    let second = try await scene.store.schedulesToReplan(
      namespace: "default", filter: ReplanFilter(), page: PageRequest(size: 2, token: first.next))
    try expectEqual((first.items + second.items).map(\.id), ["ada-1", "bob-1", "ada-2"], "in pages")
    try expectEqual(first.items.map(\.isReplan), [true, true], "as a re-plan")
    try expectEqual(first.items.map { $0.pending.map(\.key) }, [["k"], ["k"]], "what is pending")
    try expectEqual(second.next, "", "the last page's token")

    let marked = try await scene.store.markForReplan(
      namespace: "default", filter: ReplanFilter(userID: "ada"), now: scene.now)
    try expectEqual(marked, 2, "marked")
    let items = try await scene.store.schedulesToPlan(dueBefore: scene.now + .seconds(1), limit: 100)
    try expectEqual(items.filter(\.isReplan).map(\.id).sorted(), ["ada-1", "ada-2"], "to be planned anew")
  },
]
