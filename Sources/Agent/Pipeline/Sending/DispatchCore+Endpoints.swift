import DequeModule
import EventModel

/// Endpoints: each has its own bulkhead, rate and circuit, so that those that hang or fail hold up nobody but themselves.
extension DispatchCore {
  /// Takes the next send of a lane that may start now. One whose endpoint has all it may have waits there, out of the way of
  /// the others; one whose endpoint's circuit is open, or that too many wait for, is deferred.
  mutating func nextReady(_ number: SinkNumber, queue index: Int, _ now: Moment) -> (Send, LoadedEvent)? {
    while let (send, event) = next(number, queue: index, now) {
      guard let limits = sinks[number]?.sink.limits.endpoint, !send.endpoint.isEmpty else { return (send, event) }
      let agents = liveAgents
      let admission = watchingCircuit(send.endpoint, number) { endpoints in
        endpoints.update(send.endpoint, limits, agents: agents, now: now.elapsed) {
          $0.admit(limits, agents: agents, now: now.elapsed)
        }
      }
      switch admission {
      case .go, nil: return (send, event)
      case .wait:
        sinks[number]?.endpoints.park(send, queue: index)
        noteWaiting(1, queue: index, number)
      case .full where deferralsLeft > 0:
        let wait = OutcomeRules.deferral(hop: event.hop, named: nil, fraction: random())
        deferUnsent(send.row, event, sink: number, code: "endpoint-busy", wait: wait, now: now)
        deferralsLeft -= 1
      case .closed(let until) where deferralsLeft > 0:
        let wait = (until - now.elapsed) + Limits.deferBase.scaled(by: random())
        deferUnsent(send.row, event, sink: number, code: "circuit-open", wait: wait, now: now)
        deferralsLeft -= 1
      case .full, .closed:
        // Enough for this turn; the rest comes with the next.
        queues[index].lanes[number, default: []].prepend(send)
        noteWaiting(1, queue: index, number)
        return nil
      }
    }
    return nil
  }

  mutating func startAtEndpoint(_ flight: Flight) {
    sinks[flight.sink]?.endpoints.update(flight.endpoint) { $0.started(now: flight.reservedAt) }
  }

  /// Gives back the place at its endpoint, and lets those go that waited for it.
  mutating func endAtEndpoint(_ flight: Flight, failed: Bool?, _ now: Moment) {
    guard !flight.endpoint.isEmpty else { return }
    let rest = rest(after: flight, failed: failed, now)
    watchingCircuit(flight.endpoint, flight.sink) { endpoints in
      endpoints.ended(flight.endpoint, failed: failed, wasSlow: flight.isSlow, rest: rest, now: now.elapsed)
    }
    release(flight.endpoint, of: flight.sink, now)
  }

  /// What hung rests for up to as long as it hung. Thousands that were first tried at one instant time out at one instant;
  /// without it they would all be tried again at that instant, in the way of those that answer.
  private mutating func rest(after flight: Flight, failed: Bool?, _ now: Moment) -> TimeSpan {
    guard failed == true, flight.isSlow else { return .zero }
    return min(now.elapsed - flight.reservedAt, Limits.longestEndpointRest).scaled(by: random())
  }

  /// Puts sends that wait for an endpoint, as many as may start, at the head of their lanes.
  private mutating func release(_ address: String, of number: SinkNumber, _ now: Moment) {
    guard let sink = sinks[number]?.sink, sinks[number]?.endpoints[address]?.waitingCount ?? 0 > 0 else { return }
    let (agents, order) = (liveAgents, order)
    let limits = sink.limits.endpoint
    let free = sinks[number]?.endpoints.update(address) { $0.room(limits, agents: agents, now: now.elapsed) } ?? 0
    for _ in 0..<free {
      guard let (queue, send) = sinks[number]?.endpoints.update(address, { $0.unpark(order) }) ?? nil else { return }
      queues[queue].lanes[number, default: []].prepend(send)
    }
  }

  /// Puts everything that waits for an endpoint of a sink back into its lanes: what becomes of it depends on the sink now.
  mutating func releaseAll(of number: SinkNumber) {
    let all = Array(queues.indices)
    for address in sinks[number]?.endpoints.waiting ?? [] {
      while let (queue, send) = sinks[number]?.endpoints.update(address, { $0.unpark(all) }) ?? nil {
        queues[queue].lanes[number, default: []].append(send)
      }
    }
  }

  /// Looks at endpoints that sends wait for: at their rates and circuits, and at what waits too long.
  mutating func sweepEndpoints(_ now: Moment) {
    for number in sinks.keys {
      for address in sinks[number]?.endpoints.timed ?? [] {
        release(address, of: number, now)
        deferOld(at: address, of: number, now)
      }
      while let address = sinks[number]?.endpoints.takeRested(now: now.elapsed) ?? nil {
        release(address, of: number, now)
      }
      let limit = now.elapsed - Limits.longestWaitForSink
      while deferralsLeft > 0, let address = sinks[number]?.endpoints.takeWaiting(since: limit) ?? nil {
        deferOld(at: address, of: number, now)
      }
      if now.elapsed >= nextClean { sinks[number]?.endpoints.clean(now: now.elapsed) }
    }
    if now.elapsed >= nextClean { nextClean = now.elapsed + Limits.endpointRemembered }
  }

  private mutating func deferOld(at address: String, of number: SinkNumber, _ now: Moment) {
    while deferralsLeft > 0, let endpoint = sinks[number]?.endpoints[address], endpoint.waitingCount > 0 {
      let isClosed = if case .open = endpoint.breaker.state { true } else { false }
      guard isClosed || endpoint.oldestWait(now: now.elapsed) > Limits.longestWaitForSink else { return }
      let order = order
      guard let (queue, send) = sinks[number]?.endpoints.update(address, { $0.unpark(order) }) ?? nil else { return }
      // Its lane decides: there it is deferred, or closed when it does not count any more.
      queues[queue].lanes[number, default: []].prepend(send)
      guard let (next, event) = next(number, queue: queue, now) else { continue }
      let wait = OutcomeRules.deferral(hop: event.hop, named: nil, fraction: random())
      deferUnsent(
        next.row, event, sink: number, code: isClosed ? "circuit-open" : "endpoint-busy", wait: wait, now: now)
      deferralsLeft -= 1
    }
  }

  /// Runs a change of an endpoint, and tells when its circuit changed.
  @discardableResult
  private mutating func watchingCircuit<Result>(
    _ address: String, _ number: SinkNumber, _ body: (inout EndpointTable) -> Result
  ) -> Result? {
    let before = sinks[number]?.endpoints[address]?.breaker.name ?? "closed"
    guard let sink = sinks[number]?.sink, let result = updateEndpoints(number, body) else { return nil }
    let after = sinks[number]?.endpoints[address]?.breaker.name ?? "closed"
    if after != before {
      actions.events.append(.endpointCircuit(sink: sink.name, state: after))
      if after == "open" { note(.sinkCircuitOpened, number, "one of its endpoints fails again and again") }
    }
    return result
  }

  private mutating func updateEndpoints<Result>(
    _ number: SinkNumber, _ body: (inout EndpointTable) -> Result
  ) -> Result? {
    guard let index = sinks.index(forKey: number) else { return nil }
    return body(&sinks.values[index].endpoints)
  }
}
