import EventModel
import Logging
import Store
import Synchronization

/// Keeps the agent's lease, and hands on what comes with each renewal: commands, and changed settings.
final class LeaseKeeper: Sendable {
  private let engine: Engine
  private let settings: SettingsLoader
  private let claimer: BucketClaimer
  private let renewals = Atomic<Int>(0)

  init(_ engine: Engine, _ settings: SettingsLoader, _ claimer: BucketClaimer) {
    self.engine = engine
    self.settings = settings
    self.claimer = claimer
  }

  /// Renews each second until cancelled.
  func run() async {
    var faults = FaultBackoff()
    while !Task.isCancelled {
      let began = engine.now().elapsed
      if await step() {
        faults = FaultBackoff()
        let rest = Limits.renewEvery - (engine.now().elapsed - began)
        await engine.signals.lease.wait(atMost: rest, engine.clocks)
      } else {
        await engine.pause(faults.next())
      }
    }
  }

  /// Opens or renews once; answers whether it worked.
  func step() async -> Bool {
    guard let step = engine.withLease({ $0.step }) else { return true }
    let began = engine.now()
    do {
      switch step {
      case .open: try await open(began)
      case .renew(let lease): try await renew(lease, began)
      }
      return true
    } catch {
      engine.storeFailed("renew", error)
      if engine.withLease({ $0.failed(error.code) }) == .lost { lost() }
      return false
    }
  }

  /// Ends the lease: what is still owned becomes free at once.
  func release() async {
    engine.core.withLock { $0.renewalBegan = nil }
    guard let lease = engine.withLease({ $0.release() }) else { return }
    do {
      try await engine.store.release(lease, now: engine.now().wall)
      engine.observer.observe(.lease(held: false, epoch: lease.epoch))
    } catch {
      engine.storeFailed("release", error)
    }
  }

  private func open(_ began: Moment) async throws(StoreError) {
    if engine.configuration.correctsClock { try await correctClock() }
    let configuration = engine.configuration
    let lease = try await engine.store.openAgent(
      name: configuration.agentName, version: configuration.version, prefers: configuration.preferred,
      leaseFor: configuration.lease, now: engine.now().wall)
    engine.logger.info("agent lease opened", metadata: ["agent": "\(lease.name)", "epoch": "\(lease.epoch)"])
    try await settings.load()
    granted(lease, began)
    engine.observer.observe(.lease(held: true, epoch: lease.epoch))
    engine.signals.claimer.kick()
    engine.signals.planner.kick()
  }

  private func renew(_ lease: AgentLease, _ began: Moment) async throws(StoreError) {
    let renewal = try await engine.store.renew(lease, leaseFor: engine.configuration.lease, now: began.wall)
    granted(renewal.lease, began)
    if !renewal.commands.isEmpty {
      engine.core.withLock { $0.apply(renewal.commands, now: engine.now()) }
      engine.signals.recorder.kick()
    }
    try await settings.loadIfChanged(queues: renewal.queueRevision, routing: renewal.routingRevision)
    let count = renewals.add(1, ordering: .relaxed).newValue
    guard count % Self.clockEveryRenewals == 0 else { return }
    if engine.configuration.correctsClock { try await correctClock() }
    try await settings.loadLiveAgents()
  }

  /// The clock is compared, and the live agents are counted, once in so many renewals.
  private static let clockEveryRenewals = 5

  private func granted(_ lease: AgentLease, _ began: Moment) {
    guard case .fresh(let began) = engine.withLease({ $0.granted(lease, began: began.elapsed) }) else { return }
    engine.core.withLock { $0.renewalBegan = began }
    engine.signals.driver.kick()
  }

  private func lost() {
    claimer.forgetEverything()
    let dropped = engine.core.withLock { core -> Int in
      core.renewalBegan = nil
      return core.forgetEverything()
    }
    engine.logger.error(
      "the lease is lost; another agent may have the events", metadata: ["outcomes_dropped": "\(dropped)"])
    engine.observer.observe(.lease(held: false, epoch: 0))
    engine.signals.driver.kick()
  }

  private func correctClock() async throws(StoreError) {
    let asked = engine.clocks.wall.now()
    let store = try await engine.store.clock()
    let answered = engine.clocks.wall.now()
    guard let offset = ClockCorrection.offset(asked: asked, store: store, answered: answered) else { return }
    if offset != engine.clockOffset, abs(offset.microseconds) > Limits.largestClockOffset.microseconds {
      engine.logger.warning("the clock differs from the store's", metadata: ["seconds": "\(offset.inSeconds)"])
    }
    engine.clockOffset = offset
  }
}
