import EventModel
import Store
import Testing

@testable import StoreMove
@testable import StoreTesting

@Suite struct MigrateTests {
  @Test("a store goes to PostgreSQL and back, and every row is there once")
  func thereAndBack() async throws {
    try await MovingPlace.withDatabase { place, database in
      let (file, back) = (place.sqlite(), place.sqlite("back.db"))
      let states = try await file.use { scene in
        try await Furnished.fill(scene)
        return try await Furnished.states(scene)
      }
      #expect(Set(states.values).isSuperset(of: [.completed, .failed, .pending, .cancelled]))
      let list = try await file.use { try await $0.store.accessList(besides: nil) }
      let before = try await file.sums()
      let report = try await StoreMove.migrate(from: file, to: database, version: "test")
      #expect(report.events == before.ledger.rows && report.rows > 30)
      let moved = try await database.use { scene in
        #expect(try await scene.store.verifyAudit().map(\.problem) == [""])
        #expect(try await scene.store.accessList(besides: nil) == list && list?.tokens.isEmpty == false)
        return try await Furnished.states(scene)
      }
      // What an owner was asked is done once it has lost its bucket.
      #expect(moved.filter { states[$0.key] != $0.value }.allSatisfy { $0.value == .cancelled || $0.value == .pending })
      #expect(Set(moved.keys) == Set(states.keys))
      let middle = try await database.sums()
      _ = try await StoreMove.migrate(from: database, to: back, version: "test")
      #expect(try await back.sums() == middle, "the way back changes nothing")
      #expect(try await back.use { try await Furnished.states($0) } == moved)
    }
  }

  @Test(
    "what waited is claimed and delivered once where it went, and its buckets know what is settled",
    arguments: [true, false])
  func goesOn(toPostgres: Bool) async throws {
    try await MovingPlace.withDatabase { place, database in
      let (source, target) = toPostgres ? (place.sqlite(), database) : (database, place.sqlite())
      try await source.use { scene in
        try await Furnished.fill(scene)
        // As PostgreSQL wants it: no agent's lease holds by the machine's clock.
        try await scene.store.release(try await scene.agent("one"), now: scene.now)
      }
      _ = try await StoreMove.migrate(from: source, to: target, version: "test")
      try await target.use { scene in
        let open = try await scene.audit().open
        let lease = try await scene.agent("new", at: scene.now + .hours(48))
        let rows = try await scene.take(lease, ["critical", "normal", "low", "high"], at: scene.now + .hours(48))
        #expect(rows.count == open && open > 2)
        #expect(rows.contains { $0.settledSinks == [SinkNumber(rawValue: 3)] }, "half of a fan-out is settled")
        #expect(rows.contains { $0.rendered?.html == "<p>Hello</p>" && $0.carry == "carried" })
        try await scene.deliver(rows, lease, at: scene.now + .hours(48))
        #expect(try await scene.audit().open == 0)
        #expect(try await scene.take(lease, at: scene.now + .hours(48)).isEmpty)
      }
    }
  }

  @Test("relays and watchers go on where they stood: nothing is told twice, nothing is left out")
  func relays() async throws {
    try await MovingPlace.withDatabase { place, database in
      let (file, back) = (place.sqlite(), place.sqlite("back.db"))
      try await file.use { scene in
        try await Furnished.fill(scene)
        let relay = try #require(try await scene.store.relays().first { $0.kind == .eventScheduled })
        let some = try await scene.store.changes(
          namespace: "default", kinds: [relay.kind], after: relay.cursor, limit: 3)
        #expect(some.items.count == 3)
        #expect(try await scene.store.advance(relay, to: some.next))
        try await scene.store.release(try await scene.agent("one"), now: scene.now)
      }
      let expected = try await file.use { try await Self.left($0) }
      #expect(expected.values.allSatisfy { !$0.isEmpty }, "\(expected)")
      _ = try await StoreMove.migrate(from: file, to: database, version: "test")
      #expect(try await database.use { try await Self.left($0) } == expected)
      // A relay that has read on has a cursor of transactions.
      try await database.use { scene in
        let relay = try #require(try await scene.store.relays().first { $0.kind == .userCreated })
        try await scene.commit(.putUser(User(namespace: "default", id: "new", displayName: ""), .none))
        try await scene.commit(.putUser(User(namespace: "default", id: "newer", displayName: ""), .none))
        try await Self.eventually { try await Self.left(scene)[relay.kind.rawValue] == ["ada", "new", "newer"] }
        let read = try await scene.store.changes(
          namespace: "default", kinds: [relay.kind], after: relay.cursor, limit: 2)
        #expect(read.items.last?.userID == "new")
        #expect(try await scene.store.advance(relay, to: read.next))
      }
      let later = try await database.use { try await Self.left($0) }
      #expect(later[DomainEvent.Kind.userCreated.rawValue] == ["newer"])
      _ = try await StoreMove.migrate(from: database, to: back, version: "test")
      #expect(try await back.use { try await Self.left($0) } == later)
    }
  }

  /// Watchers read nothing that an older transaction of anybody may come before.
  private static func eventually(_ holds: () async throws -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(60)
    while try await !holds() {
      try #require(ContinuousClock.now < deadline)
      try await Task.sleep(for: .milliseconds(20))
    }
  }

  /// What each relay has still to tell: who or what it is about.
  private static func left(_ scene: Scene) async throws -> [String: [String]] {
    var left: [String: [String]] = [:]
    for relay in try await scene.store.relays() {
      let page = try await scene.store.changes(
        namespace: relay.namespace, kinds: [relay.kind], after: relay.cursor, limit: 100)
      left[relay.kind.rawValue] = page.items.map { $0.subject?.identity.text ?? $0.userID ?? "" }.sorted()
    }
    return left
  }

  @Test("a new schedule in the new place gets a number that the old one never gave")
  func numbers() async throws {
    try await MovingPlace.withDatabase { place, database in
      let deleted = try await place.sqlite().use { scene in
        try await scene.commit(.putSchedule(Scene.schedule("a"), .none), .putSchedule(Scene.schedule("b"), .none))
        let last = try await Furnished.number("b", scene)
        try await scene.commit(.deleteSchedule(namespace: "default", id: "b", .none))
        return last
      }
      _ = try await StoreMove.migrate(from: place.sqlite(), to: database, version: "test")
      try await database.use { scene in
        try await scene.commit(.putSchedule(Scene.schedule("c"), .none))
        #expect(try await Furnished.number("c", scene).rawValue == deleted.rawValue + 1)
      }
    }
  }
}
