import EventModel

extension DispatchCore {
  /// Takes over the queues as they are now. What a queue holds stays; a paused or deleted one lets go of its buckets.
  mutating func configure(queues settings: [Queue], now: Moment) {
    for queue in settings { put(queue, now) }
    let names = Set(settings.map(\.name))
    order = queues.indices.filter { names.contains(queues[$0].queue.name) }
      .sorted { queues[$0].queue.priority > queues[$1].queue.priority }
    rebuildBooks()
    letGo { $0.queue.paused || !names.contains($0.queue.name) }
  }

  /// Takes over the sinks as they are now. A deleted one is forgotten: what waits for it is skipped.
  mutating func configure(sinks settings: [Sink], gone: [GoneEndpoint] = [], now: Moment) {
    var next: [SinkNumber: SinkState] = [:]
    for sink in settings {
      var state = sinks[sink.number] ?? SinkState(sink)
      // A changed configuration deserves a fresh start.
      if state.sink.revision != sink.revision {
        state.breaker = CircuitBreaker(rules: SinkState.breakerRules(sink))
        state.faults = 0
      }
      state.sink = sink
      state.gone = [:]
      state.rate = .share(of: sink.limits.ratePerSecond, among: liveAgents, after: state.rate, now: now.elapsed)
      next[sink.number] = state
    }
    for endpoint in gone { next[endpoint.sink]?.gone[endpoint.userID] = endpoint.digest }
    sinks = next
    rebuildBooks()
  }

  /// Adds a routing; the oldest is dropped when there are too many.
  mutating func add(_ router: Router) {
    routers[router.revision] = router
    while routers.count > Limits.routingsKept {
      let used = Set(buckets.all.compactMap { buckets.read($0) { $0.claimed.routingRevision } })
      guard let oldest = routers.keys.filter({ !used.contains($0) && $0 != router.revision }).min() else { return }
      routers[oldest] = nil
    }
  }

  /// Starts nothing more and gives everything back, or stops doing so.
  mutating func setDraining(_ draining: Bool) {
    isDraining = draining
    if draining { letGo { _ in true } }
  }

  /// Obeys an order to stop everything, as if all queues were paused; nil: works on.
  mutating func obey(_ order: StopOrder?) {
    stop = order
    if order != nil { letGo { _ in true } }
  }

  /// Whether nothing may start here, whatever the queue.
  var isHalted: Bool { isDraining || stop != nil }

  func isClosed(_ state: QueueState) -> Bool { state.queue.paused || isHalted }

  /// Divides the queues' rates by the live agents.
  mutating func share(among agents: Int, now: Moment) {
    liveAgents = max(agents, 1)
    for state in queues { put(state.queue, now) }
    for (number, state) in sinks {
      sinks[number]?.rate = .share(
        of: state.sink.limits.ratePerSecond, among: liveAgents, after: state.rate, now: now.elapsed)
    }
  }

  private mutating func put(_ queue: Queue, _ now: Moment) {
    if let index = indexByName[queue.name] {
      queues[index].queue = queue
      queues[index].rate = .share(
        of: queue.ratePerSecond, among: liveAgents, after: queues[index].rate, now: now.elapsed)
      return
    }
    indexByName[queue.name] = queues.count
    queues.append(
      QueueState(queue: queue, rate: .share(of: queue.ratePerSecond, among: liveAgents, now: now.elapsed)))
  }

  /// Of the agent's places each queue keeps its reserve. Of a sink's places only the highest queue keeps one, in the same
  /// proportion: there the others share by weight.
  private mutating func rebuildBooks() {
    let total = Int(Queue.maximumInFlight)
    let active = Set(order)
    let shares = queues.indices.map { index in
      CapacityBook.Share(
        reserve: active.contains(index) ? Int(queues[index].queue.reserve) : 0, weight: Int(queues[index].queue.weight))
    }
    capacity = capacity.with(total: total, shares: shares, used: capacity.used)
    for (number, state) in sinks {
      let bound = Int(state.sink.maximumInFlight)
      let sinkShares = shares.indices.map { index in
        CapacityBook.Share(
          reserve: index == order.first ? shares[index].reserve * bound / total : 0, weight: shares[index].weight)
      }
      sinks[number]?.book = state.book.with(total: bound, shares: sinkShares, used: state.book.used)
    }
  }

  private mutating func letGo(_ isAffected: (QueueState) -> Bool) {
    let affected = Set(queues.indices.filter { isAffected(queues[$0]) })
    guard !affected.isEmpty else { return }
    for row in buckets.all {
      guard let queue = buckets.read(row, { $0.queue }), affected.contains(queue) else { continue }
      buckets.update(row) { $0.isLeaving = true }
    }
  }
}
