import EventModel

/// Stops sending to a sink, or an endpoint, that fails, and probes it now and then.
///
/// By the usual rules: opens at 50 % failures of at least 20 calls within 60 s; after 30 s lets one probe through; a failed
/// probe doubles the wait, up to 10 minutes. Time is that of the clock that never jumps.
struct CircuitBreaker: Hashable, Sendable {

  enum State: Hashable, Sendable {
    case closed
    case open(until: TimeSpan, wait: TimeSpan)
    /// One probe is on its way, or may go.
    case halfOpen(isProbing: Bool, wait: TimeSpan)
  }

  /// What may be sent now.
  enum Permit: Hashable, Sendable {
    case unlimited
    case one
    case none(reopensAt: TimeSpan?)
  }

  private(set) var state = State.closed
  /// The numbers; new ones hold from the next call on.
  var rules: BreakerRules
  /// The window in six parts: calls and failures of each.
  private var parts: [Part] = []

  private struct Part: Hashable {
    var index: Int64
    var calls: Int
    var failures: Int
  }

  init(rules: BreakerRules = BreakerRules()) { self.rules = rules }

  /// Whether nothing speaks against it: closed, and no failure in the window.
  func isPristine(now: TimeSpan) -> Bool {
    guard case .closed = state else { return false }
    return parts.allSatisfy { $0.failures == 0 || $0.index <= index(now) - 6 }
  }

  /// `closed`, `open` or `half-open`.
  var name: String {
    switch state {
    case .closed: "closed"
    case .open: "open"
    case .halfOpen: "half-open"
    }
  }

  /// What may be sent now. Comes to half-open when the wait is over.
  mutating func permit(now: TimeSpan) -> Permit {
    switch state {
    case .closed: return .unlimited
    case .open(let until, let wait):
      guard now >= until else { return .none(reopensAt: until) }
      state = .halfOpen(isProbing: false, wait: wait)
      return .one
    case .halfOpen(let isProbing, _): return isProbing ? .none(reopensAt: nil) : .one
    }
  }

  /// A send began.
  mutating func started() {
    if case .halfOpen(false, let wait) = state { state = .halfOpen(isProbing: true, wait: wait) }
  }

  /// A send was called off before it began: a probe may go again.
  mutating func calledOff() {
    if case .halfOpen(true, let wait) = state { state = .halfOpen(isProbing: false, wait: wait) }
  }

  /// A send ended.
  mutating func ended(failed: Bool, now: TimeSpan) {
    switch state {
    case .closed:
      count(failed: failed, now: now)
      let calls = parts.reduce(0) { $0 + $1.calls }
      let failures = parts.reduce(0) { $0 + $1.failures }
      if rules.failurePercent > 0, calls >= Int(rules.fewestCalls), failures * 100 >= calls * Int(rules.failurePercent)
      {
        open(for: rules.firstWait, now)
      }
    case .halfOpen(_, let wait):
      if failed {
        open(for: wait.doubled(times: 1, cap: rules.longestWait), now)
      } else {
        state = .closed
        parts = []
      }
    // What was under way when it opened says nothing new.
    case .open: break
    }
  }

  private mutating func open(for wait: TimeSpan, _ now: TimeSpan) {
    state = .open(until: now + wait, wait: wait)
    parts = []
  }

  private mutating func count(failed: Bool, now: TimeSpan) {
    let index = index(now)
    if parts.last?.index != index {
      parts.removeAll { $0.index <= index - 6 }
      parts.append(Part(index: index, calls: 0, failures: 0))
    }
    parts[parts.count - 1].calls += 1
    if failed { parts[parts.count - 1].failures += 1 }
  }
  /// The sixth of a window that a moment is in.
  private func index(_ now: TimeSpan) -> Int64 { now.microseconds / max(rules.window.microseconds / 6, 1) }
}
