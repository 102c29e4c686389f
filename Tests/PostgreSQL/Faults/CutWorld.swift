import EventModel
import Store

@testable import StorePostgreSQL
@testable import StoreTesting

/// A store that reaches its database through a proxy, and another that looks at the same database directly.
struct CutWorld: Sendable {
  let proxy: CuttingProxy
  /// Looks directly.
  let direct: Scene
  /// Goes through the proxy.
  private let proxied: Scene
  /// A number that the database answers.
  let number: @Sendable (_ sql: String) async throws -> Int64
  /// What `cut` does.
  var cut: CuttingProxy.Cut
  /// Done where it cuts.
  var hook: @Sendable () -> Void = {}
  /// Whether that crashes the server.
  var crashes = false

  /// Opens both stores, and closes them when `body` has ended.
  static func with(
    _ url: String, through proxiedURL: String, _ proxy: CuttingProxy, _ body: (CutWorld) async throws -> Void
  ) async throws {
    let direct = try await PostgresStore.open(PostgresStore.Options(url: url, connections: 2))
    // One connection for each purpose, so that it is known which the cut meets.
    let proxied = try await PostgresStore.open(PostgresStore.Options(url: proxiedURL, connections: 1))
    let pool = PostgresPool(try PostgresConfiguration(url: url), limits: .init(connections: 1))
    let world = CutWorld(
      proxy: proxy, direct: scene(direct), proxied: scene(proxied),
      number: { sql in
        try await pool.run(onlyReads: true) { try $0.execute("SELECT (\(sql))::bigint").int64(0, 0) }
      }, cut: .piece(.max))
    var failure: (any Error)?
    do { try await body(world) } catch { failure = error }
    for store in [direct, proxied] { await store.close() }
    await pool.close()
    if let failure { throw failure }
  }

  private static func scene(_ store: PostgresStore) -> Scene { Scene(store: store, reopen: { $0 }) }

  /// Runs a verb whose connection is cut.
  func cutting<Value>(_ body: (Scene) async throws -> Value) async throws -> Value {
    proxy.arm(cut, hook: hook)
    return try await body(proxied)
  }

  /// Delivers what is due, so that the next turn begins with a clean slate.
  func deliverAll(_ lease: AgentLease, at time: Timestamp) async throws {
    for bucket in try await direct.store.owned(by: lease, now: time) {
      try await direct.deliver(try await direct.store.load(bucket.id, lease: lease, now: time), lease, at: time)
    }
    try await direct.deliver(try await direct.take(lease, at: time), lease, at: time)
  }
}
