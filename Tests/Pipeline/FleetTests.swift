import EventModel
import Store
import Synchronization
import Testing

@testable import Pipeline

/// Several agents on one store: who does what, and what becomes of it when one of them is not there.
@Suite struct FleetTests {
  static let noon = Timestamp(seconds: 1_800_000_000)

  @Test("three agents share one minute evenly, and nothing of it is late")
  func evenly() async throws {
    let fleet = try await Fleet(at: Self.noon)
    let (a, b, c) = (try fleet.agent("a"), try fleet.agent("b"), try fleet.agent("c"))
    // All are there before the minute comes within reach.
    await fleet.settle(a, b, c)
    await fleet.run(until: Self.noon + .seconds(2), a, b, c)
    try await fleet.insert(900, dueAt: Self.noon + .minutes(2), zone: "Europe/Berlin")
    await fleet.run(until: Self.noon + .minutes(2), a, b, c)
    let counts = [a, b, c].map(\.sent.count)
    // Buckets are taken whole: one shard has about 56 of the 900.
    #expect(counts.allSatisfy { (200...400).contains($0) }, "\(counts)")
    #expect([a, b, c].allSatisfy { $0.worst == .zero })
    #expect(Set(a.sent + b.sent + c.sent).count == 900)
    try await fleet.expectAllClosedOnce(rows: 900)
    await fleet.close()
  }

  @Test("a silent agent's events are sent by the others within its lease and 2 s")
  func takeOver() async throws {
    let fleet = try await Fleet(at: Self.noon)
    let (a, b, c) = (try fleet.agent("a"), try fleet.agent("b"), try fleet.agent("c"))
    try await fleet.insert(300, dueAt: Self.noon + .minutes(1))
    await fleet.run(until: Self.noon + .seconds(50), a, b, c)
    #expect(try await fleet.owned().values.allSatisfy { $0 > 50 })
    // From here on `a` is silent. Its part is due after 10 s, and free after its lease.
    let silent = Self.noon + .seconds(50)
    await fleet.run(until: silent + Fleet.lease + .seconds(2), b, c)
    #expect(Set(b.sent + c.sent).count == 300)
    #expect(b.worst <= .seconds(2) && c.worst <= .seconds(2))
    try await fleet.expectAllClosedOnce(rows: 300)
    await fleet.close()
  }

  @Test("an agent that wakes after its lease sends nothing that others took, and goes on under a new epoch")
  func fenced() async throws {
    let fleet = try await Fleet(at: Self.noon)
    let (a, b) = (try fleet.agent("a"), try fleet.agent("b"))
    try await fleet.insert(200, dueAt: Self.noon + .minutes(1))
    await fleet.run(until: Self.noon + .seconds(50), a, b)
    #expect(a.pipeline.status.loaded > 0)
    await fleet.run(until: Self.noon + .seconds(70), b)
    #expect(b.sent.count == 200)
    // It wakes in the middle of its work: the driver first, with everything due in memory.
    for _ in 0..<10 { _ = await a.pipeline.driver.step() }
    #expect(a.sent.isEmpty)
    await fleet.settle(a, b)
    await fleet.run(until: Self.noon + .seconds(72), a, b)
    #expect(a.sent.isEmpty)
    #expect(a.pipeline.status.isReady)
    #expect(a.pipeline.status.lease?.epoch == 2)
    // And has its part of what comes.
    try await fleet.insert(200, dueAt: Self.noon + .minutes(3), prefix: "later")
    await fleet.run(until: Self.noon + .minutes(3), a, b)
    #expect(a.sent.count > 50 && Set(a.sent + b.sent).count == 400)
    try await fleet.expectAllClosedOnce(rows: 400)
    await fleet.close()
  }

  @Test("what a fenced agent had under way is void, and is sent again by its heir under the same key")
  func underWay() async throws {
    let fleet = try await Fleet(at: Self.noon)
    let (a, b) = (try fleet.agent("a"), try fleet.agent("b"))
    a.sink.answer { _ in nil }
    try await fleet.insert(20, dueAt: Self.noon)
    await fleet.settle(a)
    #expect(a.sent.count == 20)
    await fleet.run(until: Self.noon + .seconds(12), b)
    a.sink.release()
    await fleet.settle(a, b)
    #expect(Set(a.sink.deliveries.map(\.idempotencyKey)) == Set(b.sink.deliveries.map(\.idempotencyKey)))
    #expect(b.observed.count(.delivered) == 20)
    try await fleet.expectAllClosedOnce(rows: 20)
    await fleet.close()
  }

