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

/// A pipeline over a real store, turned by hand on a manual clock.
final class World: Sendable {
  let time: ManualTime
  let store: any Store
  let plugins: TestPlugins
  let observed = Observed()
  let folder: String
  private let current: Mutex<Pipeline>
  let configuration: PipelineConfiguration
  private let zones: TimeZoneDatabase

  static let zones: TimeZoneDatabase? = try? TimeZoneDatabase()

  /// - Parameter wrap: puts something between pipeline and store.
  init(
    at start: Timestamp, plugins: TestPlugins = TestPlugins(), horizon: TimeSpan = .hours(2),
    maximumLoaded: Int = 120_000, zones: TimeZoneDatabase? = World.zones, wrap: (any Store) -> any Store = { $0 }
  ) async throws {
    time = ManualTime(at: start)
    folder = NSTemporaryDirectory() + "carillon-pipeline-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    store = wrap(try await SQLiteStore.open(path: folder + "/store.sqlite"))
    self.plugins = plugins
    self.zones = try #require(zones)
    // A lease longer than any jump of the clock; what a lost one means has tests of its own.
    configuration = PipelineConfiguration(
      agentName: "test", horizon: horizon, lease: .hours(24 * 800), maximumLoaded: maximumLoaded, correctsClock: false,
      random: { 0.5 })
    current = Mutex(Self.pipeline(store, plugins, time, configuration, observed, self.zones))
  }

  var pipeline: Pipeline { current.withLock { $0 } }

  /// The process dies and starts again: memory is gone, the store is not.
  /// - Parameter zones: what it finds of zone files now; nil: the same as before.
  func restart(zones: TimeZoneDatabase? = nil) {
    let new = Self.pipeline(store, plugins, time, configuration, observed, zones ?? self.zones)
    current.withLock { $0 = new }
  }

  func close() async {
    await store.close()
    try? FileManager.default.removeItem(atPath: folder)
  }

  private static func pipeline(
    _ store: any Store, _ plugins: TestPlugins, _ time: ManualTime, _ configuration: PipelineConfiguration,
    _ observed: Observed, _ zones: TimeZoneDatabase
  ) -> Pipeline {
    let pipeline = Pipeline(
      store: store, plugins: plugins, zones: zones,
      clocks: PipelineClocks(wall: time, monotonic: time.monotonic),
      configuration: configuration, logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
      observer: observed)
    pipeline.submitter.open()
    return pipeline
  }

  /// Turns everything until nothing is left to do at this instant.
  func settle() async {
    let pipeline = self.pipeline
    _ = await pipeline.lease.step()
    for _ in 0..<100_000 where await !pipeline.turn() { return }
    Issue.record("the pipeline does not come to rest")
  }

  /// Moves the clock to an instant, stopping wherever something may fall due on the way.
  func run(until end: Timestamp, step: TimeSpan = .minutes(10)) async throws {
    await settle()
    while time.now() < end {
      var next = min(end, time.now() + step)
      if let claimable = try? await store.nextClaimable(now: time.now()), claimable > time.now() {
        next = min(next, claimable)
      }
      if let deadline = pipeline.engine.core.withLock({ $0.nextDeadline }), deadline > time.now() {
        next = min(next, deadline)
      }
      time.advance(by: next - time.now())
      await settle()
    }
  }
}

extension Pipeline {
  /// Turns every part once, as its loop would; answers whether there may be more to do at this instant.
  func turn() async -> Bool {
    var worked = await ignoringFaults { () async throws(StoreError) in try await self.planner.pass().planned > 0 }
    worked = await submitter.step() || worked
    worked = await ignoringFaults { () async throws(StoreError) in try await self.claimer.step() } || worked
    worked = await driver.step() || worked
    worked = await recorder.step() == .recorded || worked
    return worked || !engine.inbox.isEmpty
  }

  /// A loop notes the fault, and tries again later.
  private func ignoringFaults(_ body: () async throws(StoreError) -> Bool) async -> Bool {
    do {
      return try await body()
    } catch {
      engine.storeFailed("turn", error)
      return false
    }
  }
}

extension Inbox {
  var isEmpty: Bool {
    let results = drain()
    if results.isEmpty { return true }
    _ = append(results)
    return false
  }
}

extension DispatchCore {
  /// When the next event in memory is due.
  var nextDeadline: Timestamp? { queues.compactMap(\.wheel.nextDeadline).min() }
}

/// Keeps what a pipeline reports.
final class Observed: PipelineObserver {
  private let events = Mutex<[PipelineEvent]>([])
  func observe(_ event: PipelineEvent) { events.withLock { $0.append(event) } }

  var all: [PipelineEvent] { events.withLock { $0 } }

  var settled: [PipelineEvent.Settled] {
    events.withLock { events in
      events.flatMap { event -> [PipelineEvent.Settled] in if case .settled(let settled) = event { settled } else { [] }
      }
    }
  }

  func count(_ outcome: Outcome) -> Int { settled.count { $0.outcome == outcome } }

  var storeFailures: Int { faults.count }

  /// The codes of the store's faults, in order.
  var faults: [String] {
    events.withLock { events in
      events.compactMap { event in if case .storeFailed(_, let code) = event { code } else { nil } }
    }
  }
}
