import DequeModule
import EventModel
import Logging
import Store
import Synchronization

/// Takes due buckets, as many as there is room for, loads them, and gives back what the core let go of.
final class BucketClaimer: Sendable {
  private struct Work {
    /// Owned and not in memory yet.
    var toLoad: Deque<ClaimedBucket> = []
    /// To be given back.
    var toGiveBack: [BucketID] = []
    /// On their way into memory: nobody else loads them meanwhile.
    var loading: Set<BucketID> = []
    /// A claim or a submission got no answer: more may be owned than is known.
    var isUnsure = false
  }

  private let engine: Engine
  private let settings: SettingsLoader
  private let work = Mutex(Work())
  /// Whether a queue had no room at the last look, so that more room is news.
  let wantsRoom = Atomic<Bool>(false)

  init(_ engine: Engine, _ settings: SettingsLoader) {
    self.engine = engine
    self.settings = settings
  }

  /// Claims until cancelled.
  func run() async {
    var faults = FaultBackoff()
    while !Task.isCancelled {
      do {
        let more = try await step()
        faults = FaultBackoff()
        if !more { await engine.signals.claimer.wait(atMost: try await rest(), engine.clocks) }
      } catch {
        engine.storeFailed("claim", error)
        await engine.pause(faults.next())
      }
    }
  }

  /// Buckets that are owned and must come into memory: made by a submission.
  func adopt(_ buckets: [ClaimedBucket]) async {
    for (index, bucket) in buckets.enumerated() {
      do {
        try await load(bucket)
      } catch {
        // The claimer's loop goes on with them.
        work.withLock { $0.toLoad.append(contentsOf: buckets[index...]) }
        engine.storeFailed("load", error)
        engine.signals.claimer.kick()
        return
      }
    }
  }

  /// Buckets that the core let go of.
  func giveBack(_ buckets: [BucketID]) {
    guard !buckets.isEmpty else { return }
    work.withLock { $0.toGiveBack += buckets }
    engine.signals.claimer.kick()
  }

  /// Whether nothing is left to load or to give back.
  var isHandedBack: Bool { work.withLock { $0.toLoad.isEmpty && $0.toGiveBack.isEmpty } }

  /// The lease was lost: nothing is owned.
  func forgetEverything() {
    work.withLock { work in
      work.toLoad = []
      work.toGiveBack = []
      work.isUnsure = false
    }
  }

  /// It is not known whether buckets became owned: the next turn asks.
  func becameUnsure() {
    work.withLock { $0.isUnsure = true }
    engine.signals.claimer.kick()
  }

  /// One turn: gives back, loads what is owned, claims more. Answers whether another turn may find more at once.
  func step() async throws(StoreError) -> Bool {
    guard let lease = engine.heldLease else {
      forgetEverything()
      return false
    }
    try await giveBackPending(lease)
    try await findOwned(lease)
    try await loadPending()
    let capacity = engine.core.withLock { core in
      let capacity = claimable(core)
      wantsRoom.store(capacity.count < core.order.count, ordering: .relaxed)
      return capacity
    }
    guard !capacity.isEmpty else { return false }
    let buckets = try await claim(
      ClaimRequest(lease: lease, capacity: capacity, prefers: engine.configuration.preferred))
    guard !buckets.isEmpty else { return false }
    work.withLock { $0.toLoad.append(contentsOf: buckets) }
    for (queue, group) in Dictionary(grouping: buckets, by: \.queue) {
      engine.observer.observe(
        .claimed(queue: queue, buckets: group.count, events: group.reduce(0) { $0 + Int($1.count) }))
    }
    try await loadPending()
    return true
  }

  private func claimable(_ core: borrowing DispatchCore) -> [(queue: String, events: Int)] {
    // While outcomes cannot be recorded, or the lease is not fresh, more events would only wait here.
    guard !core.isHalted, core.gate.closed(now: engine.now().elapsed) == nil else { return [] }
    let queues = core.order.filter { !core.queues[$0].queue.paused }
      .map { (queue: core.queues[$0].queue, loaded: core.queues[$0].loaded) }
    return ClaimCapacity.capacity(of: queues, maximum: engine.configuration.maximumLoaded)
  }

