import DequeModule
import EventModel
import HeapModule

/// The endpoints of one sink that are in use, or have something against them.
struct EndpointTable: Sendable {
  private var endpoints: [String: Endpoint] = [:]
  /// Those that sends wait for.
  private(set) var waiting: Set<String> = []
  /// Those among them that time alone may let go on. The others are looked at when something of theirs ends, and when
  /// something waits too long: thousands that hang cost nothing meanwhile.
  private(set) var timed: Set<String> = []
  /// Since when sends wait, in that order; some of them wait no longer.
  private var parked: Deque<(address: String, since: TimeSpan)> = []
  /// Those that rest, and until when.
  private var resting: Heap<Rest> = []

  private struct Rest: Comparable {
    var until: TimeSpan
    var address: String

    static func < (one: Rest, other: Rest) -> Bool { one.until < other.until }
  }

  var count: Int { endpoints.count }
  /// Those whose circuit is not closed.
  var troubled: Int { endpoints.values.count { $0.breaker.name != "closed" } }

  subscript(address: String) -> Endpoint? { endpoints[address] }

  /// Changes an endpoint, made when there is none.
  mutating func update<Result>(
    _ address: String, _ limits: EndpointLimits, agents: Int, now: TimeSpan, _ body: (inout Endpoint) -> Result
  ) -> Result {
    let result = body(&endpoints[address, default: Endpoint(limits, agents: agents, now: now)])
    note(address)
    return result
  }

  /// Changes an endpoint if there is one.
  @discardableResult
  mutating func update<Result>(_ address: String, _ body: (inout Endpoint) -> Result) -> Result? {
    guard let index = endpoints.index(forKey: address) else { return nil }
    defer { note(address) }
    return body(&endpoints.values[index])
  }

  /// Lets a send wait for its endpoint.
  mutating func park(_ send: DispatchCore.Send, queue: Int) {
    update(send.endpoint) { $0.park(send, queue: queue) }
    parked.append((send.endpoint, send.since))
  }

  /// An endpoint for which something began to wait before a time; nil when there is no more of them.
  mutating func takeWaiting(since limit: TimeSpan) -> String? {
    guard let first = parked.first, first.since < limit else { return nil }
    parked.removeFirst()
    return first.address
  }

  /// A send to it ended. After one that hung it rests, see ``Endpoint/ended(failed:wasSlow:rest:now:)``.
  mutating func ended(_ address: String, failed: Bool?, wasSlow: Bool, rest: TimeSpan, now: TimeSpan) {
    update(address) { $0.ended(failed: failed, wasSlow: wasSlow, rest: rest, now: now) }
    if rest > .zero { resting.insert(Rest(until: now + rest, address: address)) }
  }

  /// An endpoint whose rest is over; nil when there is no more of them.
  mutating func takeRested(now: TimeSpan) -> String? {
    guard let first = resting.min, first.until <= now else { return nil }
    return resting.removeMin().address
  }

  /// Forgets what is idle.
  mutating func clean(now: TimeSpan) {
    for (address, endpoint) in endpoints where endpoint.isIdle(now: now) { endpoints[address] = nil }
  }

  private mutating func note(_ address: String) {
    guard let endpoint = endpoints[address], endpoint.waitingCount > 0 else {
      if waiting.remove(address) != nil { timed.remove(address) }
      return
    }
    waiting.insert(address)
    if endpoint.isTimed { timed.insert(address) } else { timed.remove(address) }
  }
}
