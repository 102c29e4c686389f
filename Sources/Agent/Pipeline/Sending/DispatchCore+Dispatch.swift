import DequeModule
import EventModel

extension DispatchCore {
  /// Starts as many of the waiting sends as there is room for, the highest queue first.
  mutating func dispatch(now: Moment) {
    guard queues.contains(where: { $0.waiting > 0 }) else { return }
    deferralsLeft = Limits.deferAtOnce
    let room = sinkRoom(now)
    var demands = Array(repeating: 0, count: queues.count)
    for (_, grants) in room { for index in demands.indices { demands[index] += grants[index] } }
    for index in demands.indices {
      if let tokens = queues[index].rate?.available(now: now.elapsed) { demands[index] = min(demands[index], tokens) }
    }
    let grants = capacity.grants(demands)
    for index in order where grants[index] > 0 { start(grants[index], queue: index, room, now) }
  }

  /// What each sink can take from each queue.
  private mutating func sinkRoom(_ now: Moment) -> [SinkNumber: [Int]] {
    var demands: [SinkNumber: [Int]] = [:]
    for index in order where !isClosed(queues[index]) {
      for (sink, lane) in queues[index].lanes where !lane.isEmpty {
        demands[sink, default: Array(repeating: 0, count: queues.count)][index] = lane.count
      }
    }
    var room: [SinkNumber: [Int]] = [:]
    for (number, wanted) in demands {
      guard let sink = sinks[number]?.sink else {
        skipLanes(of: number, now)
        continue
      }
      guard sink.disabledReason == nil else {
        holdLanes(of: number, now)
        continue
      }
      switch permit(number, now) {
      case .unlimited: room[number] = grants(wanted, at: number, now)
      case .one: room[number] = one(of: wanted, at: number)
      case .none(let reopensAt):
        if let reopensAt { deferLanes(of: number, until: reopensAt, now) }
      }
    }
    return room
  }

  /// As many as it has places and its rate allows, the highest queue first.
  private mutating func grants(_ wanted: [Int], at number: SinkNumber, _ now: Moment) -> [Int] {
    var grants = sinks[number]?.book.grants(wanted) ?? wanted.map { _ in 0 }
    guard var left = sinks[number]?.rate?.available(now: now.elapsed) else { return grants }
    for index in order {
      grants[index] = min(grants[index], left)
      left -= grants[index]
    }
    return grants
  }

  private mutating func permit(_ number: SinkNumber, _ now: Moment) -> CircuitBreaker.Permit {
    guard let before = sinks[number]?.breaker.name, let permit = sinks[number]?.breaker.permit(now: now.elapsed) else {
      return .none(reopensAt: nil)
    }
    noteCircuit(number, before)
    return permit
  }

  func one(of wanted: [Int], at number: SinkNumber) -> [Int] {
    var grants = sinks[number]?.book.grants(wanted) ?? wanted.map { _ in 0 }
    let chosen = order.first { grants[$0] > 0 }
    for index in grants.indices { grants[index] = index == chosen ? 1 : 0 }
    return grants
  }

  private mutating func start(_ grant: Int, queue index: Int, _ room: [SinkNumber: [Int]], _ now: Moment) {
    var lanes = queues[index].lanes.keys.filter { (room[$0]?[index] ?? 0) > 0 }.sorted { $0.rawValue < $1.rawValue }
    guard !lanes.isEmpty else { return }
    queues[index].turn = (queues[index].turn + 1) % lanes.count
    lanes = Array(lanes[queues[index].turn...] + lanes[..<queues[index].turn])
    var left = grant
    var taken: [SinkNumber: Int] = [:]
    // First an equal part for each sink, then what the others left.
    let part = max(1, grant / lanes.count)
    for bound in [part, grant] {
      for sink in lanes where left > 0 {
        let allowed = (room[sink]?[index] ?? 0) - taken[sink, default: 0]
        let count = startLane(sink, queue: index, atMost: min(left, bound, allowed), now)
        taken[sink, default: 0] += count
        left -= count
      }
    }
    queues[index].rate?.take(grant - left)
    for (sink, count) in taken { sinks[sink]?.rate?.take(count) }
  }

