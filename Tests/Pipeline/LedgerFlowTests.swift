import EventModel
import Store
import Testing

@testable import Pipeline

/// From a stored event to its receipt, over a real store.
@Suite struct LedgerFlowTests {
  static let noon = Timestamp(seconds: 1_800_000_000)

  @Test func anEventIsSentWhenItIsDueAndNeverBefore() async throws {
    let world = try await World(at: Self.noon)
    let sink = TestSink()
    try await world.subscribe("hook", to: sink)
    let due = Self.noon + .seconds(90) + .milliseconds(3)
    try await world.insert([world.oneOff("a", dueAt: due)])
    try await world.run(until: due - TimeSpan(microseconds: 1))
    #expect(sink.deliveries.isEmpty)
    try await world.run(until: due)
    #expect(sink.deliveries.map(\.event.occurrenceKey) == ["a"])
    #expect(sink.deliveries.map(\.attempt) == [1])
    #expect(sink.deliveries.map(\.lateness) == [.zero])
    #expect(sink.deliveries.first?.message.title == "Happy a")
    try await world.expectAllClosedOnce(rows: 1)
    await world.close()
  }

  @Test func aFailingDeliveryIsRetriedUntilItIsDead() async throws {
    let world = try await World(at: Self.noon)
    let sink = TestSink { DeliveryResult(id: $0.id, verdict: .retry, code: "http-503", carry: "c\($0.attempt)") }
    try await world.subscribe("hook", to: sink)
    let identities = try await world.insert([world.oneOff("a", dueAt: Self.noon, queue: "critical")])
    try await world.run(until: Self.noon + .hours(1))
    #expect(sink.deliveries.map(\.attempt) == [1, 2, 3])
    #expect(sink.deliveries.map(\.carry) == ["", "c1", "c2"])
    #expect(Set(sink.deliveries.map(\.idempotencyKey)) == ["\(identities[0].text)_hook"])
    #expect(Set(sink.deliveries.map(\.firstAttemptAt)) == [Self.noon])
    #expect(Set(sink.deliveries.map(\.message)).count == 1)
    let dead = try await world.store.deadLetters(
      namespace: "default", filter: DeadLetterFilter(), page: PageRequest(size: 10)
    ).items
    #expect(dead.map(\.attempts) == [3])
    #expect(dead.map(\.code) == ["http-503"])
    #expect(dead.map(\.message.title) == ["Happy a"])
    try await world.expectAllClosedOnce(rows: 3)
    await world.close()
  }

  @Test func aThrottledDeliveryWaitsAsToldAndKeepsItsAttempts() async throws {
    let world = try await World(at: Self.noon)
    let sink = TestSink { DeliveryResult(id: $0.id, verdict: .throttled, retryAfter: .seconds(30), code: "http-429") }
    try await world.subscribe("hook", to: sink)
    try await world.insert([world.oneOff("a", dueAt: Self.noon, queue: "critical")])
    try await world.run(until: Self.noon + .minutes(5))
    let count = sink.deliveries.count
    #expect(count >= 5)
    #expect(sink.deliveries.allSatisfy { $0.attempt == 1 })
    let lateness = sink.deliveries.map(\.lateness)
    #expect(zip(lateness, lateness.dropFirst()).allSatisfy { $1 - $0 >= .seconds(30) })
    sink.answer { DeliveryResult(id: $0.id, verdict: .delivered) }
    try await world.run(until: Self.noon + .minutes(6))
    try await world.expectAllClosedOnce(rows: count + 1)
    #expect(world.observed.count(.delivered) == 1)
    await world.close()
  }

  @Test func oneEventGoesToEverySinkAndEachIsRetriedAlone() async throws {
    let world = try await World(at: Self.noon)
    let good = TestSink()
    let bad = TestSink { DeliveryResult(id: $0.id, verdict: $0.attempt == 1 ? .retry : .delivered) }
    try await world.subscribe("good", to: good)
    try await world.subscribe("bad", to: bad)
    try await world.insert([world.oneOff("a", dueAt: Self.noon)])
    try await world.run(until: Self.noon + .minutes(2))
    #expect(good.deliveries.count == 1)
    #expect(bad.deliveries.map(\.attempt) == [1, 2])
    try await world.expectAllClosedOnce(rows: 2)
    #expect(world.observed.count(.delivered) == 2)
    await world.close()
  }

