import AgentHarness
import ControlAPI
import NIOCore
import Testing

/// Kills the agent again and again in the middle of due events, and holds the ledger against what the receiver got.
struct KillOrdeal {
  /// How many events, all due at one instant.
  let events: Int
  /// How often the agent is killed.
  let kills: Int
  /// How long the receiver takes to answer, so that a kill always meets sends in flight.
  let answerDelay: TimeAmount
  /// From the import to the due time.
  let lead: Duration

  /// What one run saw.
  struct Outcome {
    /// From each restart to the first arrival, in seconds.
    var firstSends: [Double] = []
    /// At how many kills the killed run had sent the event, and the ledger had no final outcome for it.
    var inFlight: [String: Int] = [:]
    /// How often each event was received in all.
    var received: [String: Int] = [:]
    var proof: LedgerProof?
    var lost: Int64 = -1
    var closedTwice: Int64 = -1

    /// Events that were received more often than kills in mid-flight explain.
    var unexplainedDoubles: [String] {
      received.filter { $0.value - 1 > inFlight[$0.key, default: 0] }.map(\.key).sorted()
    }

    var doubles: Int { received.values.reduce(0) { $0 + $1 - 1 } }
  }

  func run() async throws -> Outcome {
    try await Receiver.with(.init(delay: answerDelay)) { receiver in
      try await AgentHome.with { home in
        var outcome = Outcome()
        for kill in 0..<kills { try await runAndKill(kill, home, receiver, &outcome) }
        try await runToTheEnd(home, receiver, &outcome)
        return outcome
      }
    }
  }

  private func runToTheEnd(_ home: AgentHome, _ receiver: Receiver, _ outcome: inout Outcome) async throws {
    let (sent, sums) = try await home.runReady { agent in
      let sent = try await firstSend(agent, receiver)
      try await receiver.wait(for: events, within: .seconds(120))
      try await agent.waitUntilSettled(events, within: .seconds(120))
      return (sent, try await agent.verifyLedger())
    }
    outcome.firstSends.append(sent)
    outcome.received = receiver.counts
    outcome.proof = try await LedgerProof.read(home.store, afterCrash: true)
    (outcome.lost, outcome.closedTwice) = (sums.lost, sums.closedTwice)
  }

  private func runAndKill(
    _ kill: Int, _ home: AgentHome, _ receiver: Receiver, _ outcome: inout Outcome
  ) async throws {
    let before = receiver.counts
    let (sent, exitCode) = try await home.run { agent in
      var sent: Double?
      if kill == 0 {
        try await agent.waitUntilReady()
        try await seed(agent, receiver)
      } else {
        sent = try await firstSend(agent, receiver)
      }
      try await receiver.wait(for: (kill + 1) * events / (kills + 1))
      try agent.kill()
      return sent
    }
    #expect(exitCode == 137)
    if let sent { outcome.firstSends.append(sent) }
    let unsettled = try await LedgerProof.unsettled(home.store, afterCrash: true)
    #expect(!unsettled.isEmpty, "kill \(kill) came after everything was done: it proves nothing")
    // What the dead agent had put into the sockets has arrived by now: reading the ledger took a program's start.
    // Only what this run sent counts: what an earlier one left open and this one never came to is no excuse twice.
    for (id, count) in receiver.counts where unsettled.contains(id) && count > before[id, default: 0] {
      outcome.inFlight[id, default: 0] += 1
    }
  }

  private func seed(_ agent: AgentRun, _ receiver: Receiver) async throws {
    try await agent.control { control in
      try await Seed.webhook(control, home: agent.home, port: receiver.port)
      let due = Seed.now() + Int64(lead.components.seconds) * 1_000_000
      try await Seed.notifications(control, count: events) { _ in due }
      guard Seed.now() < due else { throw HarnessError(.notMeasured, "the import took longer than \(lead)") }
    }
  }

  /// Seconds from the start of the process to the next arrival.
  private func firstSend(_ agent: AgentRun, _ receiver: Receiver) async throws -> Double {
    let before = receiver.arrivals.count
    let limit = Duration.seconds(60)
    let arrival = try await eventually("a send after the restart", within: limit, every: .milliseconds(1)) {
      let arrivals = receiver.arrivals
      return arrivals.count > before ? arrivals[before] : nil
    }
    let (seconds, attoseconds) = (arrival.instant - agent.startedAt).components
    return Double(seconds) + Double(attoseconds) / 1e18
  }
}
