import HTTPTransport
import PluginKit0

@testable import DiscordPlugin

/// The sink's rules between a model of the host and a model of a channel, all on one manual clock: the host hands events
/// over in batches, takes what is throttled back, and brings it again when its wait is over and a little later.
struct Simulation {
  /// How the host and the ways behave.
  struct Manner {
    var batches = 5...20
    /// Milliseconds by which the host is late with what comes back, by wait and hop.
    var lateness: (Int64, Int) -> ClosedRange<Int64> = { _, _ in 0...500 }
    /// Milliseconds of each way to the channel.
    var way: ClosedRange<Int64> = 10...150
    /// How many of a hundred that wait are cancelled meanwhile, and never come back.
    var lostPerHundred = 0
    var deadline: Int64 = 30_000
    /// Answers that never come, by message.
    var isUnanswered: (UInt64) -> Bool = { _ in false }
  }

  /// How an event stands.
  struct Fate {
    var delivered = 0
    var receipts: Set<String> = []
    var outcomes: [Outcome: Int] = [:]
    var carry = ""
    var attempt = 1
    var isLost = false
    var hops = 0
    var cameAt: Int64?
    /// The longest that the sink had it in one attempt, past the time it was due to come.
    var longestHeld: Int64 = 0
  }

  private enum Happening {
    case host([Int])
    case arrival(DiscordDispatch)
    case answer(DiscordDispatch, HTTPResult)
    case turn
  }

  var manner: Manner
  var channel: ChannelModel
  var gatherer: DiscordGatherer
  var book: DiscordRateBook
  private(set) var fates: [Fate]
  private(set) var now: Int64 = 1_000_000
  let start: Int64 = 1_000_000
  private(set) var longestLine = 0
  private var agenda = Agenda<Happening>()
  private var random: SeededRandom
  private let payload: DiscordPayload
  private let address: WebhookAddress
  private let parts: [DiscordPart]

