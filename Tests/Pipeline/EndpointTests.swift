import DequeModule
import EventModel
import Testing

@testable import Pipeline

/// One endpoint by itself: a pure state machine.
@Suite struct EndpointTests {
  private static let send = DispatchCore.Send(
    row: RowHandle(slot: 0, generation: 1, index: 0), endpoint: "a", since: .zero)

  private func endpoint(_ limits: EndpointLimits = EndpointLimits()) -> Endpoint {
    Endpoint(limits, agents: 1, now: .zero)
  }

  @Test func itEarnsItsPlaces() {
    let limits = EndpointLimits(maximumInFlight: 4)
    var endpoint = endpoint(limits)
    func places(_ endpoint: Endpoint) -> Int {
      var copy = endpoint
      var count = 0
      while case .go = copy.admit(limits, agents: 1, now: .zero) {
        copy.started(now: .zero)
        count += 1
      }
      return count
    }
    #expect(places(endpoint) == 1, "nobody knows whether it answers")
    for wanted in [2, 4, 4] {
      endpoint.started(now: .zero)
      endpoint.ended(failed: false, wasSlow: false, now: .zero)
      #expect(places(endpoint) == wanted)
    }
    endpoint.started(now: .zero)
    endpoint.ended(failed: true, wasSlow: false, now: .zero)
    #expect(places(endpoint) == 4, "what it earned beyond its bound stands it one failure")
    for _ in 0..<3 {
      endpoint.started(now: .zero)
      endpoint.ended(failed: true, wasSlow: false, now: .zero)
    }
    #expect(places(endpoint) == 1)
  }

  @Test func aSlowSendKeepsTheNextOneBack() {
    let limits = EndpointLimits()
    var endpoint = endpoint(limits)
    for _ in 0..<3 {
      endpoint.started(now: .zero)
      endpoint.ended(failed: false, wasSlow: false, now: .zero)
    }
    endpoint.started(now: .zero)
    #expect(endpoint.admit(limits, agents: 1, now: .zero) == .go)
    endpoint.slowed()
    #expect(endpoint.admit(limits, agents: 1, now: .zero) == .wait)
    endpoint.ended(failed: nil, wasSlow: true, now: .zero)
    #expect(endpoint.admit(limits, agents: 1, now: .zero) == .go)
  }

  @Test func oneThatHungAndFailedRests() {
    let limits = EndpointLimits()
    var table = EndpointTable()
    for address in ["a", "b", "c"] {
      table.update(address, limits, agents: 1, now: .zero) { $0.started(now: .zero) }
    }
    table.ended("a", failed: true, wasSlow: true, rest: .seconds(9), now: .seconds(15))
    table.ended("b", failed: true, wasSlow: true, rest: .seconds(3), now: .seconds(15))
    table.ended("c", failed: true, wasSlow: false, rest: .zero, now: .seconds(15))
    func admits(_ address: String, at now: TimeSpan) -> Endpoint.Admission? {
      table.update(address) { $0.admit(limits, agents: 1, now: now) }
    }
    #expect(admits("a", at: .seconds(20)) == .wait)
    #expect(admits("b", at: .milliseconds(17_999)) == .wait)
    #expect(admits("c", at: .seconds(15)) == .go)
    #expect(table.takeRested(now: .milliseconds(17_999)) == nil)
    #expect(table.takeRested(now: .seconds(18)) == "b")
    #expect(admits("b", at: .seconds(18)) == .go)
    #expect(table.takeRested(now: .seconds(18)) == nil)
    #expect(table.takeRested(now: .seconds(30)) == "a")
    #expect(admits("a", at: .seconds(24)) == .go)
  }

  @Test func itsRateIsSharedAmongTheAgents() {
    let limits = EndpointLimits(ratePerSecond: 4)
    var endpoint = Endpoint(limits, agents: 2, now: .zero)
    for _ in 0..<2 {
      #expect(endpoint.admit(limits, agents: 2, now: .zero) == .go)
      endpoint.started(now: .zero)
      endpoint.ended(failed: false, wasSlow: false, now: .zero)
    }
    #expect(endpoint.admit(limits, agents: 2, now: .milliseconds(499)) == .wait)
    #expect(endpoint.admit(limits, agents: 2, now: .milliseconds(500)) == .go)
  }

  @Test func whatWaitsIsBoundedAndComesOutByQueue() {
    let limits = EndpointLimits(maximumInFlight: 1, maximumWaiting: 3)
    var endpoint = endpoint(limits)
    endpoint.started(now: .zero)
    for queue in [1, 0, 1] {
      #expect(endpoint.admit(limits, agents: 1, now: .zero) == .wait)
      endpoint.park(Self.send, queue: queue)
    }
    #expect(endpoint.admit(limits, agents: 1, now: .zero) == .full)
    #expect(endpoint.oldestWait(now: .seconds(2)) == .seconds(2))
    #expect(
      [endpoint.unpark([0, 1])?.queue, endpoint.unpark([0, 1])?.queue, endpoint.unpark([0])?.queue] == [0, 1, nil])
    #expect(endpoint.waitingCount == 1)
  }

  @Test func itsCircuitOpensProbesOnceAndCloses() {
    let limits = EndpointLimits(breaker: BreakerRules(fewestCalls: 3, firstWait: .seconds(10)))
    var endpoint = endpoint(limits)
    for _ in 0..<3 {
      endpoint.started(now: .zero)
      endpoint.ended(failed: true, wasSlow: false, now: .zero)
    }
    #expect(endpoint.admit(limits, agents: 1, now: .seconds(9)) == .closed(until: .seconds(10)))
    #expect(!endpoint.isIdle(now: .minutes(9)), "what is known against it is not forgotten")
    #expect(endpoint.admit(limits, agents: 1, now: .seconds(10)) == .go)
    endpoint.started(now: .seconds(10))
    #expect(endpoint.admit(limits, agents: 1, now: .seconds(10)) == .wait)
    endpoint.ended(failed: false, wasSlow: false, now: .seconds(11))
    #expect(endpoint.breaker.name == "closed")
    #expect(endpoint.isIdle(now: .minutes(10)))
  }

  @Test func newRulesHoldAtOnce() {
    var endpoint = endpoint()
    for _ in 0..<5 {
      endpoint.started(now: .zero)
      endpoint.ended(failed: false, wasSlow: false, now: .zero)
    }
    let stricter = EndpointLimits(ratePerSecond: 1, breaker: BreakerRules(fewestCalls: 1))
    #expect(endpoint.admit(stricter, agents: 1, now: .zero) == .go)
    endpoint.started(now: .zero)
    #expect(endpoint.admit(stricter, agents: 1, now: .zero) == .wait)
    endpoint.ended(failed: true, wasSlow: false, now: .zero)
    #expect(endpoint.breaker.rules == stricter.breaker)
  }
}