  private func claim(_ request: ClaimRequest) async throws(StoreError) -> [ClaimedBucket] {
    do {
      return try await engine.store.claim(request, now: engine.now().wall)
    } catch {
      if error.code == .unknown { becameUnsure() }
      throw error
    }
  }

  /// After an answer that never came: takes up what is owned and not known.
  private func findOwned(_ lease: AgentLease) async throws(StoreError) {
    guard work.withLock({ $0.isUnsure }) else { return }
    let owned = try await engine.store.owned(by: lease, now: engine.now().wall)
    let inMemory = engine.core.withLock { core in Set(owned.map(\.id).filter { core.buckets.find($0) != nil }) }
    work.withLock { work in
      let known = inMemory.union(work.toLoad.map(\.id)).union(work.toGiveBack).union(work.loading)
      work.toLoad.append(contentsOf: owned.filter { !known.contains($0.id) })
      work.isUnsure = false
    }
  }

  private func giveBackPending(_ lease: AgentLease) async throws(StoreError) {
    let buckets = work.withLock { $0.toGiveBack }
    guard !buckets.isEmpty else { return }
    try await engine.store.giveBack(buckets, lease: lease, now: engine.now().wall)
    work.withLock { $0.toGiveBack.removeFirst(min(buckets.count, $0.toGiveBack.count)) }
  }

  /// Loads what is owned, the earliest minute and the highest queue first, as the claim answered it.
  private func loadPending() async throws(StoreError) {
    while let bucket = work.withLock({ $0.toLoad.first }) {
      try await load(bucket)
      work.withLock { if $0.toLoad.first == bucket { $0.toLoad.removeFirst() } }
    }
  }

  /// Brings a bucket into memory. What was read of it is only as good as nobody else has it in memory meanwhile: so one
  /// load of it at a time, and none of what is there.
  private func load(_ bucket: ClaimedBucket) async throws(StoreError) {
    guard let lease = engine.heldLease, work.withLock({ $0.loading.insert(bucket.id).inserted }) else { return }
    defer { work.withLock { _ = $0.loading.remove(bucket.id) } }
    guard engine.core.withLock({ $0.buckets.find(bucket.id) == nil }) else { return }
    try await settings.ensureRouter(bucket.routingRevision)
    let events: [LoadedEvent]
    do {
      events = try await engine.store.load(bucket.id, lease: lease, now: engine.now().wall)
    } catch  where error.code == .fenced {
      engine.logger.info("a bucket was taken over before it was loaded", metadata: ["bucket": "\(bucket.id.rawValue)"])
      return
    }
    try await settings.ensureSinks(of: events)
    if !add(bucket, events, lease) {
      // A queue made a moment ago; after a second look it is known, or its bucket goes back.
      try await settings.loadQueues()
      if !add(bucket, events, lease) { giveBack([bucket.id]) }
    }
    engine.signals.driver.kick()
  }

  /// Takes a bucket into memory, unless the lease under which it was read is over by now. False when its queue is unknown.
  private func add(_ bucket: ClaimedBucket, _ events: [LoadedEvent], _ lease: AgentLease) -> Bool {
    engine.core.withLock { core in
      core.epoch != lease.epoch || core.add(bucket, events, now: engine.now())
    }
  }

  /// How long to wait for a kick.
  private func rest() async throws(StoreError) -> TimeSpan {
    let isClosed = engine.core.withLock { claimable($0).isEmpty }
    if isClosed { return Limits.pollEvery }
    let now = engine.now().wall
    guard let next = try await engine.store.nextClaimable(now: now) else { return Limits.pollEvery }
    // What is free now was there at this turn already, and is left to others for a while.
    return next <= now ? Limits.contendedWait : min(engine.clocks.pace.wait(from: now, until: next), Limits.pollEvery)
  }
}
