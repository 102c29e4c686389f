import AgentHarness
import ControlAPI
import SwiftProtobuf

/// Events that are due at known moments, and what became of them.
struct Load {
  /// How many.
  let count: Int
  /// When the first is due, in microseconds since 1970.
  let firstDue: Int64
  /// From one to the next, in microseconds; 0: all at once.
  let spacing: Int64

  /// The queues they are dealt out to, in turn.
  var queues = [Seed.standardQueue]

  /// Imports them, and waits until all are planned; that must be done `margin` before the first is due.
  func prepare(_ control: Control, margin: Duration) async throws {
    let (firstDue, spacing, queues) = (firstDue, spacing, queues)
    try await Seed.notifications(
      control, count: count, queue: { queues[$0 % queues.count] }, moment: { firstDue + Int64($0) * spacing })
    let left = Double(firstDue - Seed.now()) / 1e6 - seconds(margin)
    guard left > 0 else {
      throw HarnessError(.notMeasured, "the import took too long: the events are due already, or nearly so")
    }
    try await eventually("\(count) events planned", within: .seconds(left), every: .milliseconds(250)) {
      try await open(control) == Int64(count)
    }
  }

  /// Waits until the queues are empty again.
  func waitUntilDone(_ control: Control, within limit: Duration) async throws {
    let wait = Double(firstDue - Seed.now()) / 1e6
    if wait > 0 { try await ContinuousClock().sleep(for: .seconds(wait)) }
    let length = Double(Int64(count) * spacing) / 1e6
    try await eventually(
      "every event settled", within: limit + .seconds(length), every: .milliseconds(250)
    ) {
      try await open(control) == 0
    }
  }

  private func open(_ control: Control) async throws -> Int64 {
    try await control.queues.listQueues(.init()).queues.reduce(0) { $0 + $1.status.open }
  }

  /// What the ledger and the receiver say. Anything lost, doubled, early or strange is told, not averaged away.
  func verdict(_ home: AgentHome, _ control: Control, _ nginx: Nginx) async throws -> Verdict {
    let proof = try await LedgerProof.read(home.store)
    let lateness = try await Lateness.read(store: home.store, accessLog: nginx.accessLog)
    let own = try await control.events.verifyLedger(.with { $0.from = .init(seconds: 0) })
    guard proof.events == count else {
      throw HarnessError(.notMeasured, "the ledger has \(proof.events) events, not \(count)")
    }
    return Verdict(
      lateness: lateness,
      lost: max(count - (proof.outcomes["delivered"] ?? 0), lateness.missing, Int(own.lost)),
      doubled: max(lateness.doubled, proof.closedTwice + proof.finalTwice, Int(own.closedTwice)),
      repeated: proof.rows - proof.events,
      isSound: proof.isClean && lateness.early == 0 && lateness.strange == 0
        && own.closedOnce == Int64(proof.closedOnce))
  }
}

/// What became of a load.
struct Verdict: Sendable {
  var lateness: Lateness
  var lost: Int
  var doubled: Int
  /// Rows beyond the first attempts: retries and deferrals.
  var repeated: Int
  /// The ledger's file, the agent's own sums and the receiver's log say the same, and nothing was early.
  var isSound: Bool

  var isPerfect: Bool { lost == 0 && doubled == 0 && isSound }
}
