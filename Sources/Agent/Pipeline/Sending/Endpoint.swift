import DequeModule
import EventModel

/// One address behind a sink, with what is known of it. Pure; time is that of the clock that never jumps.
///
/// How many sends it may have at a time it earns: one at first, twice as many with each success, half with each failure.
/// So thousands of addresses that nobody answers at hold one place each, for a moment, and those that answer are soon served
/// at full speed.
struct Endpoint: Sendable {
  /// Whether a send may start to it now.
  enum Admission: Hashable, Sendable {
    case go
    /// It has all that it may have; the send waits for its turn.
    case wait
    /// Too many wait for it already.
    case full
    /// Its circuit is open until then.
    case closed(until: TimeSpan)
  }

  private(set) var inFlight = 0
  /// Sends under way for too long: it gets no other meanwhile.
  private(set) var slow = 0
  private var allowance = 1
  /// Sends that wait for it, by the index of their queue.
  private(set) var waiting: [Int: Deque<DispatchCore.Send>] = [:]
  private(set) var waitingCount = 0
  private(set) var breaker: CircuitBreaker
  private var rate: TokenBucket?
  /// Answers in a row that say that the address is wrong.
  private(set) var faults = 0
  private(set) var usedAt: TimeSpan
  /// It gets nothing before: a send to it hung.
  private(set) var restsUntil = TimeSpan.zero
  /// What it did last; nil before its first answer.
  private var isHealthy: Bool?

  init(_ limits: EndpointLimits, agents: Int, now: TimeSpan) {
    breaker = CircuitBreaker(rules: limits.breaker)
    rate = .share(of: limits.ratePerSecond, among: agents, now: now)
    usedAt = now
  }

  /// Whether one more may start; comes to half-open when the wait of its circuit is over.
  mutating func admit(_ limits: EndpointLimits, agents: Int, now: TimeSpan) -> Admission {
    adopt(limits, agents: agents, now: now)
    guard now >= restsUntil else { return hold(limits) }
    switch breaker.permit(now: now) {
    case .none(let reopensAt?): return .closed(until: reopensAt)
    case .none(nil): return hold(limits)
    case .one where inFlight > 0: return hold(limits)
    case .one, .unlimited: break
    }
    let places = min(allowance, Int(limits.maximumInFlight))
    guard slow == 0, inFlight < places, rate?.available(now: now) ?? 1 > 0 else { return hold(limits) }
    return .go
  }

  /// How many of those that wait may start.
  mutating func room(_ limits: EndpointLimits, agents: Int, now: TimeSpan) -> Int {
    guard case .go = admit(limits, agents: agents, now: now) else { return 0 }
    if case .halfOpen = breaker.state { return 1 }
    let places = min(allowance, Int(limits.maximumInFlight)) - inFlight
    return min(places, rate?.available(now: now) ?? places)
  }

  /// Whether nobody knows that it answers, or its last send failed or hangs: the next one takes no place from others.
  var isSuspect: Bool { isHealthy != true }

  /// A send begins.
  mutating func started(now: TimeSpan) {
    inFlight += 1
    usedAt = now
    rate?.take(1)
    breaker.started()
  }

  /// A send ended.
  /// - Parameters:
  ///   - failed: whether it speaks against the endpoint; nil: says nothing.
  ///   - rest: how long it gets nothing.
  mutating func ended(failed: Bool?, wasSlow: Bool, rest: TimeSpan = .zero, now: TimeSpan) {
    inFlight = max(inFlight - 1, 0)
    if rest > .zero { restsUntil = now + rest }
    if wasSlow { slow = max(slow - 1, 0) }
    usedAt = now
    guard let failed else { return breaker.calledOff() }
    breaker.ended(failed: failed, now: now)
    isHealthy = !failed
    allowance = failed ? max(allowance / 2, 1) : min(allowance * 2, Int(Queue.maximumInFlight))
  }

  /// One of its sends takes long.
  mutating func slowed() {
    slow += 1
    isHealthy = false
  }

  /// Notes whether an answer says that the address is wrong; answers how many in a row do.
  mutating func note(fault: Bool) -> Int {
    faults = fault ? faults + 1 : 0
    return faults
  }

  mutating func park(_ send: DispatchCore.Send, queue: Int) {
    waiting[queue, default: []].append(send)
    waitingCount += 1
  }

  /// Takes the longest waiting send of the first of these queues that has any.
  mutating func unpark(_ order: [Int]) -> (queue: Int, send: DispatchCore.Send)? {
    for queue in order {
      guard let send = waiting[queue]?.popFirst() else { continue }
      if waiting[queue]?.isEmpty == true { waiting[queue] = nil }
      waitingCount -= 1
      return (queue, send)
    }
    return nil
  }

  /// How long the oldest waits; zero when none does.
  func oldestWait(now: TimeSpan) -> TimeSpan {
    waiting.values.compactMap { $0.first.map { now - $0.since } }.max() ?? .zero
  }

  /// Whether what waits for it may start by the mere passing of time.
  var isTimed: Bool {
    guard waitingCount > 0 else { return false }
    if case .closed = breaker.state { return rate != nil }
    return true
  }

  /// Whether forgetting it loses nothing.
  func isIdle(now: TimeSpan) -> Bool {
    inFlight == 0 && waitingCount == 0 && faults == 0 && now - usedAt > Limits.endpointRemembered
      && breaker.isPristine(now: now)
  }

  private func hold(_ limits: EndpointLimits) -> Admission { waitingCount < Int(limits.maximumWaiting) ? .wait : .full }

  private mutating func adopt(_ limits: EndpointLimits, agents: Int, now: TimeSpan) {
    if breaker.rules != limits.breaker { breaker.rules = limits.breaker }
    rate = .share(of: limits.ratePerSecond, among: agents, after: rate, now: now)
  }
}
