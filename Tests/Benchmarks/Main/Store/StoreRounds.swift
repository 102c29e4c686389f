import AgentHarness
import EventModel
import Store

/// Rounds of one store, one after the other; its tables keep them all, as history does.
struct StoreRounds {
  /// What a round came to. An event is planned when its row is committed, and worked off when its receipt is.
  struct Figures: Sendable {
    var plannedPerSecond: Double
    var workedPerSecond: Double
    var arrivedPerSecond: Double
    var walBytesPlanning: Double
    var walBytesWorking: Double
    /// Of this process, while working off.
    var processorMicroseconds: Double

    var walBytes: Double { walBytesPlanning + walBytesWorking }
  }

  let server: PostgresServer
  let agent: StoreAgent
  let people: StorePeople
  private var rounds = 0
  private var events = 0
  private var dueMinutes: [Timestamp] = []

  /// The furthest that buckets may be claimed ahead is 60 s: what is due then is claimed at once, and missed by nobody.
  private static let dueAhead = TimeSpan.seconds(55)

  init(server: PostgresServer, agent: StoreAgent, people: StorePeople) {
    self.server = server
    self.agent = agent
    self.people = people
  }

  /// Plans an event for everybody and works them off.
  /// - Parameter arrivalsPerSecond: single events that come for the same minute meanwhile.
  mutating func next(arrivalsPerSecond: Int = 0) async throws -> Figures {
    rounds += 1
    let clock = ContinuousClock()
    let due = StoreAgent.now + Self.dueAhead
    dueMinutes.append(due.minute)
    let walBefore = try await server.walBytes()
    let start = clock.now
    try await people.plan(round: rounds, due: due, agent)
    let planning = seconds(clock.now - start)
    let walPlanned = try await server.walBytes()
    let arrivals = Arrivals(perSecond: arrivalsPerSecond, due: due, round: rounds, people: people)
    let round = StoreRound(
      agent: agent, backlog: people.count, arrivals: arrivalsPerSecond > 0 ? arrivals : nil)
    let processor = processorSeconds()
    let worked = try await round.work()
    let count = Double(people.count)
    events += people.count + worked.arrived
    return Figures(
      plannedPerSecond: count / planning, workedPerSecond: count / worked.seconds,
      arrivedPerSecond: Double(worked.arrived) / worked.seconds,
      walBytesPlanning: (walPlanned - walBefore) / count,
      walBytesWorking: (try await server.walBytes() - walPlanned) / count,
      processorMicroseconds: (processorSeconds() - processor) * 1e6 / count)
  }

  /// Holds the ledger to it that every event of every round has exactly one closing receipt.
  func check() async throws {
    var (rows, closedOnce) = (0, 0)
    // Minute by minute: each question has to be answered within a statement's time.
    for due in Set(dueMinutes).sorted() {
      let sums = try await agent.store.check(from: due, to: due + .minutes(1))
      rows += sums.rows
      closedOnce += sums.closedOnce
    }
    guard rows == events, closedOnce == events else {
      throw HarnessError(
        .notMeasured, "of \(events) events the ledger has \(rows), and \(closedOnce) with one closing receipt")
    }
  }
}
