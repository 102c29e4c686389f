import AgentHarness
import EventModel

/// `claim-growth`: one claim with ten million events in the future, and in turns with ten thousand.
@Sendable func claimGrowth() async throws -> Row {
  let samples = 1_000
  return try await PostgresServer.durable { server in
    let database = try await server.freshDatabase()
    return try await StoreAgent.with(url: try server.url()) { small in
      try await StoreAgent.with(url: try server.url(database: database)) { large in
        var few = try await ClaimProbe(small)
        var many = try await ClaimProbe(large)
        try await FutureEvents.fill(server, database: database, count: 10_000_000)
        try await FutureEvents.fill(server, database: "carillon", count: 10_000)
        for _ in 0..<samples {
          try await few.probe()
          try await many.probe()
        }
        return row(few: few.milliseconds.sorted(), many: many.milliseconds.sorted())
      }
    }
  }
}

private func row(few: [Double], many: [Double]) -> Row {
  let ratio = percentile(many, 0.99) / percentile(few, 0.99)
  return Row(
    id: "claim-growth", what: "one claim of 16 due events with 10,000,000 in the future; in turns with 10,000",
    value: percentile(many, 0.99), unit: "ms",
    percentiles: ["p50": percentile(many, 0.5), "p95": percentile(many, 0.95), "p99": percentile(many, 0.99)],
    beside: .init(name: "p99 with 10,000, ms", value: percentile(few, 0.99)), ratio: ratio,
    target: "ratio <= 1.5", met: ratio <= 1.5,
    details: [
      "p50_with_10k_ms": percentile(few, 0.5), "p95_with_10k_ms": percentile(few, 0.95),
      "ratio_p50": percentile(many, 0.5) / percentile(few, 0.5), "samples_each": Double(many.count),
    ])
}
