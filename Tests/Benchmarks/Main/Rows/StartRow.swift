import AgentHarness

/// `start-ready`: from fork to `/readyz` 200, on a new SQLite file.
@Sendable func startReady() async throws -> Row {
  let starts = 9
  var fresh: [Double] = []
  var again: [Double] = []
  for _ in 0..<starts {
    try await AgentHome.with { home in
      fresh.append(try await startTime(home))
      again.append(try await startTime(home))
    }
  }
  let value = median(fresh)
  return Row(
    id: "start-ready", what: "start to ready, median of \(starts), a new SQLite file each", value: value, unit: "ms",
    percentiles: ["max": fresh.max() ?? value], target: "<= 500 ms", met: value <= 500,
    details: ["existing_file_median_ms": median(again)])
}

private func startTime(_ home: AgentHome) async throws -> Double {
  let (milliseconds, exitCode) = try await home.run { agent in
    try await agent.waitUntilReady(every: .milliseconds(1))
    return seconds(ContinuousClock().now - agent.startedAt) * 1_000
  }
  guard exitCode == 0 else {
    throw HarnessError(.failed, "the agent ended with \(exitCode); its log ends: \(home.log.suffix(2_000))")
  }
  return milliseconds
}
