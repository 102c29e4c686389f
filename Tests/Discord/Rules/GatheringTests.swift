import HTTPTransport
import PluginKit0
import Testing

@testable import DiscordPlugin

@Suite("Gathering of events into messages")
struct GatheringTests {
  /// The next five messages have taken what may go at once.
  private func busy() throws -> Bench {
    var bench = try Bench()
    try bench.offer(101...150)
    for index in 0..<5 { bench.answer(index, .made) }
    return bench
  }

  // MARK: now

  @Test("an event waits a moment for others; a full message goes at once")
  func moment() throws {
    var bench = try Bench()
    try bench.offer(1...3)
    bench.wait(10)
    try bench.offer(4...6)
    #expect(bench.sent.isEmpty && bench.gatherer.nextTurn(bench.book, now: bench.now) == 1_000_025)
    try bench.offer(7...12)
    #expect(bench.messages == [Array(1...10)])
    bench.wait(25)
    #expect(bench.messages == [Array(1...10), [11, 12]])
  }

  @Test("with one event in a message nothing waits for anybody")
  func alone() throws {
    var bench = try Bench(events: 1)
    try bench.offer(1...3)
    #expect(bench.messages == [[1], [2], [3]])
  }

  @Test("a message has no more than 6,000 units")
  func units() throws {
    var bench = try Bench()
    try bench.offer(1...4, units: 1_500)
    #expect(bench.messages.isEmpty)
    try bench.offer(5...5, units: 1)
    #expect(bench.messages == [[1, 2, 3, 4]])
    try bench.offer([6, 7], units: 3_000)
    #expect(bench.messages == [[1, 2, 3, 4], [5, 6]])
  }

  @Test("test events and other addresses have messages of their own")
  func apart() throws {
    var bench = try Bench()
    try bench.offer([1])
    try bench.offer([2], isTest: true)
    try bench.offer([3], webhook: 2)
    bench.wait(25)
    #expect(bench.messages.sorted { $0[0] < $1[0] } == [[1], [2], [3]])
  }

  // MARK: later

