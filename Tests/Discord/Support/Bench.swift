import HTTPTransport
import PluginKit0

@testable import DiscordPlugin

/// The pure rules on a table: events are offered, time is told, answers are given by hand.
struct Bench {
  var gatherer: DiscordGatherer
  var book = DiscordRateBook()
  var now: Int64 = 1_000_000
  private(set) var sent: [DiscordDispatch] = []
  private(set) var results: [UInt64: DeliveryResult] = [:]
  private(set) var ends = 0
  private(set) var cancels: [UInt64] = []

  init(events: Int = 10, run: UInt64 = 1) throws {
    gatherer = DiscordGatherer(
      settings: .init(events: events, waitMilliseconds: 25, run: run), ownAddress: try Self.address(1))
  }

  static func address(_ id: Int) throws -> WebhookAddress {
    try WebhookAddress("https://discord.com/api/webhooks/\(id)/token", threadID: nil)
  }

  /// The events of each message that was sent.
  var messages: [[UInt64]] { sent.map { $0.items.map(\.ticket.rawValue) } }

  mutating func offer(
    _ events: some Sequence<Int>, units: Int = 20, webhook: Int = 1, carry: String? = nil, isTest: Bool = false,
    attempt: Int = 1, deadline: Int64 = 30_000
  ) throws {
    let address = try Self.address(webhook)
    let offers = events.map { event in
      let carry = carry ?? results[UInt64(event)]?.carry ?? ""
      let item = DiscordItem(
        ticket: Ticket(rawValue: UInt64(event)), attempt: attempt, part: .embed(JSONObject(), units: units),
        carry: DiscordCarry(carry), arrival: now, deadline: now + deadline)
      return DiscordGatherer.Offer(address: address, isTest: isTest, item: item)
    }
    take(gatherer.offer(offers, &book, now: now))
  }

  /// Lets time go, looking when the gatherer asks for it.
  mutating func wait(_ milliseconds: Int64) {
    let end = now + milliseconds
    while let next = gatherer.nextTurn(book, now: now), next <= end {
      now = next
      turn()
    }
    now = end
    turn()
  }

  mutating func turn(isHurried: Bool = false) {
    var actions = DiscordGatherer.Actions()
    gatherer.turn(&actions, &book, now: now, isHurried: isHurried)
    take(actions)
  }

  mutating func cancel(_ events: [Int]) {
    take(gatherer.cancel(Set(events.map { Ticket(rawValue: UInt64($0)) })))
  }

  mutating func close() {
    var actions = DiscordGatherer.Actions()
    actions.ended = gatherer.close()
    take(actions)
  }

  /// Answers the message that was sent as number `index`.
  mutating func answer(_ index: Int, _ answer: HTTPAnswer) {
    let answer = DiscordAnswer(answer)
    book.end(sent[index].key.rate, now: now)
    book.learn(sent[index].key.rate, answer.rates, now: now)
    end(index, DiscordVerdict(answer))
  }

  mutating func fail(_ index: Int, _ failure: HTTPFailure) {
    book.end(sent[index].key.rate, now: now)
    end(index, DiscordVerdict(failure))
  }

  private mutating func end(_ index: Int, _ verdict: DiscordVerdict) {
    var actions = DiscordGatherer.Actions()
    actions.ended = gatherer.answer(sent[index].id, verdict, &book, now: now)
    gatherer.turn(&actions, &book, now: now)
    take(actions)
  }

  private mutating func take(_ actions: DiscordGatherer.Actions) {
    sent += actions.sends
    cancels += actions.cancels
    ends += actions.ended.count
    for completion in actions.ended { results[completion.ticket.rawValue] = completion.result }
  }
}

extension HTTPAnswer {
  /// The message was made.
  static let made = HTTPAnswer(status: 200, body: Array(#"{"id": "9", "channel_id": "70"}"#.utf8))
}
