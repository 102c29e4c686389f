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
  /// Another process opened this agent: its epoch is the newer one, and this one stands back while it lives.
  private let standsBack = Atomic<Bool>(false)

  init(_ engine: Engine, _ settings: SettingsLoader, _ claimer: BucketClaimer) {
    self.engine = engine
    self.settings = settings
    self.claimer = claimer
  }

  /// Renews each second, or four times a lease, until cancelled.
  func run() async {
    var faults = FaultBackoff()
    while !Task.isCancelled {
      let began = engine.now().elapsed
      if await step() {
        faults = FaultBackoff()
        let rest = engine.configuration.renewEvery - (engine.now().elapsed - began)
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
      case .open:
        if standsBack.load(ordering: .relaxed), try await isTaken() { return true }
        standsBack.store(false, ordering: .relaxed)
        try await open(began)
      case .renew(let lease): try await renew(lease, began)
      }
      return true
    } catch {
      engine.storeFailed("renew", error)
      engine.note(.lease, error.message)
      if engine.withLease({ $0.failed(error.code) }) == .lost { lost() }
      return false
    }
  }

  /// Whether somebody else's epoch of this agent is live. Two processes of one name would fence one another in turns: the
  /// one that came last works, and the other waits for its end.
  private func isTaken() async throws(StoreError) -> Bool {
    let name = engine.configuration.agentName
    let now = engine.now().wall
    let isLive = try await engine.store.agents().contains { $0.name == name && $0.state(now: now) == .live }
    if isLive { engine.note(.lease, "another process runs as the agent \"\(name)\"") }
    return isLive
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
      leaseFor: engine.clocks.pace.stretched(configuration.lease), now: engine.now().wall)
    engine.logger.info("agent lease opened", metadata: ["agent": "\(lease.name)", "epoch": "\(lease.epoch)"])
    try await settings.load()
    granted(lease, began)
    engine.observer.observe(.lease(held: true, epoch: lease.epoch))
    // Tells the agent's place among the others: before it no rate and no share is right.
    try await renew(lease, engine.now())
    engine.signals.claimer.kick()
    engine.signals.kickPlanners()
  }

  private func renew(_ lease: AgentLease, _ began: Moment) async throws(StoreError) {
    let renewal = try await engine.store.renew(
      lease, leaseFor: engine.clocks.pace.stretched(engine.configuration.lease), now: began.wall)
    granted(renewal.lease, began)
    takePlace(renewal, began)
    if !renewal.commands.isEmpty {
      engine.core.withLock { $0.apply(renewal.commands, now: engine.now()) }
      engine.signals.recorder.kick()
    }
    try await settings.loadIfChanged(queues: renewal.queueRevision, routing: renewal.routingRevision)
    let count = renewals.add(1, ordering: .relaxed).newValue
    guard count % Self.clockEveryRenewals == 0 else { return }
    if engine.configuration.correctsClock { try await correctClock() }
  }

  /// The clock is compared once in so many renewals.
  private static let clockEveryRenewals = 5

  /// Others joined or left: rates and planning are shared anew, and who joined gets its part of what is claimed ahead.
  private func takePlace(_ renewal: Renewal, _ now: Moment) {
    let before = engine.withLease { $0.placed(rank: renewal.rank, among: renewal.liveAgents) }
    guard before != renewal.liveAgents else { return }
    settings.share(among: renewal.liveAgents)
    engine.core.withLock { $0.makeRoom(for: renewal.liveAgents, after: before, now: now) }
    engine.logger.info("the fleet changed", metadata: ["live_agents": "\(renewal.liveAgents)"])
    engine.signals.driver.kick()
    engine.signals.claimer.kick()
    engine.signals.kickPlanners()
  }

  private func granted(_ lease: AgentLease, _ began: Moment) {
    guard case .fresh(let began) = engine.withLease({ $0.granted(lease, began: began.elapsed) }) else { return }
    engine.note(.lease, nil)
    engine.core.withLock { core in
      core.renewalBegan = began
      core.epoch = lease.epoch
    }
    engine.signals.driver.kick()
  }

  private func lost() {
    claimer.forgetEverything()
    let dropped = engine.core.withLock { core -> Int in
      core.renewalBegan = nil
      core.epoch = nil
      return core.forgetEverything()
    }
    engine.note(.record, nil)
    standsBack.store(true, ordering: .relaxed)
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
