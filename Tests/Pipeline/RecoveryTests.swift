import EventModel
import Store
import Synchronization
import Testing

@testable import Pipeline

/// What happens when the process, the store or a queue stops in the middle.
@Suite struct RecoveryTests {
  static let noon = Timestamp(seconds: 1_800_000_000)

  @Test func aRestartInTheMiddleLosesNothingAndClosesEveryEventOnce() async throws {
    let world = try await World(at: Self.noon)
    // Every third send is still under way when the process dies.
    let counter = Atomic<Int>(0)
    let sink = TestSink { delivery in
      counter.add(1, ordering: .relaxed).newValue % 3 == 0 ? nil : DeliveryResult(id: delivery.id, verdict: .delivered)
    }
    try await world.subscribe("hook", to: sink)
    try await world.insert((0..<300).map { world.oneOff("e\($0)", dueAt: Self.noon + .seconds(Int64($0 % 3))) })
    try await world.run(until: Self.noon + .seconds(1), step: .seconds(1))
    let sentBefore = sink.deliveries.count
    #expect(sentBefore == 200)
    sink.answer { DeliveryResult(id: $0.id, verdict: .delivered) }
    world.restart()
    try await world.run(until: Self.noon + .seconds(2), step: .seconds(1))
    #expect(world.pipeline.status.lease?.epoch == 2)
    // Only what was under way is sent twice, each time under the same key.
    let keys = Dictionary(grouping: sink.deliveries, by: \.idempotencyKey)
    #expect(keys.count == 300)
    #expect(sink.deliveries.count == 300 + sentBefore / 3)
    // An answer to the dead process's sends reaches nobody.
    sink.release()
    await world.settle()
    try await world.expectAllClosedOnce(rows: 300)
    await world.close()
  }

  @Test func aFullStoreLosesNothingAndStopsNewSends() async throws {
    let faulty = Mutex<FaultyStore?>(nil)
    let world = try await World(at: Self.noon) { base in
      let store = FaultyStore(base)
      faulty.withLock { $0 = store }
      return store
    }
    let store = try #require(faulty.withLock { $0 })
    let sink = TestSink()
    try await world.subscribe("hook", to: sink)
    try await world.insert((0..<20).map { world.oneOff("e\($0)", dueAt: Self.noon + .seconds(Int64($0))) })
    await world.settle()
    store.fail(.record, with: .full)
    try await world.run(until: Self.noon + .seconds(10), step: .milliseconds(500))
    // One outcome waits; after a second of that nothing more is sent.
    #expect(sink.deliveries.count < 5)
    #expect(world.pipeline.status.unrecorded > 0)
    #expect(world.pipeline.status.notReadyReason == "\(SendGate.Reason.unrecordedTooLong.rawValue): injected")
    #expect(world.observed.storeFailures > 0)
    store.fail(.record, with: nil)
    try await world.run(until: Self.noon + .seconds(30), step: .seconds(1))
    #expect(sink.deliveries.count == 20)
    try await world.expectAllClosedOnce(rows: 20)
    await world.close()
  }

  @Test(arguments: [FaultyStore.Verb.load, .claim, .record, .renew])
  func aFaultOfAnyVerbHealsByItself(verb: FaultyStore.Verb) async throws {
    let faulty = Mutex<FaultyStore?>(nil)
    let world = try await World(at: Self.noon) { base in
      let store = FaultyStore(base)
      faulty.withLock { $0 = store }
      return store
    }
    let store = try #require(faulty.withLock { $0 })
    let sink = TestSink()
    try await world.subscribe("hook", to: sink)
    await world.settle()
    store.fail(verb, with: .unavailable)
    try await world.insert((0..<5).map { world.oneOff("e\($0)", dueAt: Self.noon + .seconds(Int64($0))) })
    try await world.run(until: Self.noon + .seconds(10), step: .seconds(1))
    store.fail(verb, with: nil)
    try await world.run(until: Self.noon + .seconds(20), step: .seconds(1))
    #expect(sink.deliveries.count == 5)
    try await world.expectAllClosedOnce(rows: 5)
    await world.close()
  }

