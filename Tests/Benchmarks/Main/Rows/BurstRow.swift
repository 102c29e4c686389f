import AgentHarness

/// `burst-100k-sqlite`: 100,000 events due at the same instant, on the embedded store.
@Sendable func burstOnSQLite() async throws -> Row {
  try await burst(id: "burst-100k-sqlite", on: "SQLite", .sqlite, target: 20)
}

/// `burst-100k`: the same on PostgreSQL, durable, on the same machine.
@Sendable func burstOnPostgreSQL() async throws -> Row {
  try await PostgresServer.with(.init(bench: true)) { server in
    try await burst(id: "burst-100k", on: "PostgreSQL", .postgresql(url: try server.url()), target: 10)
  }
}

private func burst(
  id: String, on name: String, _ store: AgentHome.StoreChoice, target: Double
) async throws -> Row {
  let count = 100_000
  return try await Nginx.with { nginx in
    let verdict = try await AgentHome.with(store: store) { home in
      try await home.runReady { agent in
        try await agent.control { control in
          try await Seed.webhook(control, home: home, port: nginx.port)
          let load = Load(count: count, firstDue: Seed.now() + 120_000_000, spacing: 0)
          try await load.prepare(control, margin: .seconds(2))
          try await load.waitUntilDone(control, within: .seconds(180))
          return try await load.verdict(home, control, nginx)
        }
      }
    }
    let bare = try BareRun.send(count, inFlight: 128, port: nginx.port)
    let received = verdict.lateness.received
    let rate = Double(count) / received.max
    return Row(
      id: id, what: "100,000 events due at one instant, \(name), webhook to nginx answering 204",
      value: received.p95, unit: "s",
      percentiles: ["p50": received.p50, "p95": received.p95, "p99": received.p99, "max": received.max],
      beside: .init(name: "bare libcurl-multi loop, requests/s", value: bare.rate), ratio: rate / bare.rate,
      target: "p95 < \(Int(target)) s, 0 lost, 0 double", met: received.p95 < target && verdict.isPerfect,
      details: [
        "events_per_second": rate, "lost": Double(verdict.lost), "doubled": Double(verdict.doubled),
        "retries_and_deferrals": Double(verdict.repeated),
        "receipted_p95_s": verdict.lateness.settled.p95, "proofs_agree": verdict.isSound ? 1 : 0,
      ])
  }
}
