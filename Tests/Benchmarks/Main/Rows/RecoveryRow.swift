import AgentHarness
import ControlAPI

/// `recovery-100k`: an agent is killed a second before 100,000 events are due that it has in memory. Once it comes back by
/// its own name when they are overdue; once another agent takes its place, and has to wait for the end of its lease.
@Sendable func recovery() async throws -> Row {
  let count = scaled(100_000)
  let (same, other) = try await PostgresServer.with(.init(bench: true)) { server in
    let databases = (try await server.freshDatabase(), try await server.freshDatabase())
    return (
      try await Recovery(count: count, url: try server.url(database: databases.0), isOther: false).run(),
      try await Recovery(count: count, url: try server.url(database: databases.1), isOther: true).run()
    )
  }
  let both = [same, other]
  let (first, taken) = (same.firstSend, other.firstSend)
  let areMarked = both.allSatisfy { $0.verdict.lateness.marked == count && $0.verdict.lateness.receiptedLate == count }
  let longest = max(same.verdict.lateness.span, other.verdict.lateness.span)
  return Row(
    id: "recovery-100k",
    what: "\(count) events fall due after kill -9, PostgreSQL: from the same agent's start to its first send; details "
      + "have another agent's, counted from the kill",
    value: first, unit: "s", beside: .init(name: "lease, s", value: Recovery.lease), ratio: taken / Recovery.lease,
    target: "first send: same <= 2 s, other <= lease + 2 s; all within 15 s, marked late, 0 lost, 0 double",
    met: first <= 2 && taken <= Recovery.lease + 2 && longest <= 15 && areMarked
      && both.allSatisfy(\.verdict.isPerfect),
    details: [
      "same_first_to_last_s": same.verdict.lateness.span, "other_first_send_after_kill_s": taken,
      "other_first_to_last_s": other.verdict.lateness.span, "all_marked_late": areMarked ? 1 : 0,
      "lost": Double(same.verdict.lost + other.verdict.lost),
      "doubled": Double(same.verdict.doubled + other.verdict.doubled),
      "proofs_agree": both.allSatisfy(\.verdict.isSound) ? 1 : 0,
    ])
}

private struct Recovery: Sendable {
  /// One run's outcome.
  struct Outcome: Sendable {
    /// From the start of the same agent, or from the kill to another's.
    var firstSend: Double
    var verdict: Verdict
  }

  /// The standard lease, in seconds.
  static let lease = 10.0
  /// One queue may not fill an agent's memory; four do.
  private static let queues = ["queues/critical", "queues/high", "queues/normal", "queues/low"]

  let count: Int
  let url: String
  /// Whether another agent takes over.
  let isOther: Bool

  func run() async throws -> Outcome {
    try await Nginx.with { nginx in
      // A bucket is claimed 60 s before its minute: at the start of the third all are in memory.
      let load = Load(
        count: count, firstDue: (Seed.now() / 60_000_000 + 3) * 60_000_000, spacing: 0, queues: Self.queues)
      return try await AgentHome.with(name: "first", store: .postgresql(url: url)) { home in
        let killedAt = try await fillAndKill(home, load, nginx)
        guard isOther else {
          try await sleep(until: load.firstDue + 3_000_000)
          return try await settle(home, load, nginx, since: Seed.now())
        }
        return try await AgentHome.with(name: "second", store: .postgresql(url: url)) {
          try await settle($0, load, nginx, since: killedAt)
        }
      }
    }
  }

  /// Answers when it killed the agent, in microseconds since 1970.
  private func fillAndKill(_ home: AgentHome, _ load: Load, _ nginx: Nginx) async throws -> Int64 {
    try await home.run { agent in
      try await agent.waitUntilReady()
      try await agent.control { control in
        try await Seed.webhook(control, home: home, port: nginx.port)
        try await load.prepare(control, margin: .seconds(15))
        let left = Double(load.firstDue - Seed.now()) / 1e6 - 2
        try await eventually("all events in memory", within: .seconds(left), every: .milliseconds(250)) {
          try await control.agents.getStatus(.init()).loaded == Int64(count)
        }
      }
      try await sleep(until: load.firstDue - 1_000_000)
      let moment = Seed.now()
      try agent.kill()
      return moment
    }.result
  }

  private func settle(_ home: AgentHome, _ load: Load, _ nginx: Nginx, since start: Int64) async throws -> Outcome {
    try await home.runReady { agent in
      try await agent.control { control in
        try await load.waitUntilDone(control, within: .seconds(120))
        let verdict = try await load.verdict(home, control, nginx)
        return Outcome(firstSend: verdict.lateness.first - Double(start) / 1e6, verdict: verdict)
      }
    }
  }

  private func sleep(until moment: Int64) async throws {
    let left = Double(moment - Seed.now()) / 1e6
    if left > 0 { try await ContinuousClock().sleep(for: .seconds(left)) }
  }
}