  @Test func withoutAFreshLeaseNoSendStarts() async throws {
    let faulty = Mutex<FaultyStore?>(nil)
    let world = try await World(at: Self.noon) { base in
      let store = FaultyStore(base)
      faulty.withLock { $0 = store }
      return store
    }
    let store = try #require(faulty.withLock { $0 })
    let sink = TestSink()
    try await world.subscribe("hook", to: sink)
    try await world.insert([
      world.oneOff("soon", dueAt: Self.noon + .seconds(1)), world.oneOff("later", dueAt: Self.noon + .seconds(5)),
    ])
    await world.settle()
    store.fail(.renew, with: .unavailable)
    try await world.run(until: Self.noon + .seconds(30), step: .seconds(1))
    #expect(sink.deliveries.map(\.event.occurrenceKey) == ["soon"])
    #expect(world.pipeline.status.notReadyReason == "\(SendGate.Reason.lease.rawValue): injected")
    store.fail(.renew, with: nil)
    await world.settle()
    #expect(sink.deliveries.map(\.event.occurrenceKey) == ["soon", "later"])
    #expect(sink.deliveries.last?.lateness == .seconds(25))
    try await world.expectAllClosedOnce(rows: 2)
    await world.close()
  }

  @Test func aPausedQueueSendsNothingAndGoesOnWhenResumed() async throws {
    let world = try await World(at: Self.noon)
    let sink = TestSink()
    try await world.subscribe("hook", to: sink)
    try await world.insert((0..<10).map { world.oneOff("e\($0)", dueAt: Self.noon + .seconds(Int64($0))) })
    try await world.run(until: Self.noon + .seconds(4), step: .seconds(1))
    #expect(sink.deliveries.count == 5)
    var queue = try #require(try await world.store.queues().first { $0.name == "low" })
    queue.paused = true
    try await world.commit(.putQueue(queue, .none))
    try await world.run(until: Self.noon + .seconds(20), step: .seconds(1))
    #expect(sink.deliveries.count == 5)
    #expect(world.pipeline.status.loaded == 0)
    let agents = try await world.store.agents()
    #expect(agents.map(\.ownedBuckets) == [0])
    queue.paused = false
    try await world.commit(.putQueue(queue, .none))
    try await world.run(until: Self.noon + .seconds(22), step: .seconds(1))
    #expect(sink.deliveries.count == 10)
    try await world.expectAllClosedOnce(rows: 10)
    await world.close()
  }

  @Test func aDrainFinishesWhatIsInFlightAndGivesTheRestBack() async throws {
    let world = try await World(at: Self.noon)
    let sink = TestSink { $0.event.occurrenceKey == "slow" ? nil : DeliveryResult(id: $0.id, verdict: .delivered) }
    try await world.subscribe("hook", to: sink)
    try await world.insert([
      world.oneOff("slow", dueAt: Self.noon), world.oneOff("quick", dueAt: Self.noon),
      world.oneOff("later", dueAt: Self.noon + .seconds(50)),
    ])
    await world.settle()
    let pipeline = world.pipeline
    pipeline.engine.core.withLock { $0.setDraining(true) }
    try await world.run(until: Self.noon + .seconds(1), step: .milliseconds(250))
    #expect(pipeline.status.inFlight == 1)
    sink.release()
    try await world.run(until: Self.noon + .seconds(2), step: .milliseconds(250))
    #expect(await pipeline.drain())
    #expect(world.observed.count(.delivered) == 2)
    await pipeline.lease.release()
    let agents = try await world.store.agents()
    #expect(agents.map(\.ownedBuckets) == [0])
    world.restart()
    try await world.run(until: Self.noon + .seconds(50), step: .seconds(1))
    #expect(world.observed.count(.delivered) == 3)
    try await world.expectAllClosedOnce(rows: 3)
    await world.close()
  }

  @Test func theEventsOfADeletedQueueGoOnInTheOther() async throws {
    let world = try await World(at: Self.noon)
    let sink = TestSink()
    try await world.subscribe("hook", to: sink)
    var extra = Queue.low
    extra.name = "extra"
    try await world.commit(.putQueue(extra, .none))
    await world.settle()
    try await world.insert([world.oneOff("a", dueAt: Self.noon + .seconds(30), queue: "extra")])
    await world.settle()
    #expect(world.pipeline.status.loaded == 1)
    try await world.commit(.deleteQueue(name: "extra", moveTo: "high", .none))
    try await world.run(until: Self.noon + .seconds(31), step: .seconds(1))
    #expect(sink.deliveries.map(\.event.due) == [Self.noon + .seconds(30)])
    try await world.expectAllClosedOnce()
    await world.close()
  }
}
