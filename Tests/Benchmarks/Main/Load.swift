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
  /// So many are due at each of the moments.
  var together = 1
  /// The number of the first, behind those of earlier loads.
  var first = 0
  /// The own webhook of whom an event is for; nil: none.
  var address: @Sendable (Int) -> String? = { _ in nil }

  /// Imports them, and waits until all are planned; that must be done `margin` before the first is due.
  func prepare(_ control: Control, margin: Duration) async throws {
    let (firstDue, spacing, queues, first, together) = (firstDue, spacing, queues, first, together)
    try await Seed.notifications(
      control, first: first, count: count, queue: { queues[$0 % queues.count] }, address: address,
      moment: { firstDue + Int64(($0 - first) / together) * spacing })
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
    let length = Double(Int64(count / together) * spacing) / 1e6
    try await eventually(
      "every event settled", within: limit + .seconds(length), every: .milliseconds(250)
    ) {
      try await open(control) == 0
    }
  }

  /// Events that are planned and not settled, in all queues.
  func open(_ control: Control) async throws -> Int64 {
    try await control.queues.listQueues(.init()).queues.reduce(0) { $0 + $1.status.open }
  }

  /// What the ledger, the receiver and the agent say.
  func verdict(_ home: AgentHome, _ control: Control, _ nginx: Nginx) async throws -> Verdict {
    let own = try await control.events.verifyLedger(.with { $0.from = .init(seconds: 0) })
    return try await Verdict.read(home.store, nginx.accessLog, own, events: count)
  }
}