  init(
    events: Int, channel: ChannelModel = ChannelModel(), manner: Manner = Manner(), seed: UInt64 = 1,
    assumptions: DiscordRateBook.Assumptions = .init()
  ) throws {
    self.manner = manner
    self.channel = channel
    random = SeededRandom(state: seed)
    payload = DiscordPayload(configuration: try Sample.configuration(#""style": "embed""#))
    address = try WebhookAddress("https://discord.com/api/webhooks/42/token", threadID: nil)
    parts = try (0..<events).map { [payload] event in
      let words = Message(title: "Birthday \(event)", text: "Somebody is \(event % 90) today")
      return try payload.part(Sample.event, words)
    }
    gatherer = DiscordGatherer(
      settings: .init(events: 10, waitMilliseconds: 25, run: seed), ownAddress: address)
    book = DiscordRateBook(assumptions: assumptions)
    fates = Array(repeating: Fate(), count: events)
    var next = 0
    var time = start
    while next < events {
      let count = min(Int.random(in: manner.batches, using: &random), events - next)
      agenda.add(.host(Array(next..<next + count)), at: time)
      next += count
      time += 1
    }
  }

  /// Lets time go until nothing is left to happen.
  mutating func run(until end: Int64 = 30_000_000) throws {
    while let time = agenda.firstTime, time <= end { try step() }
  }

  private mutating func step() throws {
    guard let (time, happening) = agenda.next() else { return }
    now = max(now, time)
    try happen(happening)
    longestLine = max(longestLine, gatherer.held)
  }

  /// The process ends when nothing is under way, and another begins, which knows nothing but what the host kept.
  mutating func restart(run: UInt64) throws {
    while !gatherer.flights.isEmpty { try step() }
    let ended = gatherer.close()
    for event in finish(ended) { comeBack(event.number, event.wait) }
    gatherer = DiscordGatherer(settings: .init(events: 10, waitMilliseconds: 25, run: run), ownAddress: address)
    book = DiscordRateBook(assumptions: book.assumptions)
  }

  private mutating func happen(_ happening: Happening) throws {
    switch happening {
    case .host(let events):
      var offers: [DiscordGatherer.Offer] = []
      for event in events { offers.append(offer(event)) }
      perform(gatherer.offer(offers, &book, now: now))
    case .arrival(let dispatch): try arrive(dispatch)
    case .answer(let dispatch, let result): answer(dispatch, result)
    case .turn:
      var actions = DiscordGatherer.Actions()
      gatherer.turn(&actions, &book, now: now)
      perform(actions)
    }
    if let turn = gatherer.nextTurn(book, now: now) { agenda.add(.turn, at: turn) }
  }

  private mutating func offer(_ event: Int) -> DiscordGatherer.Offer {
    fates[event].cameAt = now
    let item = DiscordItem(
      ticket: Ticket(rawValue: UInt64(event) + 1), attempt: fates[event].attempt, part: parts[event],
      carry: DiscordCarry(fates[event].carry), arrival: now, deadline: now + manner.deadline)
    return DiscordGatherer.Offer(address: address, isTest: false, item: item)
  }

  private mutating func perform(_ actions: DiscordGatherer.Actions) {
    for send in actions.sends { agenda.add(.arrival(send), at: now + Int64.random(in: manner.way, using: &random)) }
    for event in finish(actions.ended) { comeBack(event.number, event.wait) }
  }

  private mutating func comeBack(_ event: Int, _ wait: Int64) {
    if manner.lostPerHundred > 0, Int.random(in: 0..<100, using: &random) < manner.lostPerHundred {
      fates[event].isLost = true
      return
    }
    let late = Int64.random(in: manner.lateness(wait, fates[event].hops), using: &random)
    agenda.add(.host([event]), at: now + max(wait, 50) + late)
  }

  private mutating func arrive(_ dispatch: DiscordDispatch) throws {
    let answer = try channel.post(payload.body(dispatch.items.map(\.part)), now: now)
    let back = now + Int64.random(in: manner.way, using: &random)
    if manner.isUnanswered(dispatch.id) {
      agenda.add(.answer(dispatch, .failure(HTTPFailure(.timeout, requestSent: true))), at: now + 15_000)
    } else {
      let http = HTTPAnswer(status: answer.status, rateLimit: answer.fields, body: Array(answer.body.utf8))
      agenda.add(.answer(dispatch, .answer(http)), at: back)
    }
  }

  private mutating func answer(_ dispatch: DiscordDispatch, _ result: HTTPResult) {
    guard gatherer.flights[dispatch.id] != nil else { return }
    book.end(dispatch.key.rate, now: now)
    var actions = DiscordGatherer.Actions()
    switch result {
    case .failure(let failure):
      actions.ended = gatherer.answer(dispatch.id, DiscordVerdict(failure), &book, now: now)
    case .answer(let answer):
      let answer = DiscordAnswer(answer)
      book.learn(dispatch.key.rate, answer.rates, now: now)
      actions.ended = gatherer.answer(dispatch.id, DiscordVerdict(answer), &book, now: now)
    }
    gatherer.turn(&actions, &book, now: now)
    perform(actions)
  }

  /// Takes results; answers those that come back, with their waits.
  private mutating func finish(_ completions: [Completion]) -> [(number: Int, wait: Int64)] {
    completions.compactMap { completion in
      let (event, result) = (Int(completion.ticket.rawValue) - 1, completion.result)
      fates[event].outcomes[result.outcome, default: 0] += 1
      fates[event].longestHeld = max(fates[event].longestHeld, now - (fates[event].cameAt ?? now))
      if result.outcome == .delivered {
        fates[event].delivered += 1
        fates[event].receipts.insert(result.receipt)
        return nil
      }
      guard [.throttled, .unknown, .retry, .cancelled].contains(result.outcome) else { return nil }
      if !(result.carry.isEmpty && [.throttled, .cancelled].contains(result.outcome)) {
        fates[event].carry = result.carry
      }
      if result.outcome == .throttled { fates[event].hops += 1 } else { fates[event].attempt += 1 }
      return (event, Int64(clamping: result.retryAfterMilliseconds))
    }
  }
}

/// What is to happen, in order of time, then of adding.
struct Agenda<Entry> {
  private var slots: [Int64: [Entry]] = [:]
  private var times = MinHeap()

  mutating func add(_ entry: Entry, at time: Int64) {
    if slots[time] == nil { times.insert(time) }
    slots[time, default: []].append(entry)
  }

  var firstTime: Int64? { times.first }

  mutating func next() -> (Int64, Entry)? {
    guard let time = times.first, var entries = slots[time] else { return nil }
    let entry = entries.removeFirst()
    slots[time] = entries.isEmpty ? nil : entries
    if entries.isEmpty { times.removeFirst() }
    return (time, entry)
  }
}

/// Times, the first of them at hand.
struct MinHeap {
  private var items: [Int64] = []

  var first: Int64? { items.first }

  mutating func insert(_ item: Int64) {
    items.append(item)
    var child = items.count - 1
    while child > 0, items[child] < items[(child - 1) / 2] {
      items.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func removeFirst() {
    items.swapAt(0, items.count - 1)
    items.removeLast()
    var parent = 0
    while true {
      let least = [parent, 2 * parent + 1, 2 * parent + 2].filter { $0 < items.count }.min { items[$0] < items[$1] }
      guard let least, least != parent else { return }
      items.swapAt(parent, least)
      parent = least
    }
  }
}

/// Random numbers that are the same in every run.
struct SeededRandom: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    let mixed = (state ^ (state >> 33)) &* 0xFF51_AFD7_ED55_8CCD
    return mixed ^ (mixed >> 29)
  }
}
