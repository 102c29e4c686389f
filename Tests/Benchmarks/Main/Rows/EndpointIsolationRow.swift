import AgentHarness
import ControlAPI

/// `endpoint-isolation`: 1,000 users' webhooks that answer, alone and beside as many that take every request and never
/// answer; each second an event for each of them falls due at the same instant.
@Sendable func endpointIsolation() async throws -> Row {
  let trial = EndpointTrial(endpoints: scaled(1_000), seconds: 20)
  var (alone, beside): ([EndpointTrial.Figures], [EndpointTrial.Figures]) = ([], [])
  // In turns, so that whatever else the machine does meets both.
  for _ in 0..<3 {
    alone.append(try await trial.run(withHanging: false))
    beside.append(try await trial.run(withHanging: true))
  }
  let ratio = median(beside.map(\.p99)) / median(alone.map(\.p99))
  let growth = zip(beside, alone).map { Double($0.memory - $1.memory) / 1_048_576 }
  let isWhole = (alone + beside).allSatisfy(\.isWhole)
  return Row(
    id: "endpoint-isolation",
    what: "\(trial.endpoints) answering endpoints beside as many that hang, an event each a second; medians of 3",
    value: milliseconds(median(beside.map(\.p99))), unit: "ms",
    percentiles: [
      "p50": milliseconds(median(beside.map(\.p50))), "p99": milliseconds(median(beside.map(\.p99))),
    ],
    beside: .init(name: "p99 of the answering ones alone, ms", value: milliseconds(median(alone.map(\.p99)))),
    ratio: ratio, target: "ratio < 2, memory growth < 64 MiB, none lost or double",
    met: ratio < 2 && median(growth) < 64 && isWhole,
    details: [
      "alone_p50_ms": milliseconds(median(alone.map(\.p50))), "memory_growth_mib": median(growth),
      "greatest_ratio": zip(beside, alone).map { $0.p99 / $1.p99 }.max() ?? .nan,
      "proofs_agree": isWhole ? 1 : 0,
    ])
}

private struct EndpointTrial: Sendable {
  struct Figures: Sendable {
    var p50: Double
    var p99: Double
    /// RssAnon at the end, in bytes.
    var memory: Int
    /// Every event of an answering endpoint arrived once.
    var isWhole: Bool
  }

  let endpoints: Int
  let seconds: Int

  func run(withHanging: Bool) async throws -> Figures {
    let silent = try SilentListener()
    return try await Nginx.with { nginx in
      try await AgentHome.with { home in
        try await home.runReady { agent in
          try await agent.control { control in
            try await Seed.webhook(
              control, home: home, port: nginx.port, connections: 256, addressKind: "webhook")
            return try await measure(withHanging ? silent : nil, nginx, home, agent, control)
          }
        }
      }
    }
  }

  private func measure(
    _ silent: SilentListener?, _ nginx: Nginx, _ home: AgentHome, _ agent: AgentRun, _ control: Control
  ) async throws -> Figures {
    let (endpoints, port, each) = (endpoints, nginx.port, silent == nil ? 1 : 2)
    let answering = endpoints * seconds
    let load = Load(
      count: answering * each, firstDue: Seed.now() + 45_000_000, spacing: 1_000_000, queues: ["queues/normal"],
      together: endpoints * each,
      address: { number in
        let endpoint = number / each % endpoints
        // In turns: one that answers, one that hangs.
        guard let silent, number % 2 == 1 else { return "http://127.0.0.1:\(port)/hook/\(endpoint)" }
        return silent.url(endpoint)
      })
    try await load.prepare(control, margin: .seconds(2))
    let end = load.firstDue + Int64(seconds + 2) * 1_000_000
    try await ContinuousClock().sleep(for: .microseconds(max(end - Seed.now(), 0)))
    let memory = try agent.memoryBytes("RssAnon")
    let lateness = try await eventually("all arrived", within: .seconds(60), every: .seconds(2)) { () -> Lateness? in
      let read = try await Lateness.read(store: home.store, accessLog: nginx.accessLog)
      return read.requests >= answering ? read : nil
    }
    return Figures(
      p50: lateness.received.p50, p99: lateness.received.p99, memory: memory,
      isWhole: lateness.requests == answering && lateness.doubled == 0 && lateness.early == 0)
  }
}
