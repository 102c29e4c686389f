import EventModel
import Testing

@testable import Pipeline

@Suite struct CircuitBreakerTests {
  @Test func itOpensAtHalfOfTwentyAndProbes() {
    var breaker = CircuitBreaker()
    for index in 0..<19 { breaker.ended(failed: index % 2 == 0, now: .seconds(1)) }
    #expect(breaker.permit(now: .seconds(1)) == .unlimited)
    breaker.ended(failed: false, now: .seconds(1))
    #expect(breaker.name == "open")
    #expect(breaker.permit(now: .seconds(30)) == .none(reopensAt: .seconds(31)))
    #expect(breaker.permit(now: .seconds(31)) == .one)
    breaker.started()
    #expect(breaker.permit(now: .seconds(31)) == .none(reopensAt: nil))
    breaker.ended(failed: true, now: .seconds(32))
    #expect(breaker.permit(now: .seconds(91)) == .none(reopensAt: .seconds(92)))
    #expect(breaker.permit(now: .seconds(92)) == .one)
    breaker.started()
    breaker.calledOff()
    #expect(breaker.permit(now: .seconds(92)) == .one)
    breaker.started()
    breaker.ended(failed: false, now: .seconds(93))
    #expect(breaker.name == "closed")
  }

  @Test func fewFailuresAndOldOnesDoNotOpenIt() {
    var breaker = CircuitBreaker()
    for _ in 0..<19 { breaker.ended(failed: true, now: .seconds(1)) }
    #expect(breaker.name == "closed")
    for _ in 0..<9 { breaker.ended(failed: true, now: .seconds(120)) }
    #expect(breaker.name == "closed")
    for _ in 0..<40 { breaker.ended(failed: false, now: .seconds(121)) }
    for _ in 0..<29 { breaker.ended(failed: true, now: .seconds(122)) }
    #expect(breaker.name == "closed")
  }

  @Test func theWaitDoublesUpToItsCap() {
    var breaker = CircuitBreaker()
    for _ in 0..<20 { breaker.ended(failed: true, now: .zero) }
    var now = TimeSpan.zero
    var waits: [TimeSpan] = []
    for _ in 0..<8 {
      guard case .open(let until, let wait) = breaker.state else { break }
      waits.append(wait)
      now = until
      #expect(breaker.permit(now: now) == .one)
      breaker.started()
      breaker.ended(failed: true, now: now)
    }
    #expect(waits.map(\.seconds) == [30, 60, 120, 240, 480, 600, 600, 600])
  }
}
