import AgentHarness

/// `priority-isolation`: 1,000 critical events, alone and beside 20,000 low ones that are due at the same instant and go to
/// a slow endpoint; in turns, so that whatever else the machine does meets both.
@Sendable func priorityIsolation() async throws -> Row {
  let trial = Isolation(critical: scaled(1_000), rounds: 3)
  let rounds = try await trial.run()
  let (beside, alone) = (median(rounds.beside.map(\.p99)), median(rounds.alone.map(\.p99)))
  return Row(
    id: "priority-isolation",
    what: "\(trial.critical) critical events beside \(trial.critical * Isolation.lowForEach) low ones due at the same "
      + "instant, which go to an endpoint answering after 500 ms; PostgreSQL; medians of \(trial.rounds) rounds",
    value: milliseconds(beside), unit: "ms",
    percentiles: [
      "p50": milliseconds(median(rounds.beside.map(\.p50))), "p95": milliseconds(median(rounds.beside.map(\.p95))),
      "p99": milliseconds(beside),
    ],
    beside: .init(name: "p99 of the critical ones alone, ms", value: milliseconds(alone)), ratio: beside / alone,
    target: "ratio <= 1.5, 0 lost, 0 double", met: beside / alone <= 1.5 && rounds.isPerfect,
    details: [
      "alone_p50_ms": milliseconds(median(rounds.alone.map(\.p50))), "proofs_agree": rounds.isPerfect ? 1 : 0,
      "least_ratio": zip(rounds.beside, rounds.alone).map { $0.p99 / $1.p99 }.min() ?? .nan,
      "greatest_ratio": zip(rounds.beside, rounds.alone).map { $0.p99 / $1.p99 }.max() ?? .nan,
    ])
}

private struct Isolation: Sendable {
  /// The critical ones' lateness, by round.
  struct Rounds: Sendable {
    var alone: [Lateness.Percentiles] = []
    var beside: [Lateness.Percentiles] = []
    /// Nothing lost, doubled or early.
    var isPerfect = true
  }

  static let lowForEach = 20
  /// With an answer after 500 ms 1,000 a second: no low event waits in the sink until its time is over.
  private static let slowConnections = 512

  /// How many in each round.
  let critical: Int
  let rounds: Int

  func run() async throws -> Rounds {
    try await PostgresServer.with(.init(bench: true)) { server in
      let url = try server.url()
      return try await Nginx.with { fast in
        try await Nginx.with(answersAfter: .milliseconds(500)) { slow in
          try await AgentHome.with(store: .postgresql(url: url)) { home in
            try await home.runReady { agent in
              try await agent.control { try await measure(home, $0, fast, slow) }
            }
          }
        }
      }
    }
  }

  private func measure(_ home: AgentHome, _ control: Control, _ fast: Nginx, _ slow: Nginx) async throws -> Rounds {
    try await Seed.webhook(control, home: home, port: fast.port, filter: ["queue": "critical"], id: "fast")
    try await Seed.webhook(
      control, home: home, port: slow.port, connections: Self.slowConnections, filter: ["queue": "low"], id: "slow")
    var (found, number) = (Rounds(), 0)
    for low in Array(repeating: [0, Self.lowForEach], count: rounds).joined() {
      let load = Load(
        count: critical * (1 + low), firstDue: Seed.now() + 45_000_000, spacing: 0,
        queues: ["queues/critical"] + Array(repeating: "queues/low", count: low), first: number)
      number += load.count
      try fast.forget()
      try await load.prepare(control, margin: .seconds(2))
      try await load.waitUntilDone(control, within: .seconds(120))
      let lateness = try await Lateness.read(store: home.store, accessLog: fast.accessLog)
      found.isPerfect = found.isPerfect && isWhole(lateness, critical)
      if low == 0 { found.alone.append(lateness.received) } else { found.beside.append(lateness.received) }
    }
    let lows = try await Lateness.read(store: home.store, accessLog: slow.accessLog)
    let proof = try await LedgerProof.read(home.store)
    found.isPerfect =
      found.isPerfect && isWhole(lows, critical * Self.lowForEach * rounds) && proof.isClean
      && proof.outcomes == ["delivered": number]
    return found
  }

  private func isWhole(_ lateness: Lateness, _ count: Int) -> Bool {
    lateness.requests == count && lateness.doubled == 0 && lateness.early == 0 && lateness.strange == 0
  }
}
