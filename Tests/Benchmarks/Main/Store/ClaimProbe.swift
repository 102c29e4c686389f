import AgentHarness
import EventModel
import Store

/// Times single claims: each finds a few due buckets, whatever else there is.
struct ClaimProbe {
  private let agent: StoreAgent
  private let people: StorePeople
  private var probes = 0
  /// How long each claim took, in milliseconds.
  private(set) var milliseconds: [Double] = []

  private static let events = 16

  /// Writes the people whose events are claimed.
  init(_ agent: StoreAgent) async throws {
    self.agent = agent
    people = StorePeople(count: Self.events)
    try await people.put(agent)
  }

  /// Makes events that are due now, claims them, and works them off, so that the next claim finds the same.
  mutating func probe() async throws {
    probes += 1
    let arrivals = Arrivals(perSecond: 0, due: StoreAgent.now, round: probes, people: people)
    try await arrivals.submit(Self.events, agent)
    let request = ClaimRequest(lease: agent.lease, capacity: Queue.standard.map { ($0.name, 20_000) })
    let clock = ContinuousClock()
    let start = clock.now
    let buckets = try await agent.store.claim(request, now: StoreAgent.now)
    milliseconds.append(seconds(clock.now - start) * 1_000)
    let outbox = Outbox(backlog: 0)
    for bucket in buckets {
      outbox.send(try await agent.store.load(bucket.id, lease: agent.lease, now: StoreAgent.now))
    }
    let receipts = try await outbox.next(atMost: Self.events * 2) ?? []
    guard receipts.count == Self.events else {
      throw HarnessError(.notMeasured, "a claim found \(receipts.count) due events, not \(Self.events)")
    }
    _ = try await agent.store.record(receipts, lease: agent.lease, now: StoreAgent.now)
  }
}
