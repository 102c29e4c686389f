import CivilTime
import EventModel
import Foundation
import Logging
import ServiceLifecycle
import Store
import StoreSQL
import StoreSQLite
import Testing

@testable import Pipeline

/// The loops themselves, on the system's clocks.
@Suite struct ServiceTests {
  @Test func itSendsWhatIsSubmittedAndDrainsOnAGracefulShutdown() async throws {
    let folder = NSTemporaryDirectory() + "carillon-service-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let store = try await SQLiteStore.open(path: folder + "/store.sqlite")
    let (plugins, sink, observed) = (TestPlugins(), TestSink(), Observed())
    plugins.put(sink, named: "hook")
    let now = SystemWallClock().now()
    _ = try await store.commit(
      [
        .putSink(Sink(namespace: "default", name: "hook", plugin: "test", configurationJSON: "{}"), .none),
        .putSubscription(Subscription(namespace: "default", id: "hook", eventType: "*", sink: "hook"), .none),
      ], actor: .agent, dryRun: false, now: now)
    let quiet = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
    let pipeline = Pipeline(
      store: store, plugins: plugins, zones: try #require(World.zones),
      configuration: PipelineConfiguration(agentName: "test"), logger: quiet, observer: observed)
    await #expect(throws: PipelineError.self) { try await pipeline.submit(Self.oneOff("early", now)) }
    let group = ServiceGroup(services: [pipeline], logger: quiet)
    let running = Task { try await group.run() }
    try await wait { pipeline.status.isReady }

    let due = SystemWallClock().now() + .milliseconds(150)
    try await withThrowingTaskGroup(of: Submission.self) { group in
      for index in 0..<50 { group.addTask { try await pipeline.submit(Self.oneOff("e\(index)", due)) } }
      for try await submission in group {
        guard case .created = submission else {
          Issue.record("not created: \(submission)")
          continue
        }
      }
    }
    guard case .existing = try await pipeline.submit(Self.oneOff("e0", due)) else {
      Issue.record("the same key made a second event")
      return
    }
    try await wait { sink.deliveries.count == 50 }
    #expect(sink.deliveries.allSatisfy { $0.lateness >= .zero })
    // Still to come when the shutdown begins: given back, not lost.
    _ = try await pipeline.submit(Self.oneOff("later", due + .minutes(1)))
    await group.triggerGracefulShutdown()
    try await running.value
    let check = try await store.check(from: now - .hours(1), to: now + .hours(1))
    #expect(check.closedOnce == 50 && check.open == 1 && check.lost == 0 && check.closedTwice == 0)
    #expect(try await store.agents().map(\.ownedBuckets) == [0])
    await #expect(throws: PipelineError.self) { try await pipeline.submit(Self.oneOff("after", due)) }
    await store.close()
  }

  @Test func upcomingOccurrencesAreComputedInTheSchedulesZone() async throws {
    let world = try await World(at: Timestamp(seconds: 1_800_000_000))
    try await world.commit(
      .putUser(User(namespace: "default", id: "ada", timeZone: "Asia/Tokyo"), .none),
      .putSchedule(
        Schedule(
          namespace: "default", id: "ada", userID: "ada", eventType: "birthday",
          definitionJSON: FlatJSON.object(["month": "2", "day": "29", "hour": "9", "leap": "leap-years-only"]),
          startAt: world.time.now()), .none))
    let upcoming = try await world.pipeline.upcoming(namespace: "default", schedule: "ada", count: 3)
    #expect(upcoming.map(\.key) == ["2028-02-29", "2032-02-29", "2036-02-29"])
    // 09:00 in Tokyo is midnight UTC.
    #expect(upcoming.map(\.dueAt.seconds) == [1_835_395_200, 1_961_625_600, 2_087_856_000])
    #expect(upcoming.map(\.timeZone) == ["Asia/Tokyo", "Asia/Tokyo", "Asia/Tokyo"])
    await #expect(throws: PipelineError.self) {
      try await world.pipeline.upcoming(namespace: "default", schedule: "nobody", count: 3)
    }
    await world.close()
  }

  @Test func theLoopsWakeOnTheManualClockToo() async throws {
    let time = ManualTime(at: Timestamp(seconds: 1_800_000_000))
    let clocks = PipelineClocks(wall: time, monotonic: time.monotonic)
    let signal = Signal()
    let waiting = Task { await signal.wait(atMost: .seconds(5), clocks) }
    signal.kick()
    await waiting.value
    let sleeping = Task { await signal.wait(atMost: .seconds(5), clocks) }
    let deadline = ContinuousClock.now + .seconds(20)
    while !time.hasSleepers, ContinuousClock.now < deadline { await Task.yield() }
    time.advance(by: .seconds(5))
    await sleeping.value
    let cancelled = Task { await signal.wait(atMost: .hours(5), clocks) }
    cancelled.cancel()
    await cancelled.value
    #expect(time.elapsed == .seconds(5))
  }

  private static func oneOff(_ key: String, _ due: Timestamp) -> OneOff {
    OneOff(
      schedule: Schedule(
        namespace: "default", id: key, userID: nil, eventType: "notification", definitionJSON: "{}", queue: "normal",
        startAt: due),
      event: PlannedEvent(key: key, dueAt: due, runAt: due, timeZone: "UTC", queue: "normal"), idempotencyKey: key)
  }

  private func wait(until condition: () -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(60)
    while !condition() {
      try #require(ContinuousClock.now < deadline, "the condition never came true")
      try await Task.sleep(for: .milliseconds(1))
    }
  }
}
