import EventModel
import Store
import StoreSQL
import Testing

@testable import StorePostgreSQL
@testable import StoreTesting

@Suite("The audit of several connections")
struct AuditTests {
  @Test("connections of two agents write at once: each agent's chain is whole, and nobody waits for ever")
  func together() async throws {
    try await FreshDatabase.with { database in
      let stores = try await [database.store { $0.agent = "one" }, database.store { $0.agent = "two" }]
      let scenes = stores.map { Scene(store: $0, reopen: { $0 }) }
      let hook = try await scenes[0].sink("hook")
      try await scenes[0].planned("s", (0..<60).map { Scene.event("k\($0)", due: Scene.start + .hours(2)) })
      let number = try await scenes[0].store.schedule(namespace: "default", id: "s").number
      try await withThrowingTaskGroup(of: Void.self) { group in
        for (index, scene) in scenes.enumerated() {
          let mine = (0..<60).filter { $0 % 2 == index }
          group.addTask {
            for key in mine {
              _ = try await scene.store.cancel(
                EventIdentity(schedule: number, key: "k\(key)"), reason: "r", actor: .agent, now: Scene.start)
            }
          }
          group.addTask {
            for turn in 0..<20 {
              let people = (0..<50).map { Change.putUser(User(namespace: "default", id: "u-\($0)-\(turn)"), .none) }
              _ = try await scene.store.commit(people, actor: .agent, dryRun: false, now: Scene.start)
            }
          }
          group.addTask {
            for turn in 0..<20 {
              let id = "g-\(index)-\(turn)"
              try await scene.commit(.createGrant(Grant(id: id, identity: "dns:a", role: .viewer)))
              try await scene.store.disableSink(hook, reason: id, now: Scene.start)
            }
          }
          group.addTask {
            let lease = try await scene.longAgent(["one", "two"][index])
            for _ in 0..<20 { _ = try await scene.store.renew(lease, leaseFor: .hours(1), now: Scene.start) }
          }
        }
        try await group.waitForAll()
      }
      let chains = try await stores[0].verifyAudit()
      #expect(chains.map(\.problem) == ["", ""])
      #expect(chains.map(\.agent) == ["one", "two"])
      let records = try await database.number("SELECT count(*) FROM audit")
      #expect(Int64(chains.map(\.records).reduce(0, +)) == records)
      // Batches, cancellations, grants and disabled sinks; the second agent's batches of the same people change nothing.
      #expect(records >= 60 + 80 + 20)
      for store in stores { await store.close() }
    }
  }

  @Test("a changed record, and one that is gone, are found")
  func forged() async throws {
    for (sql, problem) in [
      ("UPDATE audit SET actor = 'x' WHERE number = 2", "the record was changed, or its hash"),
      ("DELETE FROM audit WHERE number = 2", "the record before it is gone"),
      ("DELETE FROM audit WHERE number = 3", "the chain is cut off: it should end with record 3"),
    ] {
      try await FreshDatabase.with { database in
        let scene = Scene(store: try await database.store(), reopen: { $0 })
        try await scene.commit(.stopAll(reason: "x"))
        try await scene.commit(.resumeAll)
        try await scene.commit(.stopAll(reason: "y"))
        try await database.withPool { pool in try await pool.run { _ = try $0.simple(sql) } }
        #expect(try await scene.store.verifyAudit().map(\.problem) == [problem])
        await scene.store.close()
      }
    }
  }
}