  @Test("what cannot go now shares slots, as many as fit into one message, and loses no attempt")
  func slots() throws {
    var bench = try busy()
    try bench.offer(1...25)
    let waits = (UInt64(1)...25).map { bench.results[$0]?.retryAfterMilliseconds ?? 0 }
    #expect(
      waits == Array(repeating: 2_000, count: 10) + Array(repeating: 4_010, count: 10)
        + Array(repeating: 6_020, count: 5))
    #expect(bench.results.values.allSatisfy { $0.outcome == .throttled || $0.outcome == .delivered })
    #expect(bench.gatherer.held == 0, "nothing of it is kept in memory")
    try bench.offer(26...26, units: 5_990)
    #expect(bench.results[26]?.retryAfterMilliseconds == 8_030, "it does not fit")
  }

  @Test("companions come back in any order, and late; one never comes, and the message goes without it")
  func companions() throws {
    var bench = try busy()
    try bench.offer(1...20)
    bench.now += 2_000
    for event in [9, 3, 7, 1] { try bench.offer([event]) }
    bench.wait(450)
    try bench.offer([2, 4, 5, 6, 8])
    bench.wait(1_000)
    #expect(bench.messages.count == 5, "the tenth may still come")
    bench.wait(1_550)
    #expect(bench.messages.last == [9, 3, 7, 1, 2, 4, 5, 6, 8])
  }

  @Test("when all of the last slot came, nobody is waited for")
  func complete() throws {
    var bench = try busy()
    try bench.offer([1, 2])
    bench.now += 2_000
    try bench.offer([2])
    bench.wait(500)
    try bench.offer([1])
    bench.turn()
    #expect(bench.messages.last == [2, 1])
  }

  @Test("others of a later slot fill the place of one that never comes")
  func filled() throws {
    var bench = try busy()
    try bench.offer(1...20)
    bench.now += 2_000
    try bench.offer(1...9)
    bench.wait(2_010)
    try bench.offer(11...20)
    #expect(bench.messages.last == Array(1...9) + [11])
  }

  @Test("who comes for the first time passes nobody that has a slot")
  func inLine() throws {
    var bench = try busy()
    try bench.offer(1...10)
    bench.now += 1_999
    try bench.offer([50])
    #expect(bench.results[50]?.outcome == .throttled && bench.messages.count == 5)
  }

  @Test("who comes back too early is told the same time again")
  func early() throws {
    var bench = try busy()
    try bench.offer(1...20)
    bench.now += 500
    let before = bench.results[15]
    try bench.offer([15])
    #expect(bench.results[15]?.carry == before?.carry && bench.results[15]?.retryAfterMilliseconds == 3_510)
  }

  @Test(
    "a carry of an earlier process, or one that makes no sense, does no harm",
    arguments: ["slot:77:99999999999", "slot:77:5 again:x:3:2", "slot:1", "nonsense", "again::0:1", "slot:-1:x"])
  func oldCarries(_ carry: String) throws {
    var bench = try Bench()
    try bench.offer(1...10, carry: carry)
    #expect(bench.messages == [Array(1...10)])
  }

  @Test(
    "an event waits here no longer than 8 s, or half of its time, and then gets another slot",
    arguments: [30_000, 4_000])
  func bounded(_ deadline: Int64) throws {
    var bench = try busy()
    bench.now += 60_100
    try bench.offer(201...250)
    #expect(bench.messages.count == 10)
    // None of these is answered: nothing more may go.
    try bench.offer(1...5, carry: "slot:7:0", deadline: deadline)
    #expect(bench.gatherer.held == 5 || deadline < 8_000)
    bench.wait(min(8_000, deadline / 2))
    #expect(bench.results[1]?.outcome == .throttled && bench.gatherer.held == 0)
  }

  @Test("of what comes back all at once sixty wait here, and the others get new slots")
  func stampede() throws {
    var bench = try Bench()
    try bench.offer(1...500, carry: "slot:7:0")
    #expect(bench.messages.count == 5)
    #expect(bench.gatherer.held <= DiscordGatherer.maximumPool)
    #expect(bench.results.values.count { $0.outcome == .throttled } >= 390)
  }

  // MARK: ends

  @Test("what is cancelled while it waits here was not sent; a message goes on for the others in it")
  func cancels() throws {
    var bench = try Bench()
    try bench.offer(1...3)
    bench.cancel([2, 99])
    bench.wait(25)
    #expect(bench.results[2]?.outcome == .cancelled && bench.messages == [[1, 3]])
    bench.cancel([1])
    #expect(bench.cancels.isEmpty)
    bench.cancel([3])
    #expect(bench.cancels == [bench.sent[0].id])
    bench.answer(0, .made)
    #expect(bench.results[1]?.receipt == "9/0" && bench.results[3]?.receipt == "9/1" && bench.ends == 3)
  }

  @Test("when the sink ends nothing is left: what waits is given up, what is under way is reported")
  func closes() throws {
    var bench = try Bench()
    try bench.offer(1...13)
    bench.close()
    #expect((UInt64(11)...13).allSatisfy { bench.results[$0]?.outcome == .cancelled })
    let refused = #"{"code": 50035, "errors": {"embeds": {"2": {"title": {"_errors": [{"message": "no"}]}}}}}"#
    bench.answer(0, HTTPAnswer(status: 400, body: Array(refused.utf8)))
    #expect(bench.results[3]?.outcome == .permanent && bench.results[4]?.outcome == .cancelled)
    #expect(bench.ends == 13 && bench.gatherer.openCount == 0)
  }

  @Test("in a hurry nothing waits for companions, and what may not go comes back later")
  func hurried() throws {
    var bench = try Bench()
    try bench.offer([1])
    bench.turn(isHurried: true)
    #expect(bench.messages == [[1]])
  }

  @Test("with the webhook everything that waits for it is gone, whatever its kind")
  func gone() throws {
    var bench = try Bench()
    try bench.offer(1...12)
    try bench.offer([20], isTest: true)
    try bench.offer([30], webhook: 2)
    bench.answer(0, HTTPAnswer(status: 404))
    #expect((Array(1...12) + [20]).allSatisfy { bench.results[UInt64($0)]?.outcome == .sinkDisabled })
    try bench.offer([40])
    #expect(bench.results[40]?.outcome == .sinkDisabled && bench.gatherer.lines.count == 1)
    bench.wait(25)
    #expect(bench.messages.last == [30])
  }
}
