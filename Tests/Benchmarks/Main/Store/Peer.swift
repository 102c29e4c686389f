import AgentHarness
import Foundation

/// A job queue that the store is held against; `Tests/Benchmarks/Peers` runs it.
enum Peer: String, Sendable {
  case pgqueuer
  case procrastinate

  /// A round's figures, as the peer's run prints them.
  struct Round: Decodable, Sendable {
    var insertedPerSecond: Double
    var workedPerSecond: Double
    var clientCpuUsPerJob: Double
    var walBytesPerJob: Double
    var walBytesPerJobInserting: Double
    var walBytesPerJobWorking: Double
  }

  /// Runs rounds in a schema of their own, which is dropped at the end.
  /// - Parameter held: whether a REPEATABLE READ transaction is held open meanwhile.
  func rounds(_ count: Int, jobs: Int, held: Bool = false, url: String) async throws -> [Round] {
    let python = "\(Programs.repository)/.build/peers/bin/python"
    guard access(python, X_OK) == 0 else {
      throw HarnessError(.missing, "\(python) is not there; deploy/peers.sh makes it")
    }
    let script = "\(Programs.repository)/Tests/Benchmarks/Peers/\(rawValue)_run.py"
    let arguments = ["--url", url, "--jobs", "\(jobs)", "--rounds", "\(count)"] + (held ? ["--held"] : [])
    let output = try await Tool.output(python, [script] + arguments, limit: .seconds(600))
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let rounds = try output.split(separator: "\n").map { try decoder.decode(Round.self, from: Data($0.utf8)) }
    guard rounds.count == count else {
      throw HarnessError(.notMeasured, "\(rawValue) printed \(rounds.count) rounds, not \(count)")
    }
    return rounds
  }
}
