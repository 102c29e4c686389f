import Foundation
import Store
import Testing

@testable import StorePostgreSQL

/// The ways to the shared database.
enum Way: String, CaseIterable, Sendable, CustomTestStringConvertible {
  case direct
  case pgbouncer

  var testDescription: String { rawValue }

  func configuration() async throws -> PostgresConfiguration {
    let cluster = try await Cluster.shared.value
    switch self {
    case .direct: return try PostgresConfiguration(url: cluster.primary)
    case .pgbouncer:
      var configuration = try PostgresConfiguration(url: cluster.pgbouncer)
      configuration.prepare = .off
      return configuration
    }
  }

  /// A pool; closed when `body` ends.
  func withPool<Value: Sendable>(
    _ limits: PostgresPool.Limits = .init(), _ body: (PostgresPool) async throws -> Value
  ) async throws -> Value {
    try await usingPool(try await configuration(), limits, body)
  }
}

extension PostgresConfiguration {
  /// The same database with another port, and other changes.
  init(_ url: String, port: UInt16? = nil, user: String? = nil, password: String? = nil, database: String? = nil)
    throws
  {
    var parts = try #require(URLComponents(string: url))
    if let port { parts.port = Int(port) }
    if let user { parts.user = user }
    if let password { parts.password = password }
    if let database { parts.path = "/" + database }
    // The proxy has to see what passes.
    parts.query = "sslmode=disable&gssencmode=disable"
    self = try PostgresConfiguration(url: try #require(parts.string))
  }
}

extension Cluster {
  /// The port of a URL.
  static func port(_ url: String) throws -> UInt16 { UInt16(try #require(URLComponents(string: url)?.port)) }
}

/// Runs `body` with a pool, and closes it.
func usingPool<Value: Sendable>(
  _ configuration: PostgresConfiguration, _ limits: PostgresPool.Limits = .init(),
  _ body: (PostgresPool) async throws -> Value
) async throws -> Value {
  let pool = PostgresPool(configuration, limits: limits)
  do {
    let value = try await body(pool)
    await pool.close()
    return value
  } catch {
    await pool.close()
    throw error
  }
}

/// A name for a table of one test.
func freshTable() -> String { "t\(UInt64.random(in: 0 ... .max))" }

extension PostgresPool {
  /// Closes the connections that nobody uses; the next ones are fresh.
  func forgetConnections() async {
    for connection in idle { await connection.disconnect() }
  }
}
