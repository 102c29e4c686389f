import CivilTime
import EventModel
import Foundation
import Logging
import Store
import StoreSQL
import StoreSQLite
import Synchronization
import Testing

@testable import Pipeline

/// Several agents on one store and one manual clock, turned by hand, each with a sink of its own.
final class Fleet: Sendable {
  /// An agent: while it is not turned it is silent, as a stopped or cut-off process is.
  final class Member: Sendable {
    let name: String
    let store: FaultyStore
    let sink = TestSink()
    let observed = Observed()
    let plugins = TestPlugins()
    let pipeline: Pipeline

    init(_ name: String, prefers: ShardPreference, store: any Store, time: ManualTime) throws {
      self.name = name
      self.store = FaultyStore(store)
      plugins.put(sink, named: "hook")
      pipeline = Pipeline(
        store: self.store, plugins: plugins, zones: try #require(World.zones),
        clocks: PipelineClocks(wall: time, monotonic: time.monotonic),
        configuration: PipelineConfiguration(
          agentName: name, lease: Fleet.lease, preferred: prefers, correctsClock: false, random: { 0.5 }),
        logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }), observer: observed)
      pipeline.submitter.open()
    }

    /// The keys of what it sent.
    var sent: [String] { sink.deliveries.map(\.event.occurrenceKey) }
    /// The longest lateness of what it sent.
    var worst: TimeSpan { sink.deliveries.map(\.lateness).max() ?? .zero }
  }

  static let lease = TimeSpan.seconds(10)

  let time: ManualTime
  let store: any Store
  private let folder: String

  init(at start: Timestamp) async throws {
    time = ManualTime(at: start)
    folder = NSTemporaryDirectory() + "carillon-fleet-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    store = try await SQLiteStore.open(path: folder + "/store.sqlite")
    _ = try await store.commit(
      [
        .putSink(Sink(namespace: "default", name: "hook", plugin: "test", configurationJSON: "{}"), .none),
        .putSubscription(Subscription(namespace: "default", id: "hook", eventType: "*", sink: "hook"), .none),
      ], actor: .agent, dryRun: false, now: start)
  }

  /// An agent that takes its place in the fleet with its first turn.
  func agent(_ name: String, prefers patterns: [String] = []) throws -> Member {
    try Member(name, prefers: ShardPreference(patterns: patterns), store: store, time: time)
  }

  /// Turns these agents until nothing is left to do at this instant, in an order in which each goes first sometimes.
  func settle(_ members: Member...) async { await settle(members) }

  func settle(_ members: [Member]) async {
    for member in members { _ = await member.pipeline.lease.step() }
    for round in 0..<10_000 {
      var worked = false
      for index in members.indices {
        worked = await members[(index + round) % members.count].pipeline.turn() || worked
      }
      if !worked { return }
    }
    Issue.record("the fleet does not come to rest")
  }

  /// Moves the clock on, and turns these agents once a second, as their loops do at least, and when something falls due.
  func run(until end: Timestamp, _ members: Member...) async {
    await settle(members)
    var second = time.now()
    while time.now() < end {
      if second <= time.now() { second = second + .seconds(1) }
      let deadlines = members.compactMap { $0.pipeline.engine.core.withLock { $0.nextDeadline } }
      let next = ([end, second] + deadlines.filter { $0 > time.now() }).min() ?? end
      time.advance(by: next - time.now())
      await settle(members)
    }
  }

  /// One-offs that nobody owns yet.
  func insert(_ count: Int, dueAt: Timestamp, zone: String = "UTC", queue: String = "low", prefix: String = "e")
    async throws
  {
    let oneOffs = (0..<count).map { index in
      OneOff(
        schedule: Schedule(
          namespace: "default", id: "\(prefix)\(index)", userID: nil, eventType: "notification", definitionJSON: "{}",
          queue: queue, startAt: time.now()),
        event: PlannedEvent(
          key: "\(prefix)\(index)", dueAt: dueAt, runAt: max(dueAt, time.now()), timeZone: zone, queue: queue),
        idempotencyKey: "\(prefix)\(index)")
    }
    for start in stride(from: 0, to: count, by: LedgerLimits.oneOffsPerTransaction) {
      let part = Array(oneOffs[start..<min(start + LedgerLimits.oneOffsPerTransaction, count)])
      _ = try await store.submit(part, owner: nil, now: time.now())
    }
  }

  /// A one-off with a catch-up policy of its own.
  func insert(_ id: String, dueAt: Timestamp, catchUp: CatchUp) async throws {
    let schedule = Schedule(
      namespace: "default", id: id, userID: nil, eventType: "notification", definitionJSON: "{}", queue: "low",
      catchUp: catchUp, startAt: time.now())
    let event = PlannedEvent(key: id, dueAt: dueAt, runAt: dueAt, timeZone: "UTC", queue: "low")
    _ = try await store.submit(
      [OneOff(schedule: schedule, event: event, idempotencyKey: id)], owner: nil, now: time.now())
  }

  func owned() async throws -> [String: Int] {
    try await Dictionary(uniqueKeysWithValues: store.agents().map { ($0.name, $0.ownedEvents) })
  }

  func expectAllClosedOnce(rows: Int, sourceLocation: SourceLocation = #_sourceLocation) async throws {
    let check = try await store.check(from: Timestamp(microseconds: 0), to: Timestamp(seconds: 10_000_000_000))
    let counts: [Int] = [check.rows, check.closedOnce, check.lost, check.closedTwice, check.open]
    let wanted: [Int] = [rows, rows, 0, 0, 0]
    #expect(counts == wanted, sourceLocation: sourceLocation)
  }

  func close() async {
    await store.close()
    try? FileManager.default.removeItem(atPath: folder)
  }
}
