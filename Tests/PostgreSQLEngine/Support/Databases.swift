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
    let pool = PostgresPool(try await configuration(), limits: limits)
    do {
      let value = try await body(pool)
      await pool.close()
      return value
    } catch {
      await pool.close()
      throw error
    }
  }
}

/// A name for a table of one test.
func freshTable() -> String { "t\(UInt64.random(in: 0 ... .max))" }
