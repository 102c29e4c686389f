import EventModel
import Store
import StoreSQL
import Testing

@testable import StorePostgreSQL
@testable import StoreTesting

@Suite("Daily partitions")
struct PartitionTests {
  private func exists(_ database: FreshDatabase, _ time: Timestamp) async throws -> Bool {
    let suffix = try #require(BucketDay(time)).suffix
    return try await database.number(
      "SELECT count(*) FROM pg_class WHERE relname IN ('event\(suffix)', 'receipt\(suffix)')")
      == 2
  }

  @Test("they are made ahead, again with every upkeep, and where somebody needs one far away")
  func made() async throws {
    try await FreshDatabase.with { database in
      let store = try await database.store()
      let scene = Scene(store: store, reopen: { $0 })
      let now = try await store.clock()
      for day in [-24, 0, 24, 48, 72] { #expect(try await exists(database, now + .hours(Int64(day)))) }
      let far = now + .hours(24 * 400)
      #expect(try await !exists(database, far))
      _ = try await store.expire(now: far)
      #expect(try await exists(database, far))
      let farther = far + .hours(24 * 365)
      let schedule = try await scene.planned("s", [Scene.event("k", due: farther)])
      #expect(try await exists(database, farther))
      #expect(try await scene.state(EventIdentity(schedule: schedule, key: "k")) == .pending)
      await store.close()
    }
  }

  @Test("several stores that need the same day at once make it once")
  func atOnce() async throws {
    try await FreshDatabase.with { database in
      var stores: [PostgresStore] = []
      for _ in 0..<3 { stores.append(try await database.store()) }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for (index, store) in stores.enumerated() {
          group.addTask {
            let one = OneOff(
              schedule: Scene.schedule("o-\(index)", type: "notification"), event: Scene.event("o", due: Scene.start),
              idempotencyKey: "o-\(index)")
            let answer = try await store.submit([one], owner: nil, now: Scene.start)
            guard case .created? = answer.submissions.first else { throw Failure() }
          }
        }
        try await group.waitForAll()
      }
      #expect(try await database.number("SELECT count(*) FROM event") == 3)
      for store in stores { await store.close() }
    }
  }

  private struct Failure: Error {}

  @Test("while a long transaction sees a day, dropping it is given up in bounded time, and finished later")
  func longTransaction() async throws {
    try await FreshDatabase.with { database in
      let store = try await database.store()
      let scene = Scene(store: store, reopen: { $0 })
      try await scene.crowd(3, due: Scene.start)
      let lease = try await scene.longAgent("one")
      try await scene.deliver(try await scene.take(lease, at: Scene.start), lease, at: Scene.start)
      let later = Scene.start + .hours(24 * 10)
      try await database.withPool { pool in
        let held = Rendezvous(2)
        let released = Rendezvous(2)
        var options = TransactionOptions.snapshot
        options.idleTimeoutMilliseconds = 600_000
        async let reader = pool.transaction(options) { session in
          let rows = try session.execute("SELECT count(*) FROM event").int64(0, 0)
          held.arrive()
          released.arrive()
          return rows
        }
        await Threads.run { held.arrive() }
        let began = ContinuousClock.now
        // The first begins to take the day off, the second would finish it; neither can.
        var errors: [StoreError] = []
        for _ in 0..<2 {
          do throws(StoreError) {
            _ = try await store.dropHistory(before: later, deadLettersBefore: later)
          } catch {
            errors.append(error)
          }
        }
        let took = began.duration(to: .now)
        // Nobody else is held up by it.
        try await scene.crowd(1, due: later, prefix: "new")
        await Threads.run { released.arrive() }
        #expect(try await reader == 3)
        #expect(errors.map(\.code) == [.unavailable, .unavailable])
        #expect(took < .seconds(40))
      }
      let answer = try await store.dropHistory(before: later, deadLettersBefore: later)
      #expect(answer.buckets > 0)
      #expect(try await !exists(database, Scene.start))
      #expect(try await scene.audit().rows == 1)
      await store.close()
    }
  }
}
