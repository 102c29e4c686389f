import AgentHarness
import ControlAPI
import SwiftProtobuf

extension AgentRun {
  /// The ledger's sums, as the agent says.
  func verifyLedger() async throws -> Carillon_V1_VerifyLedgerResponse {
    try await control { control in
      try await control.events.verifyLedger(
        .with { $0.from = .init(seconds: Seed.now() / 1_000_000 - 86_400, nanos: 0) })
    }
  }

  /// Waits until so many rows are closed and none is open.
  func waitUntilSettled(_ count: Int, within limit: Duration = .seconds(60)) async throws {
    try await eventually("\(count) rows closed", within: limit, every: .milliseconds(50)) {
      let sums = try await verifyLedger()
      return sums.open == 0 && sums.closedOnce >= Int64(count)
    }
  }
}