  @Test("an agent that leaves gives its buckets back, and the others have them a second later")
  func leaving() async throws {
    let fleet = try await Fleet(at: Self.noon)
    let (a, b) = (try fleet.agent("a"), try fleet.agent("b"))
    try await fleet.insert(200, dueAt: Self.noon + .minutes(1))
    await fleet.run(until: Self.noon + .seconds(40), a, b)
    #expect(try await fleet.owned().values.allSatisfy { $0 > 50 })
    a.pipeline.engine.core.withLock { $0.setDraining(true) }
    await fleet.run(until: Self.noon + .seconds(41), a, b)
    await a.pipeline.lease.release()
    #expect(try await fleet.owned()["a"] == 0)
    await fleet.run(until: Self.noon + .seconds(42), b)
    #expect(try await fleet.owned()["b"] == 200)
    await fleet.run(until: Self.noon + .seconds(60), b)
    #expect(a.sent.isEmpty && b.sent.count == 200 && b.worst == .zero)
    await fleet.close()
  }

  @Test("an agent that joins has its part of what is claimed already within seconds")
  func joining() async throws {
    let fleet = try await Fleet(at: Self.noon)
    let (a, b) = (try fleet.agent("a"), try fleet.agent("b"))
    try await fleet.insert(800, dueAt: Self.noon + .minutes(1))
    await fleet.run(until: Self.noon + .seconds(20), a)
    #expect(try await fleet.owned() == ["a": 800])
    await fleet.run(until: Self.noon + .seconds(23), a, b)
    let owned = try await fleet.owned()
    #expect(owned.values.allSatisfy { (300...500).contains($0) }, "\(owned)")
    // So near its minute nothing is moved any more.
    let late = try fleet.agent("late")
    await fleet.run(until: Self.noon + .seconds(46), a, b)
    await fleet.run(until: Self.noon + .seconds(50), a, b, late)
    #expect(try await fleet.owned()["late"] == 0)
    await fleet.run(until: Self.noon + .seconds(60), a, b, late)
    #expect(Set(a.sent + b.sent).count == 800 && [a, b].allSatisfy { $0.worst == .zero })
    try await fleet.expectAllClosedOnce(rows: 800)
    await fleet.close()
  }

  @Test("nothing starves because the agent that prefers it is live but cannot take it")
  func preferredByOneThatIsFull() async throws {
    let fleet = try await Fleet(at: Self.noon)
    let full = try fleet.agent("full", prefers: ["europe/*"])
    let other = try fleet.agent("other", prefers: ["asia/*"])
    full.store.fail(.claim, with: .unavailable)
    await fleet.settle(full, other)
    try await fleet.insert(100, dueAt: Self.noon + .minutes(1), zone: "Europe/Berlin")
    await fleet.run(until: Self.noon + .seconds(44), full, other)
    #expect(try await fleet.owned()["other"] == 0)
    await fleet.run(until: Self.noon + .seconds(56), full, other)
    #expect(try await fleet.owned()["other"] == 100)
    await fleet.run(until: Self.noon + .minutes(1), full, other)
    #expect(other.sent.count == 100 && other.worst == .zero)
    await fleet.close()
  }

  @Test("each agent works on the shards it prefers while both keep up")
  func preferred() async throws {
    let fleet = try await Fleet(at: Self.noon)
    let west = try fleet.agent("west", prefers: ["europe/*"])
    let east = try fleet.agent("east", prefers: ["asia/*"])
    await fleet.settle(west, east)
    try await fleet.insert(200, dueAt: Self.noon + .seconds(90), zone: "Europe/Berlin", prefix: "berlin")
    try await fleet.insert(200, dueAt: Self.noon + .seconds(90), zone: "Asia/Tokyo", prefix: "tokyo")
    await fleet.run(until: Self.noon + .seconds(90), west, east)
    #expect(west.sent.count == 200 && west.sent.allSatisfy { $0.hasPrefix("berlin") })
    #expect(east.sent.count == 200 && east.sent.allSatisfy { $0.hasPrefix("tokyo") })
    await fleet.close()
  }

  @Test("a queue's rate is the fleet's, divided by the live agents")
  func rates() async throws {
    let fleet = try await Fleet(at: Self.noon)
    let (a, b) = (try fleet.agent("a"), try fleet.agent("b"))
    var queue = Queue.low
    queue.ratePerSecond = 10
    _ = try await fleet.store.commit([.putQueue(queue, .none)], actor: .agent, dryRun: false, now: Self.noon)
    func rate(_ member: Fleet.Member) -> Double? {
      member.pipeline.engine.core.withLock { core in
        core.indexByName["low"].flatMap { core.queues[$0].rate?.ratePerSecond }
      }
    }
    await fleet.settle(a)
    #expect(rate(a) == 10)
    await fleet.run(until: Self.noon + .seconds(2), a, b)
    #expect(rate(a) == 5 && rate(b) == 5)
    await b.pipeline.lease.release()
    await fleet.run(until: Self.noon + .seconds(3), a)
    #expect(rate(a) == 10)
    await fleet.close()
  }
}
