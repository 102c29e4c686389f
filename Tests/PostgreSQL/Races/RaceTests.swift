import EventModel
import Store
import StoreSQL
import Testing

@testable import StorePostgreSQL
@testable import StoreTesting

/// Several stores on one database, each with connections of its own.
@Suite("Several stores on one database")
struct RaceTests {
  /// Opens stores, and closes them when `body` has ended.
  private func with(_ count: Int, _ body: @Sendable (FreshDatabase, [PostgresStore]) async throws -> Void) async throws
  {
    try await FreshDatabase.with { database in
      var stores: [PostgresStore] = []
      for _ in 0..<count { stores.append(try await database.store()) }
      try await body(database, stores)
      for store in stores { await store.close() }
    }
  }

  @Test("everybody at once: nothing is lost, nothing doubled, every word kept", arguments: 1...3)
  func mill(_ round: Int) async throws {
    try await with(3) { database, stores in
      try await Mill(stores).run(steps: 50)
      // No occurrence of a series was delivered twice.
      let doubles = try await database.number(
        """
        SELECT count(*) FROM (
          SELECT FROM event e JOIN receipt r ON r.bucket = e.bucket AND r.seq = e.seq
          WHERE r.outcome = \(Outcome.delivered.code) GROUP BY e.schedule, e.key HAVING count(*) > 1) x
        """)
      #expect(doubles == 0)
      let homeless = try await database.number(
        "SELECT count(*) FROM bucket WHERE closed_at IS NULL AND queue NOT IN (SELECT name FROM queue)"
      )
      #expect(homeless == 0)
    }
  }

  @Test("claimers of several stores never get the same bucket, and together get all")
  func claimers() async throws {
    try await with(3) { _, stores in
      let scenes = stores.map { Scene(store: $0, reopen: { $0 }) }
      let events = (0..<120).map { Scene.event("k\($0)", due: Scene.start - .minutes(Int64($0))) }
      try await scenes[0].planned("s", events)
      let claimed = try await withThrowingTaskGroup(of: [BucketID].self) { group in
        for (index, scene) in (scenes + scenes).enumerated() {
          group.addTask {
            let lease = try await scene.longAgent("agent-\(index)")
            var mine: [BucketID] = []
            while true {
              let some = try await scene.claim(lease, events: 5, at: Scene.start).map(\.id)
              if some.isEmpty { return mine }
              mine += some
            }
          }
        }
        return try await group.reduce(into: []) { $0 += $1 }
      }
      #expect(claimed.count == 120)
      #expect(Set(claimed).count == 120)
    }
  }

  @Test("planners of several stores plan each occurrence once")
  func planners() async throws {
    try await with(3) { _, stores in
      let scenes = stores.map { Scene(store: $0, reopen: { $0 }) }
      let changes = (0..<60).map { Change.putSchedule(Scene.schedule("s-\($0)"), .none) }
      _ = try await stores[0].commit(changes, actor: .agent, dryRun: false, now: Scene.start)
      let events = try await withThrowingTaskGroup(of: Int.self) { group in
        for scene in scenes + scenes {
          group.addTask {
            var planned = 0
            while true {
              let items = try await scene.store.schedulesToPlan(dueBefore: Scene.start + .hours(1), limit: 10)
              if items.isEmpty { return planned }
              let plans = items.map { Scene.plan($0, [Scene.event("k", due: Scene.start)]) }
              planned += try await scene.store.commitPlan(plans, now: Scene.start).events
            }
          }
        }
        return try await group.reduce(0, +)
      }
      #expect(events == 60)
      #expect(try await scenes[0].audit().rows == 60)
    }
  }

  @Test("an epoch that is over can do nothing any more")
  func staleEpoch() async throws {
    try await with(2) { _, stores in
      let (old, new) = (Scene(store: stores[0], reopen: { $0 }), Scene(store: stores[1], reopen: { $0 }))
      try await old.crowd(3, due: Scene.start)
      let stale = try await old.longAgent("one")
      let events = try await old.take(stale, at: Scene.start)
      // The store has recorded for it before, so that it knows the bucket.
      try await old.deliver([events[0]], stale, at: Scene.start)
      let fresh = try await new.longAgent("one")
      let answer = try await old.store.record(
        events.dropFirst().map { Scene.receipt($0) }, lease: stale, now: Scene.start)
      #expect(answer.fenced == Set(events.dropFirst().map(\.ref.bucket)))
      try await old.store.giveBack(events.map(\.ref.bucket), lease: stale, now: Scene.start)
      for verb in [
        { _ = try await old.claim(stale, at: Scene.start) },
        { _ = try await old.store.renew(stale, leaseFor: .hours(1), now: Scene.start) },
        { _ = try await old.store.load(events[1].ref.bucket, lease: stale, now: Scene.start) },
        { _ = try await old.store.owned(by: stale, now: Scene.start) },
        { try await old.store.release(stale, now: Scene.start) },
      ] as [() async throws -> Void] {
        let error = await #expect(throws: StoreError.self) { try await verb() }
        #expect(error?.code == .fenced)
      }
      let left = try await new.take(fresh, at: Scene.start)
      #expect(Set(left.map(\.ref)) == Set(events.dropFirst().map(\.ref)))
      try await new.deliver(left, fresh, at: Scene.start)
      #expect(try await new.audit().outcomes == [.delivered: 3])
    }
  }
}
