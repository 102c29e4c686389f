import AgentHarness
import EventModel

/// `store-path`: the store alone, claim to receipt, in turns with two job queues on the same server; and their WAL.
@Sendable func storePath() async throws -> Row {
  try await PostgresServer.durable { server in
    let peersURL = try server.url(database: try await server.freshDatabase())
    return try await StoreAgent.with(url: try server.url()) { agent in
      let people = StorePeople(count: 100_000)
      let walBefore = try await server.walBytes()
      try await people.put(agent)
      let walOfPeople = (try await server.walBytes() - walBefore) / Double(people.count)
      var own = StoreRounds(server: server, agent: agent, people: people)
      _ = try await own.next()
      var turns: [Peer: [Turn]] = [:]
      for _ in 0..<3 {
        for (peer, jobs) in [(Peer.pgqueuer, 20_000), (.procrastinate, 4_000)] {
          let ours = try await own.next()
          let theirs = try await peer.rounds(1, jobs: jobs, url: peersURL)[0]
          turns[peer, default: []].append(Turn(ours: ours, theirs: theirs))
        }
      }
      try await own.check()
      return row(turns, walOfPeople: walOfPeople)
    }
  }
}

/// A round of ours, and the round of a peer that followed it.
private struct Turn: Sendable {
  var ours: StoreRounds.Figures
  var theirs: Peer.Round

  var ratio: Double { ours.workedPerSecond / theirs.workedPerSecond }
}

private func row(_ turns: [Peer: [Turn]], walOfPeople: Double) -> Row {
  let ours = turns.values.flatMap { $0 }.map(\.ours)
  var details: [String: Double] = [
    "planned_per_second": median(ours.map(\.plannedPerSecond)),
    "slowest_round": ours.map(\.workedPerSecond).min() ?? 0, "fastest_round": ours.map(\.workedPerSecond).max() ?? 0,
    "wal_bytes_per_event": median(ours.map(\.walBytes)),
    "wal_bytes_per_event_planning": median(ours.map(\.walBytesPlanning)),
    "wal_bytes_per_event_working": median(ours.map(\.walBytesWorking)),
    "wal_bytes_per_person_with_schedule_once": walOfPeople,
    "client_cpu_us_per_event": median(ours.map(\.processorMicroseconds)),
  ]
  for (peer, turns) in turns {
    let theirs = turns.map(\.theirs)
    details["\(peer)_ratio"] = median(turns.map(\.ratio))
    details["\(peer)_jobs_per_second"] = median(theirs.map(\.workedPerSecond))
    details["\(peer)_inserted_per_second"] = median(theirs.map(\.insertedPerSecond))
    details["\(peer)_wal_bytes_per_job"] = median(theirs.map(\.walBytesPerJob))
    details["\(peer)_client_cpu_us_per_job"] = median(theirs.map(\.clientCpuUsPerJob))
  }
  let ratio = details["pgqueuer_ratio"] ?? 0
  return Row(
    id: "store-path", what: "store alone, claim to receipt, 100,000 events a round, history kept; in turns with peers",
    value: median(ours.map(\.workedPerSecond)), unit: "events/s",
    beside: .init(name: "pgqueuer, jobs/s", value: details["pgqueuer_jobs_per_second"] ?? 0), ratio: ratio,
    target: "ratio >= 5; procrastinate_ratio >= 100", met: ratio >= 5 && details["procrastinate_ratio"] ?? 0 >= 100,
    details: details)
}
