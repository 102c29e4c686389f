import AgentHarness
import EventModel
import Store
import StorePostgreSQL

/// A store as an agent has it open: with the connections that are standard, and with a lease that is renewed every second.
struct StoreAgent: Sendable {
  let store: any Store
  let lease: AgentLease

  private static let leaseFor = TimeSpan.seconds(10)
  private static let renewEvery = Duration.seconds(1)

  /// The time of day. The database is on the same machine, so that nothing has to be corrected.
  static var now: Timestamp { Timestamp(microseconds: Seed.now()) }

  /// Opens the store of an empty database, runs `body`, and closes it whatever happens.
  static func with<Result>(url: String, _ body: (StoreAgent) async throws -> Result) async throws -> Result {
    let store = try await PostgresStore.open(PostgresStore.Options(url: url))
    do {
      let lease = try await store.openAgent(name: "bench", version: "1", leaseFor: leaseFor, now: now)
      let result = try await StoreAgent(store: store, lease: lease).renewing(body)
      await store.close()
      return result
    } catch {
      await store.close()
      throw error
    }
  }

  private func renewing<Result>(_ body: (StoreAgent) async throws -> Result) async throws -> Result {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await renew() }
      defer { group.cancelAll() }
      return try await body(self)
    }
  }

  /// Renews until cancelled. When that fails the lease ends, and the next claim says so.
  private func renew() async throws {
    while true {
      try await ContinuousClock().sleep(for: Self.renewEvery)
      _ = try await store.renew(lease, leaseFor: Self.leaseFor, now: Self.now)
    }
  }
}
