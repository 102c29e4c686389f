import EventModel
import Foundation
import Store
import Testing

@testable import StorePostgreSQL
@testable import StoreTesting

/// A recorder whose network holds it up while its lease runs out.
@Suite("A recorder slowed past its lease")
struct SlowRecorderTests {
  private struct World: Sendable {
    let proxy: CuttingProxy
    /// Its packets can be held up.
    let slow: Scene
    let other: Scene
    let events: [LoadedEvent]
    let lease: AgentLease

    var late: Timestamp { Scene.start + .seconds(11) }
  }

  private func with(_ body: @Sendable (World) async throws -> Void) async throws {
    try await FreshDatabase.with { database in
      let proxy = try database.proxy()
      let slowURL = try database.url(through: proxy)
      let slow = try await PostgresStore.open(PostgresStore.Options(url: slowURL, connections: 1))
      let store = try await database.store()
      let scenes = [slow, store].map { store in Scene(store: store, reopen: { $0 }) }
      try await scenes[1].crowd(3, due: Scene.start)
      let lease = try await scenes[0].agent("slow")
      let events = try await scenes[0].take(lease, at: Scene.start)
      try await body(World(proxy: proxy, slow: scenes[0], other: scenes[1], events: events, lease: lease))
      for store in [slow, store] { await store.close() }
    }
  }

  @Test("before it took its buckets: it is fenced, and nothing of it is kept")
  func beforeTheLock() async throws {
    try await with { world in
      let held = Rendezvous(2)
      let released = Rendezvous(2)
      world.proxy.arm(.hold("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE")) {
        held.arrive()
        released.arrive()
      }
      async let slow = world.slow.store.record(
        world.events.map { Scene.receipt($0) }, lease: world.lease, now: Scene.start)
      await Threads.run { held.arrive() }
      let heir = try await world.other.agent("heir", at: world.late)
      let taken = try await world.other.take(heir, at: world.late)
      #expect(taken.count == 3)
      await Threads.run { released.arrive() }
      #expect(try await slow.fenced == Set(world.events.map(\.ref.bucket)))
      #expect(try await world.other.audit().outcomes == [:])
      try await world.other.deliver(taken, heir, at: world.late)
      #expect(try await world.other.audit().outcomes == [.delivered: 3])
    }
  }

  @Test("after it took its buckets: who takes over waits for it, and gets only what is left", arguments: [true, false])
  func behindTheLock(_ isCut: Bool) async throws {
    try await with { world in
      let held = Rendezvous(2)
      let released = Rendezvous(2)
      // It has locked its buckets, and is about to write.
      let hook: @Sendable () -> Void = {
        held.arrive()
        released.arrive()
      }
      let words = "INSERT INTO receipt"
      world.proxy.arm(isCut ? .before(words) : .hold(words), hook: hook)
      async let slow = world.slow.store.record(
        world.events.prefix(2).map { Scene.receipt($0) }, lease: world.lease, now: Scene.start)
      await Threads.run { held.arrive() }
      let heir = try await world.other.agent("heir", at: world.late)
      async let taken = world.other.take(heir, at: world.late)
      try await world.other.waitUntilSomebodyWaits()
      await Threads.run { released.arrive() }
      let answer = try await slow
      let left = try await taken
      // Cut, it runs again: before the other, or fenced by it.
      let kept = answer.fenced.isEmpty ? 2 : 0
      if !isCut { #expect(kept == 2) }
      #expect(left.count == 3 - kept)
      try await world.other.deliver(left, heir, at: world.late)
      #expect(try await world.other.audit().outcomes == [.delivered: 3])
    }
  }

  @Test("whatever is erased beside it, nothing of the person is written again", arguments: 0..<4)
  func eraseBesideRecord(_ round: Int) async throws {
    try await FreshDatabase.with { database in
      let stores = [try await database.store(), try await database.store()]
      let scenes = stores.map { store in Scene(store: store, reopen: { $0 }) }
      try await scenes[0].commit(.putUser(User(namespace: "default", id: "ada", displayName: "Ada"), .none))
      let sink = try await scenes[0].sink("hook")
      let events = (0..<40).map { Scene.event("k\($0)", due: Scene.start) }
      try await scenes[0].planned("s", events, user: "ada")
      let lease = try await scenes[0].longAgent("one")
      let rows = try await scenes[0].take(lease, at: Scene.start)
      async let recorded: Void = {
        for (index, row) in rows.enumerated() {
          let receipt =
            index % 2 == 0
            ? Scene.receipt(row, .retry, followUp: Scene.retry(row, at: Scene.start + .hours(1)))
            : Scene.receipt(row, .dead, sink: sink.rawValue, dead: Message(title: "Ada", text: "Dear Ada"))
          _ = try await stores[0].record([receipt], lease: lease, now: Scene.start)
        }
      }()
      // Somewhere in the middle of it.
      while try await database.number("SELECT count(*) FROM receipt") < 5 + 5 * round { await Task.yield() }
      _ = try await scenes[1].erase("ada")
      try await recorded
      #expect(try await database.number("SELECT count(*) FROM event WHERE rendered IS NOT NULL OR carry <> ''") == 0)
      #expect(try await database.number("SELECT count(*) FROM dead_letter") == 0)
      #expect(try await database.number("SELECT count(*) FROM receipt WHERE detail <> '' OR external_id <> ''") == 0)
      let later = Scene.start + .hours(2)
      #expect(try await scenes[1].take(try await scenes[1].agent("two", at: later), at: later).isEmpty)
      #expect(try await scenes[1].audit().open == 0)
      for store in stores { await store.close() }
    }
  }
}

extension Scene {
  /// Until a session of the database waits for another's lock.
  fileprivate func waitUntilSomebodyWaits() async throws {
    guard let store = store as? PostgresStore else { return }
    while true {
      let waiting = try await store.direct.run(onlyReads: true) {
        try $0.execute(
          """
          SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
          """
        ).int64(0, 0)
      }
      if waiting > 0 { return }
      try await Task.sleep(for: .milliseconds(5))
    }
  }
}
