import EventModel
import Store

extension Scene {
  fileprivate func news(_ kinds: Set<DomainEvent.Kind> = []) async throws -> [DomainEvent] {
    try await watchersCatchUp()
    return try await store.changes(namespace: "default", kinds: kinds, after: "", limit: 100).items
  }

  fileprivate func endpoint(
    _ sink: SinkNumber, _ user: String, _ schedule: ScheduleNumber, _ address: String
  ) -> GoneEndpoint {
    GoneEndpoint(
      sink: sink, userID: user, digest: GoneEndpoint.digest(of: address), reason: "http-410", schedule: schedule)
  }

  fileprivate func routingRevision(_ lease: AgentLease) async throws -> Int64 {
    try await store.renew(lease, leaseFor: .seconds(10), now: now).routingRevision
  }
}

/// What happens at sinks, and addresses that are gone.
let sinkRules: [ConformanceRule] = [
  ConformanceRule("what happens at a sink is told once for its kind, sink and minute") { scene in
    let (hook, mail) = (try await scene.sink("hook"), try await scene.sink("mail"))
    for (sink, seconds) in [(hook, 0), (hook, 5), (mail, 6), (hook, 60)] as [(SinkNumber, Int64)] {
      try await scene.store.note(
        .sinkCircuitOpened, sink: sink, detail: "it fails", now: scene.now + .seconds(seconds))
    }
    try await scene.store.note(.sinkDisabled, sink: hook, detail: "gone", now: scene.now)
    try await scene.store.note(
      .sinkDisabled, sink: SinkNumber(rawValue: 999), detail: "no such sink", now: scene.now)
    let news = try await scene.news([.sinkCircuitOpened, .sinkDisabled])
    try expectEqual(
      news.map { "\($0.kind.rawValue) \($0.sink ?? "") \($0.detail)" },
      [
        "sink.circuit-opened hook it fails", "sink.circuit-opened mail it fails", "sink.circuit-opened hook it fails",
        "sink.disabled hook gone",
      ], "news")
    try expect(news.allSatisfy { $0.userID == nil && $0.subject == nil }, "expected nothing of a person or an event")
    try expectEqual(Set(news.map(\.id)).count, 4, "ids")
  },
  ConformanceRule("dead letters are told once for a sink and minute, and those of a topic's events are not") { scene in
    let hook = try await scene.sink("hook")
    try await scene.planned("s", ["a", "b"].map { Scene.event($0, due: scene.now) })
    try await scene.planned("t", [Scene.event("c", due: scene.now)], type: DomainEvent.Kind.deadLetterCreated.rawValue)
    let lease = try await scene.agent()
    let rows = try await scene.take(lease, at: scene.now)
    let letters = rows.map {
      Scene.receipt(
        $0, .dead, sink: hook.rawValue, code: "http-422", dead: Message(title: "T", text: "secret"))
    }
    _ = try await scene.store.record(letters.filter { $0.identity.key == "c" }, lease: lease, now: scene.now)
    try expectEqual(try await scene.news([.deadLetterCreated]).count, 0, "of a topic's event")
    for letter in letters where letter.identity.key != "c" {
      _ = try await scene.store.record([letter], lease: lease, now: scene.now)
    }
    let news = try await scene.news([.deadLetterCreated])
    try expectEqual(news.map(\.detail), ["http-422"], "news")
    try expectEqual(news.map(\.sink), ["hook"], "sink")
  },
  ConformanceRule("an address that is gone is kept for its user and sink, and goes with them") { scene in
    let (hook, mail) = (try await scene.sink("hook"), try await scene.sink("mail"))
    var schedules: [String: ScheduleNumber] = [:]
    for id in ["ada", "bob"] {
      try await scene.commit(.putUser(User(namespace: "default", id: id), .none))
      schedules[id] = try await scene.planned("s-\(id)", [], user: id)
    }
    let (ada, bob) = (try require(schedules["ada"], "ada's"), try require(schedules["bob"], "bob's"))
    let nobody = try await scene.planned("nobody", [])
    let lease = try await scene.agent()
    let before = try await scene.routingRevision(lease)
    try await scene.store.giveUp(
      [
        scene.endpoint(hook, "ada", ada, "a"), scene.endpoint(mail, "ada", ada, "m"),
        scene.endpoint(hook, "bob", bob, "b"), scene.endpoint(hook, "", nobody, "n"),
        scene.endpoint(SinkNumber(rawValue: 999), "bob", bob, "b"),
      ], now: scene.now)
    try expect(try await scene.routingRevision(lease) > before, "expected the others to be told")
    try await scene.store.giveUp([scene.endpoint(hook, "ada", ada, "a2")], now: scene.now + .seconds(1))
    var found = try await scene.store.goneEndpoints()
    try expectEqual(found.map { "\($0.sink.rawValue) \($0.userID)" }.count, 3, "endpoints")
    try expectEqual(
      found.first { $0.sink == hook && $0.userID == "ada" }?.digest, GoneEndpoint.digest(of: "a2"), "the newest")
    let first = try await scene.store.goneEndpoints(namespace: "default", sink: "hook", page: PageRequest(size: 1))
    try expectEqual(first.items.map(\.userID), ["ada"], "first page")
    try expectEqual(first.items.map(\.since), [scene.now + .seconds(1)], "since")
    let second = try await scene.store.goneEndpoints(
      namespace: "default", sink: "hook", page: PageRequest(size: 1, token: first.next))
    try expectEqual(second.items.map(\.userID), ["bob"], "second page")
    try await expectRefusal(.notFound, "an unknown sink") {
      try await scene.store.goneEndpoints(namespace: "default", sink: "none", page: PageRequest(size: 1))
    }
    let enable = Change.enableEndpoint(namespace: "default", sink: "hook", user: "ada")
    try expectEqual(try await scene.commit(enable)[0].effect, .updated, "enabled")
    try expectEqual(try await scene.commit(enable)[0].effect, .unchanged, "enabled again")
    try await scene.commit(.deleteUser(namespace: "default", id: "bob", .none))
    found = try await scene.store.goneEndpoints()
    try expectEqual(found.map(\.sink), [mail], "left")
    try await scene.commit(.deleteSink(namespace: "default", name: "mail", .none))
    try expectEqual(try await scene.store.goneEndpoints().count, 0, "left with no sink")
  },
]
