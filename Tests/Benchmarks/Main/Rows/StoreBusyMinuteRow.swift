import AgentHarness
import EventModel

/// `store-busy-minute`: the store alone while 1,000 single events/s come for the minute that is worked off, in turns with
/// rounds without.
@Sendable func storeBusyMinute() async throws -> Row {
  let perSecond = 1_000
  return try await PostgresServer.durable { server in
    try await StoreAgent.with(url: try server.url()) { agent in
      let people = StorePeople(count: 100_000)
      try await people.put(agent)
      var rounds = StoreRounds(server: server, agent: agent, people: people)
      _ = try await rounds.next()
      var turns: [(quiet: StoreRounds.Figures, busy: StoreRounds.Figures)] = []
      for _ in 0..<5 {
        turns.append((try await rounds.next(), try await rounds.next(arrivalsPerSecond: perSecond)))
      }
      try await rounds.check()
      let ratio = median(turns.map { $0.busy.workedPerSecond / $0.quiet.workedPerSecond })
      let arrived = median(turns.map(\.busy.arrivedPerSecond))
      return Row(
        id: "store-busy-minute",
        what: "store alone, 100,000 events of a minute, while 1,000 others/s come for it (not counted in the value)",
        value: median(turns.map(\.busy.workedPerSecond)), unit: "events/s",
        beside: .init(name: "without, events/s", value: median(turns.map(\.quiet.workedPerSecond))), ratio: ratio,
        target: "ratio >= 0.75 with 1,000 arriving/s", met: ratio >= 0.75 && arrived >= 0.98 * Double(perSecond),
        details: [
          "arrived_per_second": arrived,
          "lowest_ratio": turns.map { $0.busy.workedPerSecond / $0.quiet.workedPerSecond }.min() ?? 0,
          "client_cpu_us_per_event": median(turns.map(\.busy.processorMicroseconds)),
          "client_cpu_us_per_event_without": median(turns.map(\.quiet.processorMicroseconds)),
        ])
    }
  }
}
