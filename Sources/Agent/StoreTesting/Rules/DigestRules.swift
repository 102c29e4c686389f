import EventModel
import Store

extension Scene {
  fileprivate static func gathered(
    _ event: LoadedEvent, sink: SinkNumber, most: Int32 = 50, subscription: String = "all"
  ) -> Receipt {
    var receipt = receipt(event, .merged, sink: sink.rawValue, code: "digest")
    receipt.digest = DigestPlace(
      subscription: subscription, rules: EventModel.DigestRules(window: .minutes(10), maximumEvents: most))
    return receipt
  }

  /// Ada's, Bob's and nobody's events, due now, taken by an agent.
  fileprivate func people() async throws -> (lease: AgentLease, rows: [LoadedEvent]) {
    for id in ["ada", "bob"] {
      try await commit(.putUser(User(namespace: "default", id: id, timeZone: "Europe/Berlin"), .none))
    }
    try await planned("s-ada", ["a1", "a2", "a3"].map { Self.event($0, due: now) }, user: "ada")
    try await planned("s-bob", [Self.event("b1", due: now)], user: "bob")
    try await planned("s-all", [Self.event("n1", due: now)])
    let lease = try await longAgent("one")
    return (lease, try await take(lease, at: now).sorted { $0.identity.key < $1.identity.key })
  }

  /// The digests' events that are due by a time.
  fileprivate func digests(_ lease: AgentLease, at time: Timestamp) async throws -> [LoadedEvent] {
    try await take(lease, [Queue.standardName(eventType: EventModel.DigestRules.eventType)], at: time)
  }
}

let digestRules: [ConformanceRule] = [
  ConformanceRule("gathered events are one event for each person and subscription, when their time has come") { scene in
    let hook = try await scene.sink("hook")
    let (lease, rows) = try await scene.people()
    _ = try await scene.store.record(
      rows.map { Scene.gathered($0, sink: hook) }, lease: lease, now: scene.now)
    try expectEqual(try await scene.store.closeDigests(limit: 10, now: scene.now + .minutes(9)), 0, "too early")
    let end = scene.now + .minutes(11)
    try expectEqual(try await scene.store.closeDigests(limit: 2, now: end), 2, "as many as asked for")
    try expectEqual(try await scene.store.closeDigests(limit: 10, now: end), 1, "the rest")
    try expectEqual(try await scene.store.closeDigests(limit: 10, now: end), 0, "no more")
    let digests = try await scene.digests(lease, at: end)
    try expectEqual(
      digests.map { $0.user?.id ?? "" }.sorted(), ["", "ada", "bob"], "whose")
    try expectEqual(Set(digests.map(\.sink)), [hook], "to which sink")
    try expectEqual(Set(digests.map(\.eventType)), ["digest"], "event type")
    let ada = try require(digests.first { $0.user?.id == "ada" }, "ada's")
    try expectEqual(
      try await scene.store.digestItems(of: ada.identity.schedule).map { "\($0.scheduleID) \($0.identity.key)" },
      ["s-ada a1", "s-ada a2", "s-ada a3"], "what is in it")
    try expectEqual(ada.timeZone, "Europe/Berlin", "its zone")
    let steps = try await scene.store.history(namespace: "default", identity: rows[0].identity).map(\.kind)
    let said = steps.compactMap { step in if case .receipt(_, _, let detail, _, _, _, _) = step { detail } else { nil }
    }
    try expectEqual(said, ["into \(ada.scheduleID)"], "what its receipt says")
    try await scene.audit()
  },
  ConformanceRule("a digest that is full is due at once, and what comes later goes into another") { scene in
    let hook = try await scene.sink("hook")
    let (lease, rows) = try await scene.people()
    let ada = rows.filter { $0.user?.id == "ada" }
    _ = try await scene.store.record(
      ada.prefix(2).map { Scene.gathered($0, sink: hook, most: 2) }, lease: lease, now: scene.now)
    let soon = scene.now + .seconds(2)
    try expectEqual(try await scene.store.closeDigests(limit: 10, now: soon), 1, "full")
    _ = try await scene.store.record([Scene.gathered(ada[2], sink: hook, most: 2)], lease: lease, now: soon)
    try expectEqual(try await scene.store.closeDigests(limit: 10, now: soon), 0, "the next one waits")
    try expectEqual(try await scene.store.closeDigests(limit: 10, now: scene.now + .minutes(11)), 1, "its time")
  },
  ConformanceRule("what is not the owner's goes into no digest") { scene in
    let hook = try await scene.sink("hook")
    let (lease, rows) = try await scene.people()
    var stale = lease
    stale.epoch -= 1
    let answer = try await scene.store.record(
      rows.map { Scene.gathered($0, sink: hook) }, lease: stale, now: scene.now)
    try expect(!answer.fenced.isEmpty, "expected the buckets to be fenced")
    try expectEqual(try await scene.store.closeDigests(limit: 10, now: scene.now + .hours(1)), 0, "digests")
    try await expectRefusal(.invalid, field: "digest", "a digest of what was delivered") {
      var receipt = Scene.gathered(rows[0], sink: hook)
      receipt.outcome = .delivered
      _ = try await scene.store.record([receipt], lease: lease, now: scene.now)
    }
  },
  ConformanceRule("digests go with their person and with their sink") { scene in
    let hook = try await scene.sink("hook")
    let (lease, rows) = try await scene.people()
    _ = try await scene.store.record(
      rows.map { Scene.gathered($0, sink: hook) }, lease: lease, now: scene.now)
    _ = try await scene.store.erase(
      namespace: "default", user: "ada", .none, actor: .agent, dryRun: false, now: scene.now)
    try await scene.commit(.deleteUser(namespace: "default", id: "bob", .none))
    let end = scene.now + .minutes(11)
    try expectEqual(try await scene.store.closeDigests(limit: 10, now: end), 1, "nobody's alone")
    let left = try await scene.digests(lease, at: end)
    try expectEqual(left.map { $0.user?.id }, [nil], "whose")
    let (other, more) = (try await scene.sink("other"), try await scene.planned("late", [Scene.event("n", due: end)]))
    let late = try await scene.take(lease, at: end).filter { $0.identity.schedule == more }
    _ = try await scene.store.record(late.map { Scene.gathered($0, sink: other) }, lease: lease, now: end)
    try await scene.commit(.deleteSink(namespace: "default", name: "other", .none))
    try expectEqual(try await scene.store.closeDigests(limit: 10, now: end + .hours(1)), 0, "of a deleted sink")
  },
]
