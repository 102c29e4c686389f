import AgentHarness

/// `steady-1k`: one event a millisecond for half a minute.
@Sendable func steady() async throws -> Row {
  let count = 30_000
  return try await Nginx.with { nginx in
    let verdict = try await AgentHome.with { home in
      try await home.runReady { agent in
        try await agent.control { control in
          try await Seed.webhook(control, home: home, port: nginx.port)
          let load = Load(count: count, firstDue: Seed.now() + 60_000_000, spacing: 1_000)
          try await load.prepare(control, margin: .seconds(2))
          try await load.waitUntilDone(control, within: .seconds(60))
          return try await load.verdict(home, control, nginx)
        }
      }
    }
    let started = verdict.lateness.started
    let received = verdict.lateness.received
    func milliseconds(_ value: Double) -> Double { value * 1_000 }
    return Row(
      id: "steady-1k", what: "1,000 events/s for 30 s: lateness at the receiver (its clock has whole milliseconds)",
      value: milliseconds(received.p99), unit: "ms",
      percentiles: [
        "p50": milliseconds(received.p50), "p95": milliseconds(received.p95), "p99": milliseconds(received.p99),
        "max": milliseconds(received.max),
      ],
      target: "p50 < 5 ms, p99 < 50 ms",
      met: max(received.p50, started.p50) < 0.005 && max(received.p99, started.p99) < 0.050
        && verdict.isPerfect,
      details: [
        "send_p50_ms": milliseconds(started.p50), "send_p99_ms": milliseconds(started.p99),
        "lost": Double(verdict.lost), "doubled": Double(verdict.doubled),
        "retries_and_deferrals": Double(verdict.repeated), "proofs_agree": verdict.isSound ? 1 : 0,
      ])
  }
}
