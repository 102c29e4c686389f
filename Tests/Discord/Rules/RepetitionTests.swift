import HTTPTransport
import PluginKit0
import Testing

@testable import DiscordPlugin

/// What may stand in the channel already is repeated as it was, or not at all.
@Suite("Messages that are sent again")
struct RepetitionTests {
  private static let noAnswer = HTTPFailure(.timeout, requestSent: true)

  private func unanswered(_ events: ClosedRange<Int> = 1...4) throws -> Bench {
    var bench = try Bench()
    try bench.offer(events)
    bench.wait(25)
    bench.fail(0, Self.noAnswer)
    return bench
  }

  @Test("its events are told the same wait, come back in any order, and are the same message")
  func same() throws {
    var bench = try unanswered()
    #expect(Set((UInt64(1)...4).map { bench.results[$0]?.retryAfterMilliseconds }).count == 1)
    #expect(bench.results[1]?.outcome == .unknown)
    bench.now += 5_000
    for event in [3, 1] { try bench.offer([event], attempt: 2) }
    try bench.offer(50...53)
    bench.wait(400)
    try bench.offer([4, 2], attempt: 2)
    bench.wait(25)
    #expect(bench.messages.dropFirst() == [Array(50...53), Array(1...4)])
  }

  @Test("what is left of it goes alone when the others do not come")
  func left() throws {
    var bench = try unanswered()
    bench.now += 5_000
    try bench.offer([4, 2], attempt: 2)
    try bench.offer([50])
    bench.wait(DiscordGatherer.patienceAgain)
    #expect(bench.messages.dropFirst() == [[50], [2, 4]])
    try bench.offer([1], attempt: 2)
    bench.wait(DiscordGatherer.patienceAgain)
    #expect(bench.messages.last == [1], "a straggler is alone too")
  }

  @Test("it stays together through another failure, and through waiting for a slot")
  func again() throws {
    var bench = try unanswered()
    bench.now += 5_000
    try bench.offer(1...4, attempt: 2)
    bench.fail(1, Self.noAnswer)
    bench.now += 10_000
    try bench.offer(101...150)
    try bench.offer(1...4, attempt: 3)
    bench.wait(8_000)
    #expect((UInt64(1)...4).allSatisfy { bench.results[$0]?.outcome == .throttled }, "the webhook is busy")
    #expect(Set((UInt64(1)...4).map { bench.results[$0]?.retryAfterMilliseconds }).count == 1)
    for index in 2..<7 { bench.answer(index, .made) }
    bench.now += 8_000
    try bench.offer([4, 3, 2, 1], attempt: 3)
    bench.wait(2_000)
    #expect(bench.messages.last == [1, 2, 3, 4])
  }

  @Test("so is what a server failed at, after the wait that it names", arguments: [408, 500, 502, 504])
  func serverFailure(_ status: Int) throws {
    var bench = try Bench()
    try bench.offer(1...10)
    bench.answer(0, HTTPAnswer(status: status, retryAfter: "120"))
    #expect(bench.results[1]?.outcome == .retry && bench.results[1]?.retryAfterMilliseconds == 120_000)
    #expect(DiscordCarry(bench.results[7]?.carry ?? "").again?.place == 6)
  }

  @Test(
    "what was certainly not taken mixes with others as before", arguments: [HTTPFailure.Reason.connect, .tls, .timeout])
  func notSent(_ reason: HTTPFailure.Reason) throws {
    var bench = try Bench()
    try bench.offer(1...10)
    bench.fail(0, HTTPFailure(reason))
    #expect(bench.results[1] == DeliveryResult(.retry, code: reason.rawValue))
    try bench.offer(Array(1...3) + Array(21...27), attempt: 2)
    #expect(bench.messages.last == [1, 2, 3] + Array(21...27))
  }

  @Test("a 429 tells all of them a slot after the wait that it names")
  func limited() throws {
    var bench = try Bench()
    try bench.offer(1...10)
    bench.answer(0, HTTPAnswer(status: 429, rateLimit: ["remaining": "3"], body: Array(#"{"retry_after": 40.5}"#.utf8)))
    #expect(bench.results.values.allSatisfy { $0.outcome == .throttled && $0.retryAfterMilliseconds == 40_500 })
    #expect(DiscordCarry(bench.results[1]?.carry ?? "").again == nil)
  }

  @Test("waits grow to a minute, and are spread over half of themselves")
  func backoff() {
    for (attempt, bound) in [(1, 5_000), (2, 10_000), (3, 20_000), (4, 40_000), (5, 60_000), (99, 60_000)]
      as [(Int, Int64)]
    {
      let waits = (0..<200).map { DiscordBackoff.milliseconds(afterAttempt: attempt, seed: $0) }
      #expect(waits.allSatisfy { bound / 2..<bound ~= $0 } && Set(waits).count > 100)
    }
  }

  @Test("a carry says the same when it is read again")
  func carries() {
    let slot = DiscordCarry.Slot(run: .max, time: 5)
    let again = DiscordCarry.Again(message: "12-3", place: 9, count: 10)
    for carry in [DiscordCarry(), .init(slot: slot), .init(again: again), .init(slot: slot, again: again)] {
      #expect(DiscordCarry(carry.text) == carry)
    }
  }
}
