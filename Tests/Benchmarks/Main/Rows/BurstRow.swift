import AgentHarness

/// `burst-100k-sqlite`: 100,000 events due at the same instant, on the embedded store.
@Sendable func burstOnSQLite() async throws -> Row {
  try await Burst(id: "burst-100k-sqlite", store: "SQLite", target: 20).row(on: .sqlite)
}

/// `burst-100k`: the same on PostgreSQL, durable, on the same machine.
@Sendable func burstOnPostgreSQL() async throws -> Row {
  try await PostgresServer.with(.init(bench: true)) { server in
    try await Burst(id: "burst-100k", store: "PostgreSQL", target: 10).row(on: .postgresql(url: try server.url()))
  }
}

/// `burst-100k-100ms`: the same to a receiver that takes 100 ms for each answer.
@Sendable func burstToSlowReceiver() async throws -> Row {
  try await PostgresServer.with(.init(bench: true)) { server in
    // Each send in flight to HTTP/1.1 needs a connection: the sink may open as many as it is allowed to.
    try await Burst(
      id: "burst-100k-100ms", store: "PostgreSQL", target: 20, delay: .milliseconds(100), connections: 1_024
    ).row(on: .postgresql(url: try server.url()))
  }
}

private struct Burst: Sendable {
  /// Places of the low queue: all of an agent's 4,000 less what critical, high and normal keep.
  private static let inFlight = 1_000

  let id: String
  let store: String
  /// For the p95, in seconds.
  let target: Double
  var delay = Duration.zero
  var connections: Int?

  func row(on choice: AgentHome.StoreChoice) async throws -> Row {
    let count = scaled(100_000)
    return try await Nginx.with(answersAfter: delay) { nginx in
      let verdict = try await AgentHome.with(store: choice) { home in
        try await home.runReady { agent in
          try await agent.control { control in
            try await Seed.webhook(control, home: home, port: nginx.port, connections: connections)
            let load = Load(count: count, firstDue: Seed.now() + 120_000_000, spacing: 0)
            try await load.prepare(control, margin: .seconds(2))
            try await load.waitUntilDone(control, within: .seconds(180))
            return try await load.verdict(home, control, nginx)
          }
        }
      }
      let (beside, ratio) = try await compare(count, verdict, nginx)
      return row(count, verdict, beside, ratio)
    }
  }

  private func row(_ count: Int, _ verdict: Verdict, _ beside: Row.Beside, _ ratio: Double) -> Row {
    let received = verdict.lateness.received
    let answers = delay > .zero ? "204 after \(Int(milliseconds(seconds(delay)))) ms" : "204"
    return Row(
      id: id, what: "\(count) events due at one instant, \(store), webhook to nginx answering \(answers)",
      value: received.p95, unit: "s", percentiles: received.percentiles(), beside: beside, ratio: ratio,
      target: "p95 < \(Int(target)) s, 0 lost, 0 double", met: received.p95 < target && verdict.isPerfect,
      details: verdict.details.merging([
        "events_per_second": Double(count) / received.max, "receipted_p95_s": verdict.lateness.settled.p95,
      ]) { $1 })
  }

  /// The bare loop on a receiver that answers at once; on a slow one what cannot be undercut.
  private func compare(
    _ count: Int, _ verdict: Verdict, _ nginx: Nginx
  ) async throws -> (beside: Row.Beside, ratio: Double) {
    let last = verdict.lateness.received.max
    if delay > .zero {
      let least = Double(count) * seconds(delay) / Double(Self.inFlight)
      return (.init(name: "least time with \(Self.inFlight) in flight, s", value: least), last / least)
    }
    let bare = try BareRun.send(count, inFlight: 128, port: nginx.port).rate
    return (.init(name: "bare libcurl-multi loop, requests/s", value: bare), Double(count) / last / bare)
  }
}
