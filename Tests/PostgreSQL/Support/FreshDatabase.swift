import EventModel
import Foundation
import Store

@testable import StorePostgreSQL

/// A database of its own in the shared cluster, for one test; dropped at the end. Copied from one whose tables are made
/// already: making them takes longer than most tests.
struct FreshDatabase: Sendable {
  let url: String
  private let name: String
  private let cluster: Cluster

  init(empty: Bool = false) async throws {
    cluster = try await Cluster.quick.value
    name = "t\(UInt64.random(in: 0 ... .max))"
    let template = empty ? "template0" : try await Self.template.value
    try Self.create(name, template, cluster)
    url = Self.url(name, cluster)
  }

  func store(_ change: (inout PostgresStore.Options) -> Void = { _ in }) async throws -> PostgresStore {
    var options = PostgresStore.Options(url: url, connections: 4)
    change(&options)
    return try await PostgresStore.open(options)
  }

  /// Statements of the superuser in this database.
  @discardableResult
  func superuser(_ sql: String) throws -> String { try cluster.superuser("\\connect \(name)\n\(sql)") }

  func drop() throws { try cluster.superuser("DROP DATABASE \(name) WITH (FORCE)") }

  private static let template = Task {
    let cluster = try await Cluster.quick.value
    let name = "template_of_tests"
    try create(name, "template0", cluster)
    let store = try await PostgresStore.open(PostgresStore.Options(url: url(name, cluster), connections: 1))
    await store.close()
    return name
  }

  private static func create(_ name: String, _ template: String, _ cluster: Cluster) throws {
    try cluster.superuser("CREATE DATABASE \(name) OWNER carillon TEMPLATE \(template) STRATEGY file_copy")
  }

  private static func url(_ name: String, _ cluster: Cluster) -> String {
    cluster.primary.replacing(/\/carillon$/, with: "/" + name)
  }
}

extension Cluster {
  /// For what does not ask whether it would survive a crash: it does not wait for the disk.
  static let quick = Task { try await start(["--set", "fsync=off", "--set", "max_connections=150"]) }
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