  private mutating func startLane(_ number: SinkNumber, queue index: Int, atMost limit: Int, _ now: Moment) -> Int {
    guard limit > 0, let sink = sinks[number]?.sink else { return 0 }
    let queue = queues[index].queue
    var items: [SendChunk.Item] = []
    var started = 0
    while started < limit, let (send, event) = nextReady(number, queue: index, now) {
      let flight = Flight(
        row: send.row, sink: number, queue: index, endpoint: send.endpoint, reservedAt: now.elapsed,
        deadline: now.elapsed + queue.sendDeadline)
      let id = begin(flight)
      // What nobody has heard from yet, or what failed or hung last, is not waited for in the places of the others.
      if sinks[number]?.endpoints[send.endpoint]?.isSuspect == true { countAsSlow(id, flight) }
      items.append(SendChunk.Item(id: id, event: event, endpoint: send.endpoint))
      started += 1
      if items.count == Limits.sendsPerChunk {
        actions.chunks.append(SendChunk(sink: sink, queue: queue, items: items))
        items = []
      }
    }
    if !items.isEmpty { actions.chunks.append(SendChunk(sink: sink, queue: queue, items: items)) }
    return started
  }

  private mutating func begin(_ flight: Flight) -> UInt64 {
    capacity.take(1, lane: flight.queue)
    sinks[flight.sink]?.book.take(1, lane: flight.queue)
    sinks[flight.sink]?.breaker.started()
    startAtEndpoint(flight)
    buckets.update(flight.row) {
      $0.inFlight += 1
      $0.rows[Int(flight.row.index)].phase = .started
    }
    return flights.insert(flight)
  }

  /// Takes the next send of a lane that still counts; closes those whose expiry passed meanwhile.
  mutating func next(_ number: SinkNumber, queue index: Int, _ now: Moment) -> (Send, LoadedEvent)? {
    while let send = queues[index].lanes[number]?.popFirst() {
      noteWaiting(-1, queue: index, number)
      guard let row = buckets.state(send.row), row.phase != .closed,
        buckets.read(send.row, { $0.isLeaving }) == false, let event = buckets.event(send.row)
      else { continue }
      switch StartRules.onStart(event, queue: queues[index].queue, now: now.wall) {
      case .send: return (send, event)
      case .close(let outcome, let code, let detail):
        settleUnsent(send.row, event, sink: number, outcome, code: code, detail: detail, now: now)
      }
    }
    queues[index].lanes[number] = nil
    return nil
  }

  private mutating func skipLanes(of number: SinkNumber, _ now: Moment) {
    for index in order where !isClosed(queues[index]) {
      for _ in 0..<Limits.deferAtOnce {
        guard let (send, event) = next(number, queue: index, now) else { break }
        settleUnsent(
          send.row, event, sink: number, .skipped, code: SkipReason.sinkGone.rawValue, detail: "its sink is deleted",
          now: now)
      }
    }
  }

  /// The sink is disabled: what is for it waits until a person helps, or its queue's expiry.
  private mutating func holdLanes(of number: SinkNumber, _ now: Moment) {
    releaseAll(of: number)
    deferLanes(of: number, code: "sink-disabled", now) { core, event in
      OutcomeRules.hold(hop: event.hop, fraction: core.random())
    }
  }

  private mutating func deferLanes(of number: SinkNumber, until: TimeSpan, _ now: Moment) {
    releaseAll(of: number)
    deferLanes(of: number, code: "circuit-open", now) { core, _ in
      // Spread, so that they do not all come back in the instant of the probe.
      (until - now.elapsed) + Limits.deferBase.scaled(by: core.random())
    }
  }

  private mutating func deferLanes(
    of number: SinkNumber, code: String, _ now: Moment, _ wait: (DispatchCore, LoadedEvent) -> TimeSpan
  ) {
    for index in order where !isClosed(queues[index]) {
      for _ in 0..<Limits.deferAtOnce {
        guard let (send, event) = next(number, queue: index, now) else { break }
        deferUnsent(send.row, event, sink: number, code: code, wait: wait(self, event), now: now)
      }
    }
  }

  /// Ends a delivery that was never begun: the same attempt follows later.
  mutating func deferUnsent(
    _ row: RowHandle, _ event: LoadedEvent, sink: SinkNumber, code: String, wait: TimeSpan, now: Moment
  ) {
    let followUp = FollowUp(
      runAt: now.wall + wait, dueAt: event.dueAt, queue: event.queue, attempt: event.attempt,
      hop: event.hop == .max ? .max : event.hop + 1, sink: sink, rendered: event.rendered, carry: event.carry,
      firstAttemptAt: event.firstAttemptAt, expiresFrom: event.expiresFrom)
    settleUnsent(row, event, sink: sink, .deferred, code: code, followUp: followUp, now: now)
  }
}
