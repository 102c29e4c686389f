import DequeModule
import EventModel

extension DispatchCore {
  /// Looks at deadlines, at what waits too long, and at buckets to give back; a few times a second.
  mutating func sweep(now: Moment) {
    nextSweep = now.elapsed + Limits.sweepEvery
    sweepFlights(now)
    deferralsLeft = Limits.deferAtOnce
    if gate.closed(now: now.elapsed) == nil {
      sweepLanes(now)
      sweepEndpoints(now)
    }
    giveBackIdle()
  }

  private mutating func sweepFlights(_ now: Moment) {
    var overdue: [UInt64] = []
    for id in flights.ids {
      guard let flight = flights[id] else { continue }
      if !flight.isSlow, now.elapsed - flight.reservedAt > Limits.slowAfter { countAsSlow(id, flight) }
      if now.elapsed >= flight.deadline + Limits.graceAfterDeadline {
        overdue.append(id)
      } else if now.elapsed >= flight.deadline {
        callOff(id, flight)
      }
    }
    for id in overdue { abandon(id, now) }
  }

  /// It gives its place back to its queue, and where the sink has many endpoints, at the sink too, as long as the slow ones
  /// are not too many. A sink with one address keeps to its bound.
  mutating func countAsSlow(_ id: UInt64, _ flight: Flight) {
    guard slow < Limits.mostSlow, sinks[flight.sink]?.slow ?? 0 < Limits.mostSlowOfSink else { return }
    slow += 1
    capacity.take(-1, lane: flight.queue)
    sinks[flight.sink]?.slow += 1
    if !flight.endpoint.isEmpty { sinks[flight.sink]?.book.take(-1, lane: flight.queue) }
    sinks[flight.sink]?.endpoints.update(flight.endpoint) { $0.slowed() }
    flights.update(id) { $0?.isSlow = true }
  }

  private mutating func callOff(_ id: UInt64, _ flight: Flight) {
    guard !flight.isCalledOff else { return }
    flights.update(id) { $0?.isCalledOff = true }
    if flight.startedAt != nil { actions.cancels[flight.sink, default: []].append(id) }
  }

  /// Its time and its grace are over: with the sink nobody knows whether it was sent, before that it was not.
  private mutating func abandon(_ id: UInt64, _ now: Moment) {
    guard let flight = flights[id] else { return }
    if flight.startedAt != nil {
      complete(
        [DeliveryResult(id: id, verdict: .unknown, code: "timed-out", detail: "the sink did not answer in time")],
        now: now)
    } else {
      fail([id], PortError(.timedOut, "it was not rendered in time"), code: "render-timed-out", now: now)
    }
  }

  /// Asks the sinks to give up everything under way, and grants the grace: a shutdown's patience is over.
  mutating func callOffAll(now: Moment) {
    for id in flights.ids {
      guard let flight = flights[id] else { continue }
      callOff(id, flight)
      flights.update(id) { $0?.deadline = min(flight.deadline, now.elapsed) }
    }
  }

  private mutating func sweepLanes(_ now: Moment) {
    for index in order where !isClosed(queues[index]) {
      for (sink, lane) in queues[index].lanes {
        guard let first = lane.first, now.elapsed - first.since > Limits.longestWaitForSink else { continue }
        deferOld(sink, queue: index, now)
      }
    }
  }

  private mutating func deferOld(_ sink: SinkNumber, queue index: Int, _ now: Moment) {
    for _ in 0..<Limits.deferAtOnce {
      guard let first = queues[index].lanes[sink]?.first,
        now.elapsed - first.since > Limits.longestWaitForSink, let (send, event) = next(sink, queue: index, now)
      else { return }
      let wait = OutcomeRules.deferral(hop: event.hop, named: nil, fraction: random())
      deferUnsent(send.row, event, sink: sink, code: "sink-busy", wait: wait, now: now)
    }
  }

  private mutating func giveBackIdle() {
    for row in buckets.all {
      let idle = buckets.read(row) { bucket -> BucketID? in
        bucket.isLeaving && bucket.inFlight == 0 && bucket.unrecorded == 0 ? bucket.claimed.id : nil
      }
      guard let idle, let id = idle else { continue }
      actions.giveBack.append(id)
      forget(row)
    }
  }

  /// How long until something is to be done here, if nobody wakes it before.
  func nextWake(now: Moment) -> TimeSpan {
    var wait = Limits.pollEvery
    if flights.count > 0 || buckets.count > 0 { wait = min(wait, max(nextSweep - now.elapsed, .zero)) }
    guard gate.closed(now: now.elapsed) == nil else { return wait }
    for index in order where !isClosed(queues[index]) {
      if let deadline = queues[index].wheel.nextDeadline {
        wait = min(wait, pace.wait(from: now.wall, until: deadline))
      }
      if queues[index].waiting > 0, let rate = queues[index].rate {
        wait = min(wait, max(rate.waitForOne, .milliseconds(1)))
      }
    }
    return max(wait, .zero)
  }
}
