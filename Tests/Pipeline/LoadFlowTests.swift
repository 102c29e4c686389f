import EventModel
import Store
import Testing

@testable import Pipeline

/// Many events at once: priorities, bounds, rates, circuits.
@Suite struct LoadFlowTests {
  static let noon = Timestamp(seconds: 1_800_000_000)

  @Test func criticalEventsDoNotWaitBehindAFloodOfLowOnes() async throws {
    let world = try await World(at: Self.noon)
    let sink = TestSink { $0.event.due == Self.noon ? nil : DeliveryResult(id: $0.id, verdict: .delivered) }
    try await world.subscribe("hook", to: sink)
    try await world.insert((0..<6_000).map { world.oneOff("low\($0)", dueAt: Self.noon) })
    await world.settle()
    // The receiver hangs: low has the burst of the sink, and nothing more.
    #expect(sink.deliveries.count == 1_000)
    try await world.insert((0..<500).map { world.oneOff("c\($0)", dueAt: Self.noon + .seconds(2), queue: "critical") })
    try await world.run(until: Self.noon + .seconds(2), step: .milliseconds(500))
    let critical = sink.deliveries.filter { $0.event.due > Self.noon }
    #expect(critical.count == 500)
    #expect(critical.allSatisfy { $0.lateness == .zero })
    #expect(sink.batches.allSatisfy { $0 <= 20 })
    sink.answer { DeliveryResult(id: $0.id, verdict: .delivered) }
    sink.release()
    try await world.run(until: Self.noon + .seconds(5), step: .milliseconds(500))
    try await world.expectAllClosedOnce(rows: 6_500)
    #expect(sink.deliveries.count == 6_500)
    await world.close()
  }

  @Test func whatFindsNoRoomAtItsSinkForAMinuteIsDeferred() async throws {
    let world = try await World(at: Self.noon)
    let sink = TestSink { _ in nil }
    try await world.subscribe("hook", to: sink, maximumInFlight: 1)
    try await world.insert((0..<3).map { world.oneOff("e\($0)", dueAt: Self.noon) })
    try await world.run(until: Self.noon + .seconds(59), step: .seconds(1))
    #expect(world.observed.count(.deferred) == 0)
    try await world.run(until: Self.noon + .seconds(62), step: .seconds(1))
    #expect(world.observed.settled.map(\.code) == ["sink-busy", "sink-busy"])
    sink.answer { DeliveryResult(id: $0.id, verdict: .delivered) }
    sink.release()
    try await world.run(until: Self.noon + .minutes(3), step: .seconds(1))
    #expect(sink.deliveries.map(\.attempt) == [1, 1, 1])
    try await world.expectAllClosedOnce(rows: 5)
    await world.close()
  }

  @Test func aSinkThatFailsIsLeftAloneAndProbed() async throws {
    let world = try await World(at: Self.noon)
    let sink = TestSink { DeliveryResult(id: $0.id, verdict: .retry, code: "http-500") }
    let healthy = TestSink()
    try await world.subscribe("bad", to: sink, maximumInFlight: 5)
    try await world.subscribe("good", to: healthy)
    try await world.insert((0..<100).map { world.oneOff("e\($0)", dueAt: Self.noon) })
    try await world.run(until: Self.noon + .seconds(1))
    #expect(healthy.deliveries.count == 100)
    #expect(sink.deliveries.count < 40)
    #expect(world.pipeline.status.sinks.first { $0.name == "bad" }?.circuit == "open")
    #expect(world.observed.settled.contains { $0.code == "circuit-open" && $0.outcome == .deferred })
    sink.answer { DeliveryResult(id: $0.id, verdict: .delivered) }
    try await world.run(until: Self.noon + .minutes(20), step: .seconds(5))
    #expect(world.pipeline.status.sinks.first { $0.name == "bad" }?.circuit == "closed")
    #expect(world.observed.count(.delivered) == 200)
    try await world.expectAllClosedOnce()
    await world.close()
  }

  @Test func aQueuesRateIsKept() async throws {
    let world = try await World(at: Self.noon)
    let sink = TestSink()
    try await world.subscribe("hook", to: sink)
    var queue = Queue.low
    queue.ratePerSecond = 10
    try await world.commit(.putQueue(queue, .none))
    try await world.insert((0..<50).map { world.oneOff("e\($0)", dueAt: Self.noon) })
    try await world.run(until: Self.noon + .milliseconds(900), step: .milliseconds(50))
    #expect((18...20).contains(sink.deliveries.count))
    try await world.run(until: Self.noon + .seconds(5), step: .milliseconds(50))
    #expect(sink.deliveries.count == 50)
    try await world.expectAllClosedOnce(rows: 50)
    await world.close()
  }

  @Test func moreThanMemoryHoldsIsWorkedOffInParts() async throws {
    let world = try await World(at: Self.noon, maximumLoaded: 4_000)
    let sink = TestSink()
    try await world.subscribe("hook", to: sink)
    try await world.insert((0..<12_000).map { world.oneOff("e\($0)", dueAt: Self.noon) })
    try await world.run(until: Self.noon + .seconds(3), step: .seconds(1))
    #expect(sink.deliveries.count == 12_000)
    #expect(Set(sink.deliveries.map(\.idempotencyKey)).count == 12_000)
    try await world.expectAllClosedOnce(rows: 12_000)
    await world.close()
  }

  @Test func missedEventsFollowTheirCatchUpPolicyAndCarryTheirLateness() async throws {
    let world = try await World(at: Self.noon)
    let sink = TestSink()
    try await world.subscribe("hook", to: sink)
    let due = Self.noon - .hours(2)
    try await world.insert([
      world.oneOff("all", dueAt: due, catchUp: CatchUp(mode: .all, window: nil)),
      world.oneOff("skip", dueAt: due, catchUp: CatchUp(mode: .skip, window: nil)),
      world.oneOff("window", dueAt: due, catchUp: CatchUp(mode: .all, window: .hours(1))),
      world.oneOff("expired", dueAt: Self.noon - .hours(24 * 8), catchUp: CatchUp(mode: .all, window: nil)),
    ])
    await world.settle()
    #expect(sink.deliveries.map(\.event.occurrenceKey) == ["all"])
    #expect(sink.deliveries.map(\.lateness) == [.hours(2)])
    #expect(
      Set(world.observed.settled.map(\.code)) == ["", "missed", "outside-catch-up-window", "expired"])
    try await world.expectAllClosedOnce(rows: 4)
    await world.close()
  }
}
