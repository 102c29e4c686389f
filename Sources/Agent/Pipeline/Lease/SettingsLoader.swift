import EventModel
import Store
import Synchronization

/// Brings changed queues, sinks, templates, routings and the stop order from the store into the core.
final class SettingsLoader: Sendable {
  private struct Seen {
    var queues: Int64?
    var routing: Int64?
  }

  /// Which reading was taken over last. Readings may overlap; one that began before that is out of date and is dropped, so
  /// that settings never go back to what they were.
  private struct Taken {
    var queues: UInt64 = 0
    var sinks: UInt64 = 0
    var templates: UInt64 = 0
  }

  private let engine: Engine
  private let seen = Mutex(Seen())
  private let readings = Atomic<UInt64>(0)
  private let taken = Mutex(Taken())

  init(_ engine: Engine) { self.engine = engine }

  /// Loads everything, whatever was seen before.
  func load() async throws(StoreError) {
    try await loadQueues()
    try await loadRouter(nil)
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
      try await loadTemplates()
      self.seen.withLock { $0.routing = routing }
      engine.signals.driver.kick()
    }
  }

  /// Loads what people change: when it returns, the core has what the store had when it was called, or newer.
  func refresh() async throws(StoreError) {
    try await loadQueues()
    try await loadSinks()
    try await loadTemplates()
    engine.signals.claimer.kick()
    engine.signals.driver.kick()
  }

  /// Shares the queues' rates, which are the fleet's, among so many agents.
  func share(among liveAgents: Int) {
    engine.core.withLock { $0.share(among: liveAgents, now: engine.now()) }
  }

  /// Makes sure that the routing that a bucket was stamped with is in the core, and the sinks and templates as they were
  /// then, or newer: what is replayed right after a sink was mended goes to the mended one.
  func ensureRouter(_ revision: Int64) async throws(StoreError) {
    guard engine.core.withLock({ $0.routers[revision] == nil }) else { return }
    try await loadRouter(revision)
  }

  /// The routing is read before what it names, so that none of that is older.
  private func loadRouter(_ revision: Int64?) async throws(StoreError) {
    let routing = try await engine.store.routing(revision: revision)
    try await loadSinks()
    try await loadTemplates()
    engine.core.withLock { $0.add(Router(routing)) }
  }

  /// Makes sure that sinks which rows are for are in the core: one made a moment ago would count as deleted.
  func ensureSinks(of events: [LoadedEvent]) async throws(StoreError) {
    let named = Set(events.lazy.map(\.sink)).subtracting([.all])
    guard !named.isEmpty, !engine.core.withLock({ core in named.allSatisfy { core.sinks[$0] != nil } }) else { return }
    try await loadSinks()
  }

  func loadQueues() async throws(StoreError) {
    let reading = nextReading()
    let queues = try await engine.store.queues()
    let stop = try await engine.store.stopOrder()
    take(reading, \.queues) { engine in
      engine.core.withLock { core in
        core.configure(queues: queues, now: engine.now())
        core.obey(stop)
      }
    }
  }

  private func loadSinks() async throws(StoreError) {
    let reading = nextReading()
    let sinks = try await engine.store.allSinks()
    let gone = try await engine.store.goneEndpoints()
    take(reading, \.sinks) { engine in
      engine.core.withLock { $0.configure(sinks: sinks, gone: gone, now: engine.now()) }
    }
  }

  private func loadTemplates() async throws(StoreError) {
    let reading = nextReading()
    let table = WordingTable(try await engine.store.allTemplates())
    take(reading, \.templates) { engine in engine.wordings.withLock { $0 = table } }
  }

  private func nextReading() -> UInt64 { readings.add(1, ordering: .relaxed).newValue }

  private func take(_ reading: UInt64, _ kind: WritableKeyPath<Taken, UInt64>, _ apply: (Engine) -> Void) {
    taken.withLock { taken in
      guard reading > taken[keyPath: kind] else { return }
      taken[keyPath: kind] = reading
      apply(engine)
    }
  }
}
