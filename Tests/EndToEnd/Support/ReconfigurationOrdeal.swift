import AgentHarness
import ControlAPI
import SwiftProtobuf
import Testing

/// Changes the queue `critical` again and again while its events and those of `low` run into a receiver that takes its
/// time, and holds the ledger against what the receiver got.
struct ReconfigurationOrdeal {
  /// Events of `critical`; and half as many of `low`, to stand beside them.
  let events: Int
  /// The most sends to the receiver at a time: it is always that busy.
  let places: Int32
  /// How long the receiver takes to answer, under a second: so long a send counts against its queue.
  let answerDelay: Duration
  /// From the import to the due time.
  let lead: Duration

  /// Within this every change must act, by the issue.
  static let bound = Duration.seconds(2)

  /// What one run saw.
  struct Outcome {
    /// How long each change took to act, by its name, in seconds.
    var effects: [(change: String, seconds: Double)] = []
    /// Sends of `critical` in three seconds, after its rate was set: what came, and what the rate allows.
    var rates: [(perSecond: Double, seen: Int)] = []
    /// Sends that were counted as delivered while the queue was paused, from the bound on.
    var whilePaused = -1
    var proof: LedgerProof?
    var lateness: Lateness?
  }

  private var total: Int { events + events / 2 }
  private static let critical = "queues/critical"
  private static let low = "queues/low"

  func run() async throws -> Outcome {
    try await Nginx.with(answersAfter: answerDelay) { nginx in
      try await AgentHome.with { home in
        var outcome = try await home.runReady { agent in
          try await agent.control { control in
            try await seed(control, home, nginx)
            var outcome = Outcome()
            try await changeReserve(control, &outcome)
            try await changeRate(control, &outcome)
            try await pauseAndResume(control, &outcome)
            try await agent.waitUntilSettled(total, within: .seconds(300))
            return outcome
          }
        }
        outcome.proof = try await LedgerProof.read(home.store)
        outcome.lateness = try await Lateness.read(store: home.store, accessLog: nginx.accessLog)
        return outcome
      }
    }
  }

  private func seed(_ control: Control, _ home: AgentHome, _ nginx: Nginx) async throws {
    try await Seed.webhook(
      control, home: home, port: nginx.port, maxInFlight: places, connections: Int(places))
    // Equal weights, so that what is not reserved is halved.
    try await change(control, ["weight"]) { $0.weight = 1 }
    let due = Seed.now() + Int64(lead.components.seconds) * 1_000_000
    let events = events
    try await Seed.notifications(
      control, count: total, queue: { $0 < events ? Self.critical : Self.low }, moment: { _ in due })
    guard Seed.now() < due else { throw HarnessError(.notMeasured, "the import took longer than \(lead)") }
    try await eventually("both queues send", within: lead + .seconds(30)) {
      let load = try await load(control)
      return load.critical > 0 && load.low > 0
    }
  }

  private func changeReserve(_ control: Control, _ outcome: inout Outcome) async throws {
    let places = Double(places)
    // Half of the agent's places, so half of the sink's are kept; of the rest low has half.
    try await expect("reserve as it was", control, &outcome) { $0.low > places * 0.12 && $0.low < places * 0.38 }
    try await change(control, ["reserve"]) { $0.reserve = 0 }
    try await expect("reserve down", control, &outcome) { $0.low > places * 0.42 }
    try await change(control, ["reserve"]) { $0.reserve = 4_000 }
    try await expect("reserve up", control, &outcome) { $0.low < places * 0.05 && $0.critical > places * 0.5 }
    try await change(control, ["reserve"]) { $0.reserve = 2_000 }
    try await expect("reserve back", control, &outcome) { $0.low > places * 0.12 && $0.low < places * 0.38 }
  }

  private func changeRate(_ control: Control, _ outcome: inout Outcome) async throws {
    let (seconds, attoseconds) = answerDelay.components
    let full = Double(places) / (Double(seconds) + Double(attoseconds) / 1e18)
    for (name, rate) in [("rate down", full / 20), ("rate up", full / 5)] {
      try await change(control, ["rate_per_second"]) { $0.ratePerSecond = rate }
      // As many are under way as begin while the receiver takes to answer.
      let expected = Double(places) * rate / full
      try await expect(name, control, &outcome) { $0.critical < expected * 2 + 3 }
      try await ContinuousClock().sleep(for: Self.bound)
      let before = try await load(control).delivered
      try await ContinuousClock().sleep(for: .seconds(3))
      outcome.rates.append((rate, try await load(control).delivered - before))
    }
    try await change(control, ["rate_per_second"]) { $0.clearRatePerSecond() }
    let places = Double(places)
    try await expect("unlimited", control, &outcome) { $0.critical > places * 0.5 }
  }

  private func pauseAndResume(_ control: Control, _ outcome: inout Outcome) async throws {
    _ = try await control.queues.pauseQueue(.with { $0.name = Self.critical })
    try await expect("pause", control, &outcome) { $0.critical == 0 }
    try await ContinuousClock().sleep(for: Self.bound)
    let before = try await load(control).delivered
    try await ContinuousClock().sleep(for: .seconds(2))
    outcome.whilePaused = try await load(control).delivered - before
    _ = try await control.queues.resumeQueue(.with { $0.name = Self.critical })
    try await expect("resume", control, &outcome) { $0.critical > 0 }
  }

  /// Waits for a change to act, and notes how long it took.
  private func expect(
    _ name: String, _ control: Control, _ outcome: inout Outcome, _ holds: @escaping (Load) -> Bool
  ) async throws {
    let clock = ContinuousClock()
    let start = clock.now
    var seen: [Load] = []
    do {
      // Longer than allowed, so that the time it took is told.
      try await eventually(name, within: Self.bound * 4, every: .milliseconds(50)) {
        seen.append(try await load(control))
        return seen.last.map(holds) ?? false
      }
    } catch {
      throw HarnessError(.failed, "\(name) did not act: \(seen.suffix(5))", cause: error)
    }
    let (seconds, attoseconds) = (clock.now - start).components
    outcome.effects.append((name, Double(seconds) + Double(attoseconds) / 1e18))
  }

  private func change(
    _ control: Control, _ paths: [String], _ body: (inout Carillon_V1_Queue) -> Void
  ) async throws {
    var queue = Carillon_V1_Queue.with { $0.name = Self.critical }
    body(&queue)
    _ = try await control.queues.updateQueue(
      .with {
        $0.queue = queue
        $0.updateMask = .with { $0.paths = paths }
      })
  }

  /// What the two queues have under way, and what of `critical` was delivered so far.
  private struct Load: Sendable {
    var critical: Double
    var low: Double
    var delivered: Int
  }

  private func load(_ control: Control) async throws -> Load {
    let queues = try await control.agents.getStatus(.init()).queues
    func status(_ name: String) -> Carillon_V1_QueueLoad? { queues.first { $0.queue == name } }
    return Load(
      critical: Double(status("critical")?.inFlight ?? 0), low: Double(status("low")?.inFlight ?? 0),
      delivered: Int(status("critical")?.deliveredTotal ?? 0))
  }
}