  @Test func anEventThatNobodyWantsIsSkipped() async throws {
    let world = try await World(at: Self.noon)
    try await world.subscribe("hook", to: TestSink(), eventType: "birthday")
    try await world.insert([world.oneOff("a", dueAt: Self.noon)])
    try await world.run(until: Self.noon + .seconds(1))
    #expect(world.observed.settled.map(\.code) == [SkipReason.noSubscription.rawValue])
    try await world.expectAllClosedOnce(rows: 1)
    await world.close()
  }

  @Test func aPersonIsReachedAtTheirOwnAddressOrSkipped() async throws {
    let world = try await World(at: Self.noon)
    let sink = TestSink()
    try await world.subscribe("hook", to: sink, addressKind: "webhook")
    try await world.commit(
      .putUser(User(namespace: "default", id: "ada", addresses: ["webhook": "https://ada.example/\"x\""]), .none),
      .putUser(User(namespace: "default", id: "bob", addresses: ["email": "bob@example.org"]), .none))
    try await world.insert([
      world.oneOff("a", dueAt: Self.noon, user: "ada"), world.oneOff("b", dueAt: Self.noon, user: "bob"),
    ])
    try await world.run(until: Self.noon + .seconds(1))
    #expect(sink.deliveries.map(\.endpoint) == ["https://ada.example/\"x\""])
    #expect(Set(world.observed.settled.map(\.code)) == ["", SkipReason.noAddress.rawValue])
    try await world.expectAllClosedOnce(rows: 2)
    await world.close()
  }

  @Test func anAnswerThatNeverComesIsResentOrParkedAsTheSinkSays() async throws {
    let world = try await World(at: Self.noon)
    let (resending, parking) = (TestSink { _ in nil }, TestSink { _ in nil })
    try await world.subscribe("resend", to: resending)
    try await world.subscribe("park", to: parking, onUnknown: .park)
    try await world.insert([world.oneOff("a", dueAt: Self.noon, queue: "critical")])
    try await world.run(until: Self.noon + .seconds(30), step: .seconds(1))
    #expect(resending.cancelled.count == 1)
    resending.answer { DeliveryResult(id: $0.id, verdict: .delivered) }
    try await world.run(until: Self.noon + .seconds(60), step: .seconds(1))
    #expect(resending.deliveries.map(\.attempt) == [1, 2])
    #expect(parking.deliveries.count == 1)
    // An answer after all that is of no consequence.
    resending.release()
    parking.release()
    await world.settle()
    #expect(world.observed.count(.dead) == 1)
    #expect(world.observed.count(.delivered) == 1)
    try await world.expectAllClosedOnce(rows: 2)
    await world.close()
  }

  @Test func aSinkThatIsGoneIsDisabledAndWhatWaitsForItIsKept() async throws {
    let world = try await World(at: Self.noon)
    let sink = TestSink { DeliveryResult(id: $0.id, verdict: .sinkDisabled, detail: "credentials are void") }
    try await world.subscribe("hook", to: sink, maximumInFlight: 1)
    try await world.insert((0..<5).map { world.oneOff("e\($0)", dueAt: Self.noon) })
    try await world.run(until: Self.noon + .seconds(2))
    #expect(sink.deliveries.count == 1)
    #expect(world.observed.count(.dead) == 1)
    #expect(world.observed.settled.count { $0.code == "sink-disabled" && $0.outcome == .deferred } == 4)
    let stored = try await world.store.sink(namespace: "default", name: "hook")
    #expect(stored.disabledReason == "sink-disabled: credentials are void")
    // Nobody helps: it ends with the queue's expiry, as everything that nobody takes.
    try await world.run(until: Self.noon + .hours(24 * 7 + 2), step: .hours(1))
    #expect(world.observed.count(.expired) == 4)
    #expect(sink.deliveries.count == 1)
    await world.close()
  }

  @Test func aSinkWithoutItsPluginDefersAndDeliversOnceItIsThere() async throws {
    let world = try await World(at: Self.noon)
    let sink = TestSink()
    try await world.subscribe("other", to: sink, eventType: "none")
    try await world.commit(
      .putSink(Sink(namespace: "default", name: "late", plugin: "x", configurationJSON: "{}"), .none),
      .putSubscription(Subscription(namespace: "default", id: "late", eventType: "*", sink: "late"), .none))
    try await world.insert([world.oneOff("a", dueAt: Self.noon)])
    try await world.run(until: Self.noon + .minutes(1))
    #expect(world.observed.count(.deferred) > 0)
    world.plugins.put(sink, named: "late")
    try await world.run(until: Self.noon + .minutes(12))
    #expect(sink.deliveries.map(\.attempt) == [1])
    try await world.expectAllClosedOnce()
    await world.close()
  }
}
