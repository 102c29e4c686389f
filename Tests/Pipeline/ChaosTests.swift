import EventModel
import Foundation
import Store
import Synchronization
import Testing

@testable import Pipeline

/// Random outcomes, cancels, moves, faults of the store, and deaths of the process: whatever happens, the invariants hold.
@Suite struct ChaosTests {
  static let noon = Timestamp(seconds: 1_800_000_000)
  static let verdicts: [DeliveryResult.Verdict] = [
    .delivered, .delivered, .delivered, .retry, .retry, .throttled, .unknown, .permanent, .cancelled, .endpointDisabled,
  ]

  /// Six, or as many as `CARILLON_CHAOS_SEEDS` says: a soak takes hundreds.
  static let seeds: [UInt64] = {
    let count = ProcessInfo.processInfo.environment["CARILLON_CHAOS_SEEDS"].flatMap { UInt64($0) } ?? 6
    return Array(1...max(count, 1))
  }()

  /// Odd seeds fan out to two sinks; even ones have one sink.
  @Test(arguments: seeds) func everyEventEndsExactlyOnceWhateverHappens(seed: UInt64)
    async throws
  {
    let faulty = Mutex<FaultyStore?>(nil)
    let world = try await World(at: Self.noon) { base in
      let store = FaultyStore(base)
      faulty.withLock { $0 = store }
      return store
    }
    let store = try #require(faulty.withLock { $0 })
    let random = Mutex(SplitMix(state: seed))
    func draw(_ bound: UInt64) -> Int { Int(random.withLock { $0.next() } % bound) }
    let early = Atomic<Int>(0)
    let isFanOut = seed % 2 == 1
    let sinks = (0..<(isFanOut ? 2 : 1)).map { _ in
      TestSink { [time = world.time, verdicts = Self.verdicts] delivery in
        if delivery.event.due > time.now() { early.add(1, ordering: .relaxed) }
        let choice = Int(random.withLock { $0.next() } % UInt64(verdicts.count + 1))
        return choice == verdicts.count ? nil : DeliveryResult(id: delivery.id, verdict: verdicts[choice])
      }
    }
    for (index, sink) in sinks.enumerated() { try await world.subscribe("sink\(index)", to: sink) }
    let queues = ["critical", "high", "normal", "low"]
    let events = try await world.insert(
      (0..<200).map {
        world.oneOff("e\($0)", dueAt: Self.noon + .milliseconds(Int64(draw(60_000))), queue: queues[draw(4)])
      })

    let verbs: [FaultyStore.Verb] = [.record, .load, .claim, .renew, .giveBack]
    var restarts = 0
    while world.time.now() < Self.noon + .seconds(90) {
      switch draw(14) {
      case 0: store.fail(verbs[draw(5)], with: [.unavailable, .full][draw(2)])
      case 1, 2, 3: for verb in verbs { store.fail(verb, with: nil) }
      case 4: _ = try await store.cancel(events[draw(200)], reason: "chaos", actor: .agent, now: world.time.now())
      case 5:
        _ = try await store.move(
          events[draw(200)], dueAt: world.time.now() + .seconds(20), queue: queues[draw(4)], actor: .agent,
          now: world.time.now())
      case 6 where restarts < 4:
        world.restart()
        restarts += 1
      case 7: for sink in sinks { sink.release() }
      case 8: try await world.commit(.stopAll(reason: "chaos"))
      case 9: try await world.commit(.resumeAll)
      default: break
      }
      try await world.run(
        until: world.time.now() + .milliseconds(Int64(draw(2_000)) + 1), step: .milliseconds(500))
    }
    // What is broken heals; after that nobody needs to help (I8).
    for verb in verbs { store.fail(verb, with: nil) }
    try await world.commit(.resumeAll)
    for sink in sinks { sink.answer { DeliveryResult(id: $0.id, verdict: .delivered) } }
    // But for sinks that said that they are gone: what is for them waits for a person.
    for var sink in try await world.store.allSinks() where sink.disabledReason != nil {
      sink.disabledReason = nil
      try await world.commit(.putSink(sink, .none))
    }
    try await world.run(until: Self.noon + .hours(3), step: .seconds(20))

    #expect(early.load(ordering: .relaxed) == 0)
    try await world.expectAllClosedOnce()
    for event in events { try await expectOneFinalOutcome(of: event, forEachOf: sinks.count, in: world) }
    await world.close()
  }

  private func expectOneFinalOutcome(of event: EventIdentity, forEachOf sinks: Int, in world: World) async throws {
    let history = try await world.store.history(namespace: "default", identity: event)
    var finals: [String: Int] = [:]
    for step in history {
      guard case .receipt(let outcome, _, _, _, let attempt, _, _) = step.kind else { continue }
      #expect(attempt <= 5)
      if outcome.isFinal { finals[step.sink, default: 0] += 1 }
    }
    // A cancelled event may have one outcome for all; otherwise each sink has one, and none has two.
    #expect(finals.values.allSatisfy { $0 == 1 }, "\(event.text): \(history)")
    #expect(finals[""] == 1 || finals.count == sinks, "\(event.text): \(finals)")
  }
}
