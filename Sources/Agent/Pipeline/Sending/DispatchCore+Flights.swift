import DequeModule
import EventModel

extension DispatchCore {
  /// A send that is ready to go.
  struct Start: Sendable {
    var id: UInt64
    var message: Message
    /// What its receipt says besides the sink's own words.
    var note: String?
  }

  /// Marks sends as begun, right before the sink is handed them. This is the last look at the gate and at the settings:
  /// rendering may have taken long.
  /// - Returns: whether each may go; one that may not waits again or has ended.
  mutating func confirm(_ starts: [Start], now: Moment) -> [Bool] {
    let isOpen = gate.closed(now: now.elapsed) == nil
    return starts.map { start in
      guard let flight = flights[start.id] else { return false }
      guard isOpen, mayGo(flight) else {
        putBack(start.id, flight, now)
        return false
      }
      flights.update(start.id) {
        $0?.startedAt = now.wall
        $0?.message = start.message
        $0?.note = start.note
      }
      return true
    }
  }

  private func mayGo(_ flight: Flight) -> Bool {
    guard buckets.isLive(flight.row), !isClosed(queues[flight.queue]), let sink = sinks[flight.sink] else {
      return false
    }
    return sink.sink.disabledReason == nil
  }

  /// A send that was not begun after all waits again, before the others.
  private mutating func putBack(_ id: UInt64, _ flight: Flight, _ now: Moment) {
    endFlight(id)
    sinks[flight.sink]?.breaker.calledOff()
    endAtEndpoint(flight, failed: nil, now)
    guard buckets.isLive(flight.row) else { return }
    queues[flight.queue].lanes[flight.sink, default: []].prepend(
      Send(row: flight.row, endpoint: flight.endpoint, since: flight.reservedAt))
    noteWaiting(1, queue: flight.queue, flight.sink)
    buckets.update(flight.row) { bucket in
      // With another of its sends begun it stays as it is.
      if bucket.rows[Int(flight.row.index)].outstanding == 1 { bucket.rows[Int(flight.row.index)].phase = .routed }
    }
  }

  /// Takes results of sinks. A result of what has ended already is ignored.
  mutating func complete(_ results: [DeliveryResult], now: Moment) {
    for result in results { finish(result, countsForSink: true, now) }
  }

  /// Ends sends that never reached their sink: it could not be made, or the event type could not render.
  mutating func fail(_ ids: [UInt64], _ error: PortError, code: String, now: Moment) {
    let verdict: DeliveryResult.Verdict =
      switch error.code {
      case .unavailable: .throttled
      case .invalid: .permanent
      case .failed, .timedOut: .retry
      }
    for id in ids {
      finish(
        DeliveryResult(id: id, verdict: verdict, code: code, detail: error.message), countsForSink: false, now)
    }
  }

  private mutating func finish(_ result: DeliveryResult, countsForSink: Bool, _ now: Moment) {
    guard let flight = endFlight(result.id) else { return }
    guard let event = buckets.event(flight.row), let sink = sinks[flight.sink]?.sink ?? ghost(flight.sink) else {
      return endAtEndpoint(flight, failed: nil, now)
    }
    let judgement = OutcomeRules.judge(
      result,
      OutcomeRules.Attempt(
        number: event.attempt, hop: event.hop, retry: queues[flight.queue].queue.retry, onUnknown: sink.onUnknown,
        isOwnAddress: flight.endpoint.isEmpty),
      isEnding: isDraining, fraction: random())
    settle(flight.row, receipt(flight, event, result, judgement, now), now: now)
    noteHealth(flight.sink, countsForSink ? judgement.failed : nil, now)
    endAtEndpoint(flight, failed: countsForSink ? judgement.failed : nil, now)
    let reason = result.detail.isEmpty ? judgement.code : "\(judgement.code): \(result.detail)"
    if judgement.disablesSink { disable(flight.sink, reason: reason) }
    if judgement.disablesEndpoint { giveUp(flight.endpoint, of: event, at: flight.sink, reason: judgement.code) }
    if countsForSink { noteFault(judgement, flight, event, reason) }
  }

  /// A sink that was deleted while a send to it was under way: its outcome counts all the same.
  private func ghost(_ number: SinkNumber) -> Sink? {
    Sink(namespace: "", name: "", plugin: "", configurationJSON: "{}", number: number)
  }

  private func receipt(
    _ flight: Flight, _ event: LoadedEvent, _ result: DeliveryResult, _ judgement: OutcomeRules.Judgement, _ now: Moment
  ) -> Receipt {
    var receipt = Receipt(
      ref: event.ref, identity: event.identity, sink: flight.sink, attempt: event.attempt, hop: event.hop,
      outcome: judgement.outcome, closes: false, code: judgement.code,
      detail: flight.note.map { Self.detail(result.detail, $0) } ?? result.detail,
      externalID: result.externalID, startedAt: flight.startedAt, doneAt: now.wall)
    let message = flight.message ?? event.rendered
    if judgement.outcome == .dead { receipt.deadMessage = message ?? Message(title: "", text: "") }
    if let wait = judgement.wait {
      receipt.followUp = FollowUp(
        runAt: now.wall + wait, dueAt: event.dueAt, queue: event.queue, attempt: judgement.nextAttempt,
        hop: judgement.nextHop, sink: flight.sink, rendered: judgement.outcome == .retry ? message : event.rendered,
        carry: result.carry.isEmpty && judgement.outcome == .deferred ? event.carry : result.carry,
        firstAttemptAt: event.firstAttemptAt ?? flight.startedAt, expiresFrom: event.expiresFrom)
    }
    return receipt
  }

  /// The sink's own words first, and no more of them than sinks are allowed.
  private static func detail(_ own: String, _ note: String) -> String {
    own.isEmpty ? note : "\(own.prefix(Limits.longestDetail)); \(note)"
  }

  private mutating func noteHealth(_ number: SinkNumber, _ failed: Bool?, _ now: Moment) {
    guard let before = sinks[number]?.breaker.name else { return }
    guard let failed else {
      sinks[number]?.breaker.calledOff()
      return
    }
    sinks[number]?.breaker.ended(failed: failed, now: now.elapsed)
    noteCircuit(number, before)
  }

  mutating func noteCircuit(_ number: SinkNumber, _ before: String) {
    guard let state = sinks[number], state.breaker.name != before else { return }
    actions.events.append(.circuit(sink: state.sink.name, state: state.breaker.name))
    if state.breaker.name == "open" { note(.sinkCircuitOpened, number, "it fails again and again") }
  }

  mutating func disable(_ number: SinkNumber, reason: String) {
    guard let state = sinks[number], state.sink.disabledReason == nil else { return }
    sinks[number]?.sink.disabledReason = reason
    actions.disables.append((number, reason))
  }

  /// Frees the places that a send had.
  @discardableResult
  mutating func endFlight(_ id: UInt64) -> Flight? {
    guard let flight = flights.remove(id) else { return nil }
    if flight.isSlow {
      slow -= 1
      sinks[flight.sink]?.slow -= 1
    } else {
      capacity.take(-1, lane: flight.queue)
    }
    if !flight.isSlow || flight.endpoint.isEmpty { sinks[flight.sink]?.book.take(-1, lane: flight.queue) }
    buckets.update(flight.row) { $0.inFlight -= 1 }
    return flight
  }
}
