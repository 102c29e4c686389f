import EventModel
import Store
import Synchronization
import Testing

@testable import Pipeline

/// A stop of everything: nothing starts, nothing is lost, and all comes back.
@Suite struct StopTests {
  static let noon = Timestamp(seconds: 1_800_000_000)

  private static func world(
    events count: Int, sink: TestSink, over seconds: Int64 = 0, horizon: TimeSpan = .hours(2)
  ) async throws -> World {
    let world = try await World(at: noon, horizon: horizon)
    try await world.subscribe("hook", to: sink)
    let queues = ["critical", "high", "normal", "low"]
    try await world.insert(
      (0..<count).map { index in
        world.oneOff(
          "e\(index)", dueAt: noon + .milliseconds(seconds * 1_000 * Int64(index) / Int64(max(count, 1))),
          queue: queues[index % 4])
      })
    return world
  }

  @Test func nothingStartsWhileItIsInForceAndAllComesBackAfterwards() async throws {
    let sink = TestSink()
    let world = try await Self.world(events: 40, sink: sink, over: 20)
    try await world.run(until: Self.noon + .seconds(5), step: .seconds(1))
    let before = sink.deliveries.count
    #expect(before > 0 && before < 40)
    try await world.commit(.stopAll(reason: "wrong template"))
    try await world.pipeline.refreshSettings()
    let stop = try #require(world.pipeline.status.stop)
    #expect(stop.reason == "wrong template" && world.pipeline.status.isReady)
    try await world.run(until: Self.noon + .minutes(10), step: .minutes(1))
    #expect(sink.deliveries.count == before)
    // What it had is given back.
    #expect(world.pipeline.status.loaded == 0)
    #expect(try await world.store.agents().map(\.ownedBuckets) == [0])
    try await world.commit(.resumeAll)
    try await world.run(until: Self.noon + .minutes(12), step: .minutes(1))
    #expect(world.pipeline.status.stop == nil)
    #expect(sink.deliveries.count == 40)
    try await world.expectAllClosedOnce(rows: 40)
    await world.close()
  }

  @Test func itSurvivesARestart() async throws {
    let sink = TestSink()
    let world = try await Self.world(events: 8, sink: sink)
    try await world.commit(.stopAll(reason: ""))
    world.restart()
    try await world.run(until: Self.noon + .minutes(2))
    #expect(world.pipeline.status.stop != nil && sink.deliveries.isEmpty)
    try await world.commit(.resumeAll)
    world.restart()
    await world.settle()
    #expect(sink.deliveries.count == 8)
    try await world.expectAllClosedOnce(rows: 8)
    await world.close()
  }

  @Test func planningAndExpiryGoOn() async throws {
    let sink = TestSink()
    let world = try await Self.world(events: 4, sink: sink)
    try await world.commit(.stopAll(reason: ""))
    try await world.commit(
      .putSchedule(
        Schedule(
          namespace: "default", id: "ada", userID: nil, eventType: "birthday",
          definitionJSON: FlatJSON.object(["month": "1", "day": "15", "hour": "9"]), startAt: Self.noon), .none))
    await world.settle()
    let planned = try await world.store.events(
      namespace: "default", filter: EventFilter(scheduleID: "ada"), page: PageRequest(size: 10))
    #expect(planned.items.map(\.state) == [.pending])
    // Low keeps its events for 7 days; what upkeep does is called by hand.
    try await world.run(until: Self.noon + .hours(24 * 8), step: .hours(6))
    while try await world.store.expire(now: world.time.now()) > 0 {}
    #expect(sink.deliveries.isEmpty)
    try await world.expectAllClosedOnce(rows: 5)
    #expect(try await world.store.check(from: Self.noon, to: Self.noon + .hours(200)).outcomes == [.expired: 5])
    await world.close()
  }

  /// Whatever was handed to its sink before counts; nothing is handed over after a refresh has returned.
  @Test func whatIsReadyToGoDoesNotGoAnyMore() async throws {
    let gate = HeldType()
    let world = try await World(at: Self.noon, plugins: TestPlugins(types: ["notification": gate]))
    let sink = TestSink()
    try await world.subscribe("hook", to: sink)
    try await world.insert([world.oneOff("e", dueAt: Self.noon)])
    _ = await world.pipeline.lease.step()
    _ = try await world.pipeline.claimer.step()
    let sending = Task { await world.pipeline.driver.step() }
    await gate.isEntered()
    try await world.commit(.stopAll(reason: ""))
    try await world.pipeline.refreshSettings()
    gate.open()
    _ = await sending.value
    await world.settle()
    #expect(sink.deliveries.isEmpty)
    try await world.commit(.resumeAll)
    try await world.run(until: Self.noon + .seconds(2), step: .milliseconds(500))
    #expect(sink.deliveries.count == 1)
    try await world.expectAllClosedOnce(rows: 1)
    await world.close()
  }

  @Test(arguments: [true, false]) func aRefreshTakesPausesAndGoneSinksToHeartBeforeItReturns(isPause: Bool) async throws
  {
    let gate = HeldType()
    let world = try await World(at: Self.noon, plugins: TestPlugins(types: ["notification": gate]))
    let sink = TestSink()
    try await world.subscribe("hook", to: sink)
    try await world.insert([world.oneOff("e", dueAt: Self.noon)])
    _ = await world.pipeline.lease.step()
    _ = try await world.pipeline.claimer.step()
    let sending = Task { await world.pipeline.driver.step() }
    await gate.isEntered()
    if isPause {
      var low = Queue.low
      low.paused = true
      try await world.commit(.putQueue(low, .none))
    } else {
      try await world.commit(
        .deleteSubscription(namespace: "default", id: "hook", .none),
        .deleteSink(namespace: "default", name: "hook", .none))
    }
    try await world.pipeline.refreshSettings()
    gate.open()
    _ = await sending.value
    try await world.run(until: Self.noon + .seconds(2), step: .milliseconds(500))
    #expect(sink.deliveries.isEmpty)
    if isPause {
      try await world.commit(.putQueue(.low, .none))
      try await world.run(until: Self.noon + .seconds(4), step: .milliseconds(500))
      #expect(sink.deliveries.count == 1)
    } else {
      #expect(world.observed.settled.map(\.code) == [SkipReason.sinkGone.rawValue])
    }
    try await world.expectAllClosedOnce(rows: 1)
    await world.close()
  }

  @Test func aRefreshThatCannotReadSaysSo() async throws {
    let faulty = Mutex<FaultyStore?>(nil)
    let world = try await World(at: Self.noon) { base in
      let store = FaultyStore(base)
      faulty.withLock { $0 = store }
      return store
    }
    faulty.withLock { $0 }?.fail(.settings, with: .unavailable)
    do {
      try await world.pipeline.refreshSettings()
      Issue.record("it returned")
    } catch {
      #expect(error.code == .store && (error.cause as? StoreError)?.code == .unavailable)
    }
    await world.close()
  }
}

/// An event type whose `render` waits until it is let go.
final class HeldType: EventTypePort {
  private let entered = Signal()
  private let go = Signal()

  func isEntered() async { await entered.wait(atMost: .seconds(60), .system) }
  func open() { go.kick() }

  func next(_ requests: [OccurrenceRequest]) async -> [Result<[Occurrence], PortError>] {
    requests.map { _ in .success([]) }
  }

  func render(_ events: [EventFacts]) async -> [Result<Message, PortError>] {
    entered.kick()
    await go.wait(atMost: .seconds(60), .system)
    go.kick()
    return events.map { .success(Message(title: $0.occurrenceKey, text: "")) }
  }
}
