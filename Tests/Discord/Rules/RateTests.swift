import HTTPTransport
import Testing

@testable import DiscordPlugin

@Suite("Discord's rates")
struct RateTests {
  private let hook = DiscordRateBook.Key(origin: "https://discord.com:443", id: "1")

  /// Sends as many as may go now; each is answered at once.
  private func burst(_ book: inout DiscordRateBook, _ key: DiscordRateBook.Key, now: Int64) -> Int {
    var count = 0
    while count < 1_000, book.isOpen(key, now: now) {
      book.begin(key, isPlanned: false, now: now)
      book.end(key, now: now)
      count += 1
    }
    return count
  }

  @Test("until answers say otherwise a webhook has 5 in 2 s, and its channel 30 in 60 s")
  func assumed() {
    var book = DiscordRateBook()
    #expect(
      [0, 1_999, 2_000, 4_000, 6_000, 8_000, 10_000].map { burst(&book, hook, now: $0) } == [5, 0, 5, 5, 5, 5, 5])
    #expect(burst(&book, hook, now: 59_999) == 0 && book.opens(hook, places: 1, now: 59_999) == 60_000)
    #expect(burst(&book, hook, now: 60_000) == 5)
  }

  @Test("a request counts from its beginning until the window's length after its answer")
  func underWay() {
    var window = DiscordWindow(limit: 2, length: 1_000)
    window.begin(0)
    window.begin(0)
    #expect(!window.isOpen(5_000), "it may be counted only now")
    window.end(5_000)
    #expect(!window.isOpen(5_999) && window.isOpen(6_000))
    #expect(window.opens(places: 1, now: 5_500) == 6_000)
    #expect(window.opens(places: 2, now: 5_500) == 6_500, "what is under way is taken to be answered now")
    #expect(window.opens(places: 5, now: 5_500) == 7_500)
  }

  @Test("whatever the order of answers, no stretch of a window's length has more than its limit")
  func neverOver() {
    var random = SeededRandom(state: 7)
    var window = DiscordWindow(limit: 7, length: 1_000)
    var begun: [Int64] = []
    var answers: [Int64] = []
    for now in stride(from: Int64(0), to: 60_000, by: 13) {
      for answer in answers where answer <= now { window.end(answer) }
      answers.removeAll { $0 <= now }
      while window.isOpen(now) {
        window.begin(now)
        // The other side counts it anywhere between.
        let answer = now + Int64.random(in: 1...400, using: &random)
        begun.append(Int64.random(in: now...answer, using: &random))
        answers.append(answer)
      }
    }
    begun.sort()
    #expect(begun.count > 200)
    #expect(zip(begun, begun.dropFirst(7)).allSatisfy { $1 - $0 >= 1_000 })
  }

  @Test("a bucket's rule shows in its first answer; what is left is left until its end")
  func learned() {
    var book = DiscordRateBook()
    book.begin(hook, isPlanned: false, now: 0)
    book.end(hook, now: 0)
    book.learn(hook, .init(limit: 3, remaining: 2, resetAfter: 700), now: 0)
    #expect(burst(&book, hook, now: 1) == 2)
    #expect(book.opens(hook, places: 1, now: 1) == 700)
    #expect(burst(&book, hook, now: 701) == 3)
    book.learn(hook, .init(limit: 3, remaining: 0, resetAfter: 5_000), now: 800)
    #expect(!book.isOpen(hook, now: 5_799) && book.isOpen(hook, now: 5_800), "somebody else used it up")
  }

  @Test("a late answer of the window before takes nothing back, and one out of order counts the least")
  func answersOutOfOrder() {
    var rate = DiscordWebhookRate(window: DiscordWindow(limit: 5, length: 2_000), channel: "")
    rate.learn(remaining: 1, resetAfter: 1_500, now: 500)
    rate.learn(remaining: 3, resetAfter: 1_450, now: 560)
    #expect(rate.opens(places: 1, now: 600) == 600 && rate.opens(places: 2, now: 600) == 2_010)
    rate.learn(remaining: 5, resetAfter: 100, now: 700)
    #expect(rate.opens(places: 2, now: 700) == 2_010)
  }

  @Test("a window of a minute in the fields is the channel's")
  func channelInFields() {
    var book = DiscordRateBook()
    book.begin(hook, isPlanned: false, now: 0)
    book.end(hook, now: 0)
    book.learn(hook, .init(limit: 10, remaining: 9, resetAfter: 60_000), now: 0)
    #expect([0, 2_000, 4_000].map { burst(&book, hook, now: $0) } == [4, 5, 0])
  }

  @Test(
    "fields that make no sense change nothing",
    arguments: [
      DiscordRateFacts(limit: 0, remaining: -1, resetAfter: nil), .init(limit: -5, remaining: -6, resetAfter: 3),
      .init(limit: .max, remaining: .max - 1, resetAfter: 1_000), .init(limit: 1, remaining: nil, resetAfter: 0),
    ])
  func oddFields(_ facts: DiscordRateFacts) {
    var book = DiscordRateBook()
    book.begin(hook, isPlanned: false, now: 0)
    book.end(hook, now: 0)
    book.learn(hook, facts, now: 0)
    #expect(burst(&book, hook, now: 10) == 4)
  }

  @Test("webhooks of one channel share its limit, once their answers say that it is one")
  func sharedChannel() {
    var book = DiscordRateBook()
    let hooks = (1...8).map { DiscordRateBook.Key(origin: hook.origin, id: "\($0)") }
    for key in hooks {
      book.begin(key, isPlanned: false, now: 0)
      book.end(key, now: 0)
      book.learn(key, DiscordRateFacts(channel: "70"), now: 0)
    }
    #expect(hooks.map { burst(&book, $0, now: 10) }.reduce(0, +) == 22)
    #expect(book.reserve(hooks[0], now: 20) + 2_010 == book.reserve(hooks[1], now: 20), "and its line")
  }

  @Test("fifty a second overall, whatever the webhook; slots as well")
  func overall() {
    var book = DiscordRateBook()
    let hooks = (1...200).map { DiscordRateBook.Key(origin: hook.origin, id: "\($0)") }
    #expect(hooks.reduce(0) { $0 + burst(&book, $1, now: 5_000) } == DiscordOrigin.limit)
    #expect(!book.isOpen(hooks[199], now: 5_999) && book.isOpen(hooks[199], now: 6_000))
    #expect(book.isOpen(.init(origin: "https://other.example:443", id: "1"), now: 5_500))
    let slots = hooks.map { book.reserve($0, now: 5_500) / 1_000 }
    #expect(Dictionary(grouping: slots) { $0 }.values.allSatisfy { $0.count <= DiscordOrigin.slotsPerSecond })
    #expect((slots.max() ?? 0) <= 12)
  }

  @Test(
    "a 429 blocks what it is for",
    arguments: [
      (DiscordRateFacts.Scope.webhook, [false, true, true]), (.channel, [false, false, true]),
      (.everything, [false, false, false]),
    ])
  func scopes(_ scope: DiscordRateFacts.Scope, _ open: [Bool]) {
    var book = DiscordRateBook()
    let others = ["2", "3"].map { DiscordRateBook.Key(origin: hook.origin, id: $0) }
    for (key, channel) in zip([hook] + others, ["70", "70", "71"]) {
      book.begin(key, isPlanned: false, now: 0)
      book.end(key, now: 0)
      book.learn(key, DiscordRateFacts(channel: channel), now: 0)
    }
    book.learn(hook, DiscordRateFacts(wait: 4_000, scope: scope, countsAsRefusal: true), now: 0)
    #expect(([hook] + others).map { book.isOpen($0, now: 3_999) } == open)
    #expect(([hook] + others).allSatisfy { book.isOpen($0, now: 4_000) })
  }

  @Test("long before Discord would ban the address, nothing is sent any more")
  func refusals() {
    var book = DiscordRateBook()
    book.begin(hook, isPlanned: false, now: 0)
    for _ in 1..<DiscordInvalidCount.limit { book.learn(hook, DiscordRateFacts(countsAsRefusal: true), now: 1_000) }
    #expect(!book.isResting(hook, now: 1_000))
    book.learn(hook, DiscordRateFacts(countsAsRefusal: true), now: 2_000)
    #expect(book.isResting(hook, now: 2_000) && !book.isOpen(hook, now: 600_999) && book.isOpen(hook, now: 601_000))
  }

  @Test("many other servers make it forget no refusals")
  func manyServers() {
    var book = DiscordRateBook()
    book.begin(hook, isPlanned: false, now: 0)
    book.end(hook, now: 0)
    for _ in 0..<DiscordInvalidCount.limit { book.learn(hook, DiscordRateFacts(countsAsRefusal: true), now: 0) }
    for server in 0..<3 * DiscordRateBook.maximumOrigins {
      let key = DiscordRateBook.Key(origin: "https://\(server).example:443", id: "1")
      book.begin(key, isPlanned: false, now: Int64(server * 2_000))
      book.end(key, now: Int64(server * 2_000))
    }
    #expect(book.isResting(hook, now: 400_000))
  }

  @Test("slots are as far apart as the limits ask for, begin where the limit opens, and end after a day")
  func slots() {
    var book = DiscordRateBook()
    #expect(burst(&book, hook, now: 0) == 5)
    let slots = (0..<60).map { _ in book.reserve(hook, now: 0) }
    #expect(slots[0] == 2_000 && slots[1] == 4_010)
    #expect(slots[25] == 60_300, "thirty have gone by then")
    #expect(zip(slots, slots.dropFirst()).allSatisfy { $1 - $0 >= 2_010 })
    let last = (0..<44_000).map { _ in book.reserve(hook, now: 0) }.last ?? 0
    #expect(last <= DiscordSlots.furthestMilliseconds + 60_000)
  }
}
