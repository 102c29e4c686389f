import EventModel
import Store
import StoreSQL
import Testing

@testable import StorePostgreSQL
@testable import StoreTesting

@Suite("Somebody who holds a lock for long")
struct LockTests {
  @Test(
    "everybody is refused in bounded time, no connection is lost, and afterwards all goes on",
    arguments: ["bucket", "plan"])
  func held(_ table: String) async throws {
    try await FreshDatabase.with { database in
      let store = try await database.store { $0.connections = 2 }
      let scene = Scene(store: store, reopen: { $0 })
      try await scene.crowd(2, due: Scene.start)
      let lease = try await scene.longAgent("one")
      let events = try await scene.take(lease, at: Scene.start)
      try await database.withPool { pool in
        let held = Rendezvous(2)
        let released = Rendezvous(2)
        var options = TransactionOptions.writing
        options.idleTimeoutMilliseconds = 600_000
        async let holder: Void = pool.transaction(options) { session in
          try session.execute("LOCK TABLE \(table)")
          held.arrive()
          released.arrive()
        }
        await Threads.run { held.arrive() }
        let began = ContinuousClock.now
        // More callers than there are connections.
        let errors = await withTaskGroup(of: StoreError?.self) { group in
          for _ in 0..<4 {
            group.addTask {
              await Self.failure {
                if table == "bucket" { _ = try await scene.claim(lease, at: Scene.start) }
                try await scene.commit(.putSchedule(Scene.schedule("late"), .none))
              }
            }
          }
          if table == "bucket" {
            group.addTask { await Self.failure { try await scene.deliver(events, lease, at: Scene.start) } }
          }
          return await group.reduce(into: []) { $0.append($1) }
        }
        let took = began.duration(to: .now)
        // A renewal asks for commands, which go by bucket, and needs no plan.
        let renewal = await Self.failure { _ = try await store.renew(lease, leaseFor: .hours(1), now: Scene.start) }
        await Threads.run { released.arrive() }
        try await holder
        #expect(errors.allSatisfy { $0?.code == .unavailable }, "\(errors)")
        #expect(took < .seconds(40))
        #expect(renewal?.code == (table == "bucket" ? .unavailable : nil))
      }
      try await scene.commit(.putSchedule(Scene.schedule("late"), .none))
      try await scene.deliver(events, lease, at: Scene.start)
      #expect(try await scene.audit().outcomes == [.delivered: 2])
      #expect(store.connectionsInUse == 0)
      await store.close()
    }
  }

  private static func failure(_ body: () async throws -> Void) async -> StoreError? {
    do { try await body() } catch { return error as? StoreError }
    return nil
  }
}
