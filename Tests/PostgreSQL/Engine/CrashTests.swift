import Foundation
import Store
import Testing

@testable import StorePostgreSQL

@Suite("A crash of the server under COMMIT")
struct CrashTests {
  /// A transaction that inserts 1, whose COMMIT reaches the server or not, which then crashes and starts again, gives
  /// out the transaction numbers anew that it forgot, and answers.
  private func crash(
    isApplied: Bool, evidence: Settlement.Evidence?
  ) async throws -> (error: StoreError?, rows: [Int64], runs: Int) {
    // So that the crash forgets the insert: else the writer of the log may have stored it, and kept its number from others.
    let cluster = try await Cluster.start(["--set", "wal_writer_delay=10s"])
    let proxy = try CuttingProxy(to: try Cluster.port(cluster.primary))
    let direct = PostgresPool(try PostgresConfiguration(url: cluster.primary))
    try await direct.run { _ = try $0.execute("CREATE TABLE t (v int8)") }
    let pool = PostgresPool(try PostgresConfiguration(cluster.primary, port: proxy.port))
    let crash: @Sendable () -> Void = {
      do {
        try cluster.restart("immediate")
        for _ in 0..<20 { try cluster.superuser("SELECT pg_current_xact_id()") }
      } catch {
        Issue.record(error)
      }
    }
    proxy.arm(isApplied ? .after("COMMIT\0") : .before("COMMIT\0"), hook: crash)
    let runs = Counter()
    var failure: StoreError?
    do {
      try await pool.transaction(evidence: evidence) { session in
        runs.add()
        try session.execute("INSERT INTO t VALUES (1)")
      }
    } catch {
      failure = error
    }
    #expect(proxy.hasCut)
    let rows = try await direct.run { session in
      let result = try session.execute("SELECT v FROM t")
      return (0..<result.rows).map { result.int64($0, 0) }
    }
    await pool.close()
    await direct.close()
    try cluster.remove()
    return (failure, rows, runs.value)
  }

  private let evidence: Settlement.Evidence = { session in
    try session.execute("SELECT count(*) FROM t WHERE v = 1").int64(0, 0) > 0
  }

  @Test("a number that another transaction may have now proves nothing")
  func withoutEvidence() async throws {
    let (error, rows, runs) = try await crash(isApplied: false, evidence: nil)
    #expect(error?.code == .unknown)
    #expect(rows.isEmpty)
    #expect(runs == 1)
  }

  @Test("with evidence it is settled: what was forgotten runs again, what was kept does not", arguments: [true, false])
  func withEvidence(_ isApplied: Bool) async throws {
    let (error, rows, runs) = try await crash(isApplied: isApplied, evidence: evidence)
    #expect(error == nil)
    #expect(rows == [1])
    #expect(runs == (isApplied ? 1 : 2))
  }
}
