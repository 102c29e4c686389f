import AgentHarness
import ControlAPI
import NIOCore
import SwiftProtobuf
import Synchronization

/// Three agents on one PostgreSQL, of which one after the other is killed at random while events fall due, and the database
/// is crashed meanwhile; then the ledger and the receiver are held against each other.
struct FleetOrdeal {
  /// How many events.
  let events: Int
  /// How often an agent is killed.
  let kills: Int
  /// How often the database is ended at once and recovers.
  let crashes: Int
  /// From one fault to the next.
  let pause: Duration
  /// From the import to the first due time.
  let lead: Duration

  /// What one run saw.
  struct Outcome {
    /// How often each event was received.
    var received: [String: Int] = [:]
    /// Events that were received again with no fault between the two arrivals.
    var unexplainedDoubles: [String] = []
    var doubles = 0
    var faults = 0
    var proof: LedgerProof?
    var lost: Int64 = -1
    var closedTwice: Int64 = -1
  }

  private static let names = ["one", "two", "three"]

  func run() async throws -> Outcome {
    try await PostgresServer.with { server in
      try await Receiver.with(.init(delay: .milliseconds(5))) { receiver in
        let url = try server.url()
        let store = AgentHome.StoreChoice.postgresql(url: url)
        let fleet = Fleet()
        return try await AgentHome.with(name: Self.names[0], store: store, lines: ["lease: 2s"]) { one in
          try await AgentHome.with(name: Self.names[1], store: store, lines: ["lease: 2s"]) { two in
            try await AgentHome.with(name: Self.names[2], store: store, lines: ["lease: 2s"]) { three in
              try await withThrowingTaskGroup(of: Void.self) { group in
                for home in [one, two, three] { group.addTask { try await fleet.live(home) } }
                let faults = try await disturb(fleet, server, receiver, seeding: one)
                let sums = try await settle(fleet)
                fleet.end()
                try await group.waitForAll()
                return try await outcome(url, receiver, faults: faults, sums: sums)
              }
            }
          }
        }
      }
    }
  }

  /// Seeds, and then makes one fault after the other. Answers when they were.
  private func disturb(
    _ fleet: Fleet, _ server: PostgresServer, _ receiver: Receiver, seeding home: AgentHome
  ) async throws -> [ContinuousClock.Instant] {
    try await eventually("three agents are up", within: .seconds(90)) { fleet.count == Self.names.count }
    let first = try await eventually("an agent", within: .seconds(10)) { fleet.agent(of: home) }
    try await first.waitUntilReady(within: .seconds(90))
    try await seed(first, receiver)
    try await eventually("the first arrival", within: lead + .seconds(30)) { !receiver.arrivals.isEmpty }
    var faults: [ContinuousClock.Instant] = []
    let crashEvery = crashes > 0 ? max(kills / crashes, 1) : Int.max
    for kill in 1...max(kills, 1) {
      faults.append(.now)
      try fleet.killOne()
      if kill % crashEvery == 0 {
        faults.append(.now)
        try await server.restart(immediate: true)
        faults.append(.now)
      }
      try await ContinuousClock().sleep(for: pause)
    }
    return faults
  }

  private func seed(_ agent: AgentRun, _ receiver: Receiver) async throws {
    try await agent.control { control in
      try await Seed.webhook(control, home: agent.home, port: receiver.port)
      let due = Seed.now() + Int64(lead.components.seconds) * 1_000_000
      // Spread over the time that the faults take, so that each meets some.
      let length = Int64(pause.components.seconds * 1_000_000) + pause.components.attoseconds / 1_000_000_000_000
      let spacing = length * Int64(max(kills, 1)) / Int64(events)
      try await Seed.notifications(control, count: events) { due + Int64($0) * spacing }
    }
  }

  /// With nobody's help the backlog comes to nothing.
  private func settle(_ fleet: Fleet) async throws -> (lost: Int64, closedTwice: Int64) {
    try await eventually("every event settled", within: .seconds(300), every: .milliseconds(500)) {
      // An agent that was just started again does not answer yet.
      guard let agent = fleet.any, let sums = try? await sums(agent), sums.closedOnce >= Int64(events) else {
        return nil
      }
      return sums.isIdle ? (sums.lost, sums.closedTwice) : nil
    }
  }

  private func sums(
    _ agent: AgentRun
  ) async throws -> (isIdle: Bool, closedOnce: Int64, lost: Int64, closedTwice: Int64) {
    try await agent.control { control in
      let queues = try await control.queues.listQueues(.init()).queues
      let sums = try await control.events.verifyLedger(.with { $0.from = .init(seconds: 0) })
      return (queues.allSatisfy { $0.status.open == 0 }, sums.closedOnce, sums.lost, sums.closedTwice)
    }
  }

  private func outcome(
    _ url: String, _ receiver: Receiver, faults: [ContinuousClock.Instant], sums: (lost: Int64, closedTwice: Int64)
  ) async throws -> Outcome {
    var outcome = Outcome(received: receiver.counts, faults: faults.count)
    outcome.doubles = outcome.received.values.reduce(0) { $0 + $1 - 1 }
    outcome.unexplainedDoubles = Self.unexplained(receiver.arrivals.map { ($0.id, $0.instant) }, faults)
    outcome.proof = try await LedgerProof.read(url)
    (outcome.lost, outcome.closedTwice) = sums
    return outcome
  }

  /// Events of which two arrivals have no fault between them, or just before the first: what was on its way when an agent
  /// died arrives a little later.
  static func unexplained(
    _ arrivals: [(id: String, instant: ContinuousClock.Instant)], _ faults: [ContinuousClock.Instant]
  ) -> [String] {
    var last: [String: ContinuousClock.Instant] = [:]
    var found: Set<String> = []
    for (id, instant) in arrivals.sorted(by: { $0.instant < $1.instant }) {
      defer { last[id] = instant }
      guard let before = last[id] else { continue }
      if !faults.contains(where: { $0 >= before - .seconds(1) && $0 <= instant }) { found.insert(id) }
    }
    return found.sorted()
  }
}

/// The agents that run. One that was killed is started again at once.
private final class Fleet: Sendable {
  private struct State {
    var agents: [String: AgentRun] = [:]
    var isOver = false
  }

  private let state = Mutex(State())

  var count: Int { state.withLock { $0.agents.count } }

  func agent(of home: AgentHome) -> AgentRun? { state.withLock { $0.agents[home.socket] } }

  var any: AgentRun? { state.withLock { $0.agents.values.first } }

  func end() { state.withLock { $0.isOver = true } }

  /// Kills one of those that run.
  func killOne() throws {
    let chosen = state.withLock { state in
      state.agents.randomElement().map { socket, agent in
        state.agents[socket] = nil
        return agent
      }
    }
    try chosen?.kill()
  }

  /// Runs an agent until the end, again after each kill.
  func live(_ home: AgentHome) async throws {
    while !state.withLock({ $0.isOver }) {
      _ = try await home.run { agent in
        self.state.withLock { $0.agents[home.socket] = agent }
        try await eventually("the agent's end", within: .seconds(3_600), every: .milliseconds(20)) {
          self.state.withLock { $0.isOver || $0.agents[home.socket] == nil }
        }
      }
    }
  }
}
