import HTTPTransport
import PluginKit0
import Testing

@testable import DiscordPlugin

@Suite("Discord's rules")
struct RuleTests {
  // MARK: rates

  @Test("five go at once; the sixth waits for the window's end, the others behind it two seconds apart")
  func pacing() {
    var pacer = DiscordPacer()
    #expect((0..<5).allSatisfy { _ in pacer.ask(slot: nil, now: 1_000) == .go })
    #expect(pacer.ask(slot: nil, now: 1_000) == .wait(until: 3_000))
    #expect(pacer.ask(slot: nil, now: 1_000) == .wait(until: 5_000))
    #expect(pacer.ask(slot: nil, now: 2_999) == .wait(until: 7_000))
    #expect(pacer.ask(slot: 3_000, now: 2_000) == .wait(until: 3_000), "too early: the same time again")
    #expect(pacer.ask(slot: 3_000, now: 3_000) == .go)
    #expect(pacer.ask(slot: nil, now: 3_001) == .wait(until: 9_000), "whoever comes now does not pass those that wait")
  }

  @Test("in any minute no more than thirty go, in any order of coming back, and everybody's turn comes")
  func longRun() {
    var pacer = DiscordPacer()
    var waiting: [Int64?] = Array(repeating: nil, count: 500)
    var sent: [Int64] = []
    var now: Int64 = 10_000
    while !waiting.isEmpty, now < 10_000_000 {
      waiting = waiting.compactMap { slot -> Int64?? in
        if let slot, slot > now { return .some(slot) }
        switch pacer.ask(slot: slot, now: now) {
        case .go:
          sent.append(now)
          return nil
        case .wait(let until): return .some(until)
        }
      }
      now += 250
    }
    #expect(sent.count == 500)
    for (index, time) in sent.enumerated() where index >= 30 {
      // Two fixed windows can lie inside one sliding minute; never three.
      #expect(sent[index - 30...index].count == 31 && time - sent[max(index - 60, 0)] >= (index >= 60 ? 60_000 : 0))
    }
    #expect(now < 1_100_000, "a thousand seconds are enough for five hundred")
  }

  @Test("what Discord says goes before what is assumed")
  func learning() {
    var pacer = DiscordPacer()
    #expect(pacer.ask(slot: nil, now: 0) == .go)
    pacer.learn(limit: 2, remaining: 0, resetAfter: 700, now: 10)
    #expect(pacer.ask(slot: nil, now: 20) == .wait(until: 710))
    pacer.block(for: 5_000, now: 30)
    #expect(pacer.ask(slot: 710, now: 800) == .wait(until: 5_030) || pacer.ask(slot: 710, now: 800) != .go)
    pacer.learn(limit: 0, remaining: nil, resetAfter: nil, now: 0)
    pacer.block(for: .max, now: 0)
    guard case .wait(let until) = pacer.ask(slot: nil, now: 0) else {
      Issue.record("not blocked")
      return
    }
    #expect(until <= DiscordPacer.furthestMilliseconds)
  }

  @Test("long before Discord would ban the address, nothing is sent any more")
  func invalidCount() {
    var count = DiscordInvalidCount()
    for _ in 1..<DiscordInvalidCount.limit { count.add(now: 1_000) }
    #expect(count.rest(now: 1_000) == nil)
    count.add(now: 2_000)
    #expect(count.rest(now: 2_000) == DiscordInvalidCount.windowMilliseconds - 1_000)
    #expect(count.rest(now: 602_000) == nil)
  }

  @Test("fifty a second overall, whatever the webhook")
  func overall() {
    let rates = DiscordRates()
    let gone = (0..<80).count { rates.ask("\($0)", carry: "", now: 5_000) == nil }
    #expect(gone == DiscordRates.overallLimit)
    #expect(rates.ask("99", carry: "", now: 6_000) == nil)
  }

  // MARK: words

  @Test(
    "plain text stands as it was written",
    arguments: [
      ("*a* _b_ ~c~ `d` |e|", "\\*a\\* \\_b\\_ \\~c\\~ \\`d\\` \\|e\\|"), ("# no heading", "\\# no heading"),
      ("a # b - c", "a # b - c"), ("- no list\n  + none", "\\- no list\n  \\+ none"), ("1. none", "1\\. none"),
      ("12 days", "12 days"),
      ("see https://x.example/a_b*c (or http://y.example/_) ", "see https://x.example/a_b*c (or http://y.example/_) "),
      ("<@1> @everyone [a](b)", "\\<\\@1\\> \\@everyone \\[a\\](b)"), ("\\", "\\\\"), ("🎂 שלום", "🎂 שלום"), ("", ""),
    ])
  func markdown(_ text: String, _ escaped: String) {
    #expect(DiscordMarkdown.escaped(text) == escaped)
  }

  @Test(
    "a cut keeps characters whole, says that it is one, and leaves no half of an escape",
    arguments: [
      ("abcdef", 6, "abcdef"), ("abcdef", 5, "abcd…"), ("ab😀d", 4, "ab…"), ("👩‍👩‍👧‍👦x", 5, "…"), ("ab\\*d", 4, "ab…"),
      ("a\\\\bc", 4, "a\\\\…"),
    ])
  func cuts(_ text: String, _ limit: Int, _ cut: String) {
    #expect(text.cut(toUnits: limit) == cut)
    #expect(text.cut(toUnits: limit).utf16.count <= limit)
  }

  // MARK: configuration

  @Test(
    "a configuration names what is wrong",
    arguments: [
      (#""username": "My Discord""#, "/username"), (#""username": "CLYDE""#, "/username"),
      (#""thread_id": "1", "thread_name": "x""#, "/thread_name"),
      (#""allow_addresses": ["here"]"#, "/allow_addresses/0"),
    ])
  func configuration(_ text: String, _ pointer: String) {
    let error = #expect(throws: PluginError.self) { try Sample.configuration(text) }
    #expect(error?.violations.map(\.pointer) == [pointer])
  }

  @Test(
    "an answer that is no proper one does no harm",
    arguments: ["", "{", "[]", #"{"retry_after": -1}"#, #"{"retry_after": 1e300}"#, #"{"code": "x", "id": 5}"#])
  func oddBodies(_ body: String) {
    for status in [200, 302, 400, 401, 404, 429, 500] {
      let result = DiscordOutcome.result(HTTPAnswer(status: status, body: Array(body.utf8)), isOwnAddress: true)
      #expect(result.retryAfterMilliseconds <= UInt64(DiscordPacer.furthestMilliseconds))
      #expect((result.outcome == .delivered) == (status == 200))
    }
  }
}
