import EventModel
import Foundation
import Store
import Testing

@testable import StorePostgreSQL

/// A database of its own in the shared cluster, for one test; dropped at the end. Copied from one whose tables are made
/// already: making them takes longer than most tests.
struct FreshDatabase: Sendable {
  let url: String
  let name: String
  let cluster: Cluster

  init(empty: Bool = false) async throws {
    cluster = try await Cluster.quick.value
    name = "t\(UInt64.random(in: 0 ... .max))"
    let template = empty ? "template0" : try await Self.template.value
    try Self.create(name, template, cluster)
    url = Self.url(cluster.primary, name)
  }

  /// Runs `body` with a database of its own, when it is its turn to use the cluster.
  static func with<Value: Sendable>(
    empty: Bool = false, _ body: @Sendable (FreshDatabase) async throws -> Value
  ) async throws -> Value {
    try await Turns.shared.take {
      let database = try await FreshDatabase(empty: empty)
      do {
        let value = try await body(database)
        try database.drop()
        return value
      } catch {
        try database.drop()
        throw error
      }
    }
  }

  /// The way through pgbouncer.
  var pooledURL: String { Self.url(cluster.pgbouncer, name) }

  /// The way through a proxy, which has to see what passes.
  func url(through proxy: CuttingProxy) throws -> String { try Self.url(url, through: proxy) }

  /// The same of another server.
  static func url(_ url: String, through proxy: CuttingProxy) throws -> String {
    var parts = try #require(URLComponents(string: url))
    parts.port = Int(proxy.port)
    parts.query = "sslmode=disable&gssencmode=disable"
    return try #require(parts.string)
  }

  /// A proxy before the server.
  func proxy() throws -> CuttingProxy { try CuttingProxy(to: try Cluster.port(url)) }

  /// A pool of plain connections, for looking behind the store's back; closed when `body` ends.
  func withPool<Value: Sendable>(_ body: (PostgresPool) async throws -> Value) async throws -> Value {
    try await usingPool(try PostgresConfiguration(url: url), .init(connections: 2), body)
  }

  /// The one number that a query answers.
  func number(_ sql: String) async throws -> Int64 {
    try await withPool { pool in
      try await pool.run(onlyReads: true) { try $0.execute("SELECT (\(sql))::bigint").int64(0, 0) }
    }
  }

  func store(_ change: (inout PostgresStore.Options) -> Void = { _ in }) async throws -> PostgresStore {
    var options = PostgresStore.Options(url: url, connections: 4)
    change(&options)
    return try await PostgresStore.open(options)
  }

  func drop() throws { try cluster.superuser("DROP DATABASE \(name) WITH (FORCE)") }

  private static let template = Task {
    let cluster = try await Cluster.quick.value
    let name = "template_of_tests"
    try create(name, "template0", cluster)
    let store = try await PostgresStore.open(PostgresStore.Options(url: url(cluster.primary, name), connections: 1))
    await store.close()
    return name
  }

  private static func create(_ name: String, _ template: String, _ cluster: Cluster) throws {
    try cluster.superuser("CREATE DATABASE \(name) OWNER carillon TEMPLATE \(template) STRATEGY file_copy")
  }

  private static func url(_ way: String, _ name: String) -> String { way.replacing(/\/carillon$/, with: "/" + name) }
}

extension Cluster {
  /// For what does not ask whether it would survive a crash: it does not wait for the disk.
  static let quick = Task { try await start(["--pgbouncer", "--set", "fsync=off", "--set", "max_connections=200"]) }
}

/// Lets so many tests use the cluster at a time: its connections are bounded.
actor Turns {
  static let shared = Turns(6)

  private var free: Int
  private var waiting: [CheckedContinuation<Void, Never>] = []

  init(_ count: Int) { free = count }

  func take<Value: Sendable>(_ body: @Sendable () async throws -> Value) async rethrows -> Value {
    if free > 0 { free -= 1 } else { await withCheckedContinuation { waiting.append($0) } }
    defer { if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() } }
    return try await body()
  }
}
