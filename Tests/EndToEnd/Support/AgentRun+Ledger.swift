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

  /// Waits until so many rows are closed and none is open, those that are deferred or to be tried again included.
  func waitUntilSettled(_ count: Int, within limit: Duration = .seconds(60)) async throws {
    try await eventually("\(count) rows closed", within: limit, every: .milliseconds(50)) {
      let queues = try await control { try await $0.queues.listQueues(.init()) }.queues
      let sums = try await verifyLedger()
      return queues.allSatisfy { $0.status.open == 0 } && sums.open == 0 && sums.closedOnce >= Int64(count)
    }
  }
}
