import AgentHarness
import EventModel

/// `store-held`: ten rounds while another session holds a REPEATABLE READ transaction, each in turn with one of a store
/// that nobody holds back; then the peers under the same transaction.
@Sendable func storeHeld() async throws -> Row {
  try await PostgresServer.durable { server in
    let database = try await server.freshDatabase()
    return try await StoreAgent.with(url: try server.url()) { free in
      try await StoreAgent.with(url: try server.url(database: database)) { held in
        var free = try await warm(server, free)
        var held = try await warm(server, held)
        return try await HeldTransaction.with(server, database: database) {
          var turns: [Turn] = []
          for _ in 0..<10 {
            turns.append(
              Turn(free: try await free.next().workedPerSecond, held: try await held.next().workedPerSecond))
          }
          try await free.check()
          try await held.check()
          let url = try server.url(database: database)
          let pgqueuer = try await Peer.pgqueuer.rounds(10, jobs: 10_000, held: true, url: url)
          let procrastinate = try await Peer.procrastinate.rounds(10, jobs: 1_000, held: true, url: url)
          return row(turns, peers: [.pgqueuer: pgqueuer, .procrastinate: procrastinate])
        }
      }
    }
  }
}

private struct Turn: Sendable {
  var free: Double
  var held: Double

  var ratio: Double { held / free }
}

private func warm(_ server: PostgresServer, _ agent: StoreAgent) async throws -> StoreRounds {
  let people = StorePeople(count: 50_000)
  try await people.put(agent)
  var rounds = StoreRounds(server: server, agent: agent, people: people)
  _ = try await rounds.next()
  return rounds
}

/// The last three rounds to the first three: 1 is flat.
private func slope(_ rounds: [Double]) -> Double { median(Array(rounds.suffix(3))) / median(Array(rounds.prefix(3))) }

private func row(_ turns: [Turn], peers: [Peer: [Peer.Round]]) -> Row {
  let ratio = median(turns.map(\.ratio))
  // Of the ratios, so that what the machine did meanwhile to both is no slope.
  let slopeOfRatios = slope(turns.map(\.ratio))
  var details: [String: Double] = [
    "rounds_8_to_10_by_1_to_3": slopeOfRatios, "own_rounds_8_to_10_by_1_to_3": slope(turns.map(\.held)),
  ]
  func name(_ round: Int, _ whose: String) -> String { "\(whose)_round_\(round < 9 ? "0" : "")\(round + 1)" }
  for (round, turn) in turns.enumerated() {
    details[name(round, "held")] = turn.held
    details[name(round, "free")] = turn.free
  }
  for (peer, rounds) in peers {
    details["\(peer)_rounds_8_to_10_by_1_to_3"] = slope(rounds.map(\.workedPerSecond))
    for (number, round) in rounds.enumerated() { details[name(number, "\(peer)")] = round.workedPerSecond }
  }
  return Row(
    id: "store-held", what: "store alone, ten rounds of 50,000 events under a REPEATABLE READ transaction, events/s",
    value: median(turns.map(\.held)), unit: "events/s",
    beside: .init(name: "without it, events/s", value: median(turns.map(\.free))), ratio: ratio,
    target: "ratio >= 0.75, rounds 8 to 10 >= 0.9 x rounds 1 to 3", met: ratio >= 0.75 && slopeOfRatios >= 0.9,
    details: details)
}
