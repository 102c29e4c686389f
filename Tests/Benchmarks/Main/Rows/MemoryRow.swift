import AgentHarness
import ControlAPI

/// `rss`: the agent's memory, idle and with 100,000 events planned and as many of them loaded as it takes.
@Sendable func residentMemory() async throws -> Row {
  let count = 100_000
  let figures = try await Nginx.with { nginx in
    try await AgentHome.with { home in
      try await home.runReady { agent in
        try await agent.control { control in
          try await ContinuousClock().sleep(for: .seconds(3))
          var figures = Figures(
            idleAnonymous: try agent.memoryBytes("RssAnon"), idleAll: try agent.memoryBytes("VmRSS"))
          try await Seed.webhook(control, home: home, port: nginx.port)
          // A bucket is claimed 60 s before its minute; at the start of the next but one all are claimed and none is due.
          let due = (Seed.now() / 60_000_000 + 3) * 60_000_000
          // One queue may not fill the agent's memory; four do.
          let load = Load(
            count: count, firstDue: due, spacing: 0,
            queues: ["queues/critical", "queues/high", "queues/normal", "queues/low"])
          try await load.prepare(control, margin: .seconds(20))
          figures.loaded = try await loadedAtMost(control, until: due - 3_000_000)
          figures.loadedAnonymous = try agent.memoryBytes("RssAnon")
          return figures
        }
      }
    }
  }
  guard figures.loaded > 0 else { throw HarnessError(.notMeasured, "the agent loaded nothing before it was due") }
  let megabyte = 1_000_000.0
  let idle = Double(figures.idleAnonymous) / megabyte
  let all = Double(figures.idleAll) / megabyte
  let loaded = Double(figures.loadedAnonymous) / megabyte
  return Row(
    id: "rss", what: "agent memory: idle with its plugins, RssAnon; details have the rest", value: idle, unit: "MB",
    target: "idle RssAnon <= 30 MB, VmRSS <= 90 MB; loaded RssAnon <= 200 MB",
    met: idle <= 30 && all <= 90 && loaded <= 200 && figures.loaded == count,
    details: [
      "idle_rss_anon_mb": idle, "idle_vm_rss_mb": all, "loaded_rss_anon_mb": loaded,
      "loaded_events": Double(figures.loaded),
    ])
}

private struct Figures: Sendable {
  var idleAnonymous: Int
  var idleAll: Int
  var loaded = 0
  var loadedAnonymous = 0
}

/// Waits until 100,000 are loaded or the moment comes; answers the most that were.
private func loadedAtMost(_ control: Control, until moment: Int64) async throws -> Int {
  var most: Int64 = 0
  while Seed.now() < moment {
    most = max(most, try await control.agents.getStatus(.init()).loaded)
    if most >= 100_000 { break }
    try await ContinuousClock().sleep(for: .milliseconds(250))
  }
  return Int(most)
}
