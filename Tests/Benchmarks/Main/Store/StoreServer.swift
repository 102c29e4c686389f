import AgentHarness
import Glibc

extension PostgresServer {
  /// One that counts: what it acknowledges would survive a power cut.
  static func durable<Result>(_ body: (PostgresServer) async throws -> Result) async throws -> Result {
    try await with(Options(bench: true)) { server in
      for setting in ["fsync", "synchronous_commit", "full_page_writes"] {
        let value = try await server.query("SHOW \(setting)")
        guard value == "on" else { throw HarnessError(.notMeasured, "\(setting) is \(value); it must be on") }
      }
      return try await body(server)
    }
  }

  /// Bytes of WAL that it has written, by whomever.
  func walBytes() async throws -> Double { try await number("SELECT pg_current_wal_lsn() - '0/0'::pg_lsn") }

  /// The one number that a query answers.
  func number(_ sql: String, database: String = "carillon") async throws -> Double {
    let text = try await query(sql, database: database)
    guard let number = Double(text) else { throw HarnessError(.notMeasured, "\(sql) answered \"\(text)\"") }
    return number
  }
}

/// Processor time of this process, in seconds.
func processorSeconds() -> Double {
  var usage = rusage()
  getrusage(RUSAGE_SELF.rawValue, &usage)
  return [usage.ru_utime, usage.ru_stime].reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6 }
}
