import AgentHarness
import ControlAPI

/// What became of events.
struct Verdict: Sendable {
  var lateness: Lateness
  var lost: Int
  var doubled: Int
  /// Rows beyond the first attempts: retries and deferrals.
  var repeated: Int
  /// The ledger's tables, the agent's own sums and the receiver's log say the same, and nothing was early.
  var isSound: Bool

  var isPerfect: Bool { lost == 0 && doubled == 0 && isSound }

  /// For a row's details.
  var details: [String: Double] {
    [
      "lost": Double(lost), "doubled": Double(doubled), "retries_and_deferrals": Double(repeated),
      "proofs_agree": isSound ? 1 : 0,
    ]
  }

  /// Holds what the ledger, the receiver and the agent say against one another. Anything lost, doubled, early or strange is
  /// told, not averaged away.
  /// - Parameters:
  ///   - own: the agent's own sums.
  ///   - events: how many there must be.
  ///   - rehearsal: when the agent's clock ran faster; only what fell due in it counts.
  static func read(
    _ store: String, _ accessLog: String, _ own: Carillon_V1_VerifyLedgerResponse, events: Int,
    rehearsal: Rehearsal? = nil
  ) async throws -> Verdict {
    let proof = try await LedgerProof.read(store, rehearsal: rehearsal)
    let lateness = try await Lateness.read(store: store, accessLog: accessLog, rehearsal: rehearsal)
    guard proof.events == events else {
      throw HarnessError(.notMeasured, "the ledger has \(proof.events) events, not \(events)")
    }
    return Verdict(
      lateness: lateness,
      lost: max(events - (proof.outcomes["delivered"] ?? 0), lateness.missing, Int(own.lost)),
      doubled: max(lateness.doubled, proof.closedTwice + proof.finalTwice, Int(own.closedTwice)),
      repeated: proof.rows - proof.events,
      isSound: proof.isClean && lateness.early == 0 && lateness.strange == 0
        && own.closedOnce == Int64(proof.closedOnce))
  }
}

extension Lateness.Percentiles {
  /// For a row that counts `unit` of its units in a second.
  func percentiles(_ unit: Double = 1) -> [String: Double] {
    ["p50": p50 * unit, "p95": p95 * unit, "p99": p99 * unit, "max": max * unit]
  }
}

/// Milliseconds of a time in seconds.
func milliseconds(_ seconds: Double) -> Double { seconds * 1_000 }
