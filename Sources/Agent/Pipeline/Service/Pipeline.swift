public import CivilTime
public import EventModel
public import Logging
public import ServiceLifecycle
public import Store
import Synchronization

/// The pipeline: plans, claims, sends and records, until it is told to stop.
///
/// A graceful shutdown drains: nothing new starts, what is in flight may finish within `drainTimeout`, every outcome is
/// recorded, buckets are given back and the lease is released.
public final class Pipeline: Service, Sendable {
  let engine: Engine
  let settings: SettingsLoader
  let lease: LeaseKeeper
  let planner: Planner
  let claimer: BucketClaimer
  let sender: Sender
  let driver: Driver
  let recorder: Recorder
  let submitter: Submitter
  let upkeep: Upkeep
  let relayer: Relayer
  let digester: Digester
  private let stop = Signal()
  private let isStopping = Atomic<Bool>(false)

  /// Makes a pipeline; nothing happens before `run`.
  public init(
    store: any Store, plugins: any PluginDirectory, zones: TimeZoneDatabase, clocks: PipelineClocks = .system,
    configuration: PipelineConfiguration, logger: Logger, observer: any PipelineObserver = SilentObserver()
  ) {
    engine = Engine(
      store: store, plugins: plugins, zones: zones, clocks: clocks, configuration: configuration, logger: logger,
      observer: observer)
    settings = SettingsLoader(engine)
    planner = Planner(engine)
    claimer = BucketClaimer(engine, settings)
    lease = LeaseKeeper(engine, settings, claimer)
    sender = Sender(engine)
    driver = Driver(engine, sender, claimer)
    recorder = Recorder(engine, claimer)
    submitter = Submitter(engine, claimer)
    upkeep = Upkeep(engine)
    relayer = Relayer(engine)
    digester = Digester(engine)
  }

  /// Runs until a graceful shutdown or cancellation. Faults of the store end nothing: every loop tries again.
  public func run() async throws {
    submitter.open()
    await withGracefulShutdownHandler {
      await withTaskGroup(of: Void.self) { group in
        group.addTask { await self.lease.run() }
        group.addTask { await self.planner.run() }
        group.addTask { await self.claimer.run() }
        group.addTask { await self.driver.run() }
        group.addTask { await self.recorder.run() }
        group.addTask { await self.submitter.run() }
        group.addTask { await self.upkeep.run() }
        group.addTask { await self.relayer.run() }
        group.addTask { await self.digester.run() }
        group.addTask { await self.heedWakeUps() }
        await self.waitForStop()
        await self.shutDown()
        group.cancelAll()
      }
    } onGracefulShutdown: {
      self.isStopping.store(true, ordering: .relaxed)
      self.stop.kick()
    }
  }

  /// Makes one event, durably; many callers share a transaction. An event that is due at once skips the claim.
  /// - Throws: `.notRunning`, `.overloaded`, or `.store` with the `StoreError` as its cause.
  public func submit(_ oneOff: OneOff) async throws(PipelineError) -> Submission { try await submitter.submit(oneOff) }

  /// Something changed in the store (a schedule, a queue, a sink, a command): every loop looks at once. Cheap.
  public func kick() { engine.kickAll() }

  /// Until ``importEnded()`` the planner takes a quarter of its time, so that an import has most of the machine. Each import
  /// counts.
  public func importBegan() { engine.imports.add(1, ordering: .relaxed) }

  /// See ``importBegan()``.
  public func importEnded() { engine.imports.subtract(1, ordering: .relaxed) }

  /// Starts nothing more, waits for what is in flight, records, and gives the buckets back. The lease stays; `resume`
  /// ends it.
  /// - Parameter limit: how long to wait for what is in flight; nil: the configuration's `drainTimeout`.
  /// - Returns: whether everything is finished and recorded.
  @discardableResult
  public func drain(within limit: TimeSpan? = nil) async -> Bool {
    engine.core.withLock { $0.setDraining(true) }
    engine.kickAll()
    let isQuiet = await wait(atMost: limit ?? engine.tuning.withLock { $0.drainTimeout }) { self.isQuiet }
    if !isQuiet {
      engine.core.withLock { $0.callOffAll(now: engine.now()) }
      engine.kickAll()
    }
    return await wait(atMost: Self.recordTimeout) { self.isQuiet && self.isHandedBack }
  }

  /// Works again after `drain`.
  public func resume() {
    engine.core.withLock { $0.setDraining(false) }
    engine.kickAll()
  }

  /// Reads queues, sinks, templates and the stop order again. When it returns, the core acts by them, and nothing that
  /// they forbid starts any more; what was handed to its sink before is under way.
  /// - Throws: `.store` with the `StoreError` as its cause; then the renewal of the lease brings them within seconds.
  public func refreshSettings() async throws(PipelineError) {
    do {
      try await settings.refresh()
    } catch {
      throw PipelineError(.store, "the settings cannot be read: \(error.message)", cause: error)
    }
  }

  /// The corrected time of day.
  public var now: Timestamp { engine.now().wall }

  /// What other agents change is looked at once they say so, instead of within a second.
  private func heedWakeUps() async {
    for await _ in engine.store.wakeUps() {
      engine.kickAll()
      await engine.pause(Limits.wakeEvery)
    }
  }

  /// After calling off, outcomes have this long to come in and to be recorded.
  private static let recordTimeout = TimeSpan.seconds(10)

  private var isQuiet: Bool { engine.core.withLock { $0.flights.count == 0 } && recorder.isEmpty }
  private var isHandedBack: Bool { engine.core.withLock { $0.buckets.count == 0 } && claimer.isHandedBack }

  private func waitForStop() async {
    while !Task.isCancelled, !isStopping.load(ordering: .relaxed) {
      await stop.wait(atMost: .minutes(1), engine.clocks)
    }
  }

  private func shutDown() async {
    submitter.close()
    if !Task.isCancelled, await !drain() {
      engine.logger.warning("the drain did not finish; the next start sends what is open")
    }
    await lease.release()
  }

  private func wait(atMost limit: TimeSpan, until condition: () -> Bool) async -> Bool {
    let end = engine.now().elapsed + limit
    while !condition() {
      if Task.isCancelled || engine.now().elapsed >= end { return false }
      await engine.pause(.milliseconds(5))
    }
    return true
  }
}
