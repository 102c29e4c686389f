import EventModel
import Store
import Synchronization

/// Brings changed queues, sinks and routings from the store into the core.
final class SettingsLoader: Sendable {
  private struct Seen {
    var queues: Int64?
    var routing: Int64?
    var liveAgents = 1
  }

  private let engine: Engine
  private let seen = Mutex(Seen())

  init(_ engine: Engine) { self.engine = engine }

  /// Loads everything, whatever was seen before.
  func load() async throws(StoreError) {
    try await loadQueues()
    try await loadSinks()
    let routing = try await engine.store.routing(revision: nil)
    engine.core.withLock { $0.add(Router(routing)) }
  }

  /// Loads what has another revision than last time.
  func loadIfChanged(queues: Int64, routing: Int64) async throws(StoreError) {
    let seen = self.seen.withLock { $0 }
    if seen.queues != queues {
      try await loadQueues()
      self.seen.withLock { $0.queues = queues }
      engine.signals.claimer.kick()
      engine.signals.driver.kick()
    }
    if seen.routing != routing {
      try await loadSinks()
      self.seen.withLock { $0.routing = routing }
      engine.signals.driver.kick()
    }
  }

  /// Counts the agents whose lease runs: a queue's rate is the fleet's.
  func loadLiveAgents() async throws(StoreError) {
    let now = engine.now().wall
    let count = try await engine.store.agents().count { $0.leaseUntil > now }
    let isNew = seen.withLock { seen in
      defer { seen.liveAgents = max(count, 1) }
      return seen.liveAgents != max(count, 1)
    }
    if isNew { try await loadQueues() }
  }

  /// Makes sure that the routing that a bucket was stamped with is in the core.
  func ensureRouter(_ revision: Int64) async throws(StoreError) {
    guard engine.core.withLock({ $0.routers[revision] == nil }) else { return }
    let routing = try await engine.store.routing(revision: revision)
    // It may name a sink that is newer than the last look at the sinks; unknown, it would count as deleted.
    let isKnown = engine.core.withLock { core in routing.routes.allSatisfy { core.sinks[$0.sink] != nil } }
    if !isKnown { try await loadSinks() }
    engine.core.withLock { $0.add(Router(routing)) }
  }

  func loadQueues() async throws(StoreError) {
    let queues = try await engine.store.queues()
    let liveAgents = seen.withLock { $0.liveAgents }
    engine.core.withLock { $0.configure(queues: queues, liveAgents: liveAgents, now: engine.now()) }
  }

  private func loadSinks() async throws(StoreError) {
    let sinks = try await engine.store.allSinks()
    engine.core.withLock { $0.configure(sinks: sinks) }
  }
}
