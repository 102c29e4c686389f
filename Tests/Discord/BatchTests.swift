import Dispatch
import PluginKit0
import Testing

@testable import DiscordPlugin

/// Many events in one message, over HTTP.
@Suite("Batches of the discord sink")
struct BatchTests {
  private static let style = #", "style": "embed", "batch": {"wait_ms": 300}"#

  private func birthday(_ number: UInt64, text: String = "today", carry: String = "", isTest: Bool = false) -> Delivery
  {
    Sample.delivery(number, Message(title: "B\(number)", text: text), carry: carry, isTest: isTest)
  }

  @Test("events of several calls share a message; each has the message's id and its place as receipt")
  func gathers() throws {
    try Stage.with(1, Self.style) { stage in
      for number in UInt64(1)...10 { try stage.sink.deliver([birthday(number)]) }
      #expect(stage.sink.drain(timeout: Stage.patience))
      let taken = try stage.emulator.taken()
      #expect(taken.map { $0.message.embeds?.map(\.title) } == [(1...10).map { "B\($0)" }])
      #expect((UInt64(1)...10).map { stage.host.results[$0]?.receipt } == (0..<10).map { "9001/\($0)" })
    }
  }

  @Test("test events stand in a message of their own, and so do those of other addresses")
  func apart() throws {
    try Stage.with(1, Self.style) { stage in
      var other = birthday(3)
      other.endpoint = stage.emulator.webhook(2)
      try stage.deliver([birthday(1), birthday(2, isTest: true), other, birthday(4)])
      let taken = try stage.emulator.taken().map { "\($0.webhook): \($0.message.embeds?.compactMap(\.title) ?? [])" }
      #expect(taken.sorted() == [#"1: ["B1", "B4"]"#, #"1: ["B2"]"#, #"2: ["B3"]"#])
    }
  }

  @Test("whom the configuration calls is called once in a message")
  func calls() throws {
    try Stage.with(1, Self.style + #", "mentions": {"roles": ["6"]}"#) { stage in
      try stage.deliver((1...3).map { birthday($0) })
      #expect(try stage.emulator.taken().map(\.message.content) == ["<@&6>"])
    }
  }

  @Test("an embed that Discord names is refused alone; the others stand in the channel, once")
  func named() throws {
    try Stage.with(1, Self.style) { stage in
      try stage.emulator.set(1, #""refuse": "bad""#)
      try stage.deliver((1...8).map { birthday($0, text: [3, 6].contains($0) ? "bad" : "fine") })
      for number in [UInt64(3), 6] {
        let result = stage.host.results[number]
        #expect(result?.outcome == .permanent && result?.code == "discord-50035")
        #expect(result?.detail == "embeds.\(number - 1).description: This one is refused.")
      }
      let titles = try stage.emulator.taken().map { $0.message.embeds?.map(\.title) }
      #expect(titles == [["B1", "B2", "B4", "B5", "B7", "B8"]])
      #expect(stage.host.results[8]?.receipt == "9001/5" && stage.host.completions.count == 8)
    }
  }

  @Test("when Discord refuses a message and does not say why, the one event is found, and the others go on")
  func unnamed() throws {
    try Stage.with(1, Self.style, rates: Stage.unlimited) { stage in
      try stage.emulator.set(1, #""block": "bad", "limit": [1000, 1], "channel_limit": [1000, 1]"#)
      try stage.deliver((1...10).map { birthday($0, text: $0 == 7 ? "bad" : "fine") })
      #expect(stage.host.results[7]?.outcome == .permanent && stage.host.results[7]?.code == "discord-240000")
      let titles = try stage.emulator.taken().flatMap { $0.message.embeds?.compactMap(\.title) ?? [] }
      #expect(titles.count == 9 && Set(titles).count == 9 && !titles.contains("B7"))
      #expect(stage.host.completions.count == 10)
    }
  }

  @Test("a message without an answer is unknown for all in it, and comes back as the same message, alone")
  func again() throws {
    try Stage.with(1, Self.style + #", "timeout_ms": 700"#) { stage in
      try stage.emulator.set(1, #""script": ["late"]"#)
      try stage.deliver((1...3).map { birthday($0) })
      let results = stage.host.results
      #expect(results.values.allSatisfy { $0.outcome == .unknown && $0.code == "no-answer-timeout" })
      #expect(Set(results.values.map(\.retryAfterMilliseconds)).count == 1, "they come back together")
      let carries = (UInt64(1)...3).map { results[$0]?.carry ?? "" }
      var deliveries = [3, 1, 2].map { birthday(UInt64($0) + 10, carry: carries[$0 - 1]) }
      deliveries.insert(birthday(4), at: 1)
      try stage.deliver(deliveries)
      let titles = try stage.emulator.taken().map { $0.message.embeds?.compactMap(\.title) ?? [] }
      #expect(titles.count == 3 && titles.contains(["B11", "B12", "B13"]) && titles.contains(["B4"]), "\(titles)")
    }
  }

  @Test("calls on many threads at once, cancels among them: every event ends once, and stands in one message at most")
  func threads() throws {
    try Stage.with(1, Self.style, rates: Stage.unlimited) { stage in
      try stage.emulator.set(1, #""limit": [1000, 1], "channel_limit": [1000, 1]"#)
      DispatchQueue.concurrentPerform(iterations: 8) { thread in
        for call in 0..<10 {
          let first = UInt64(thread * 50 + call * 5 + 1)
          do { try stage.sink.deliver((first..<first + 5).map { birthday($0) }) } catch { Issue.record(error) }
          stage.sink.cancel([Ticket(rawValue: first)])
        }
      }
      #expect(stage.sink.drain(timeout: Stage.patience))
      let outcomes = stage.host.completions.map(\.result.outcome)
      #expect(outcomes.count == 400 && stage.host.results.count == 400)
      let titles = try stage.emulator.taken().flatMap { $0.message.embeds?.compactMap(\.title) ?? [] }
      #expect(Set(titles).count == titles.count && titles.count == outcomes.count { $0 == .delivered })
    }
  }

  @Test("some hundreds, over HTTP, through a channel of ten messages a second: no 429, each once, in time")
  func hundreds() throws {
    var assumptions = DiscordRateBook.Assumptions()
    assumptions.channel = DiscordWindow(limit: 20, length: 2_000)
    try Stage.with(1, #", "style": "embed""#, rates: DiscordRates(assumptions: assumptions)) { stage in
      try stage.emulator.set(1, #""limit": [5, 0.3], "channel_limit": [20, 2.0]"#)
      let start = SteadyClock.milliseconds
      var host = LiveHost(stage: stage, events: 600)
      try host.run()
      let log = try stage.emulator.log()
      let titles = log.taken.flatMap { $0.message.embeds?.compactMap(\.title) ?? [] }
      #expect(Set(log.statuses) == [200], "no 429")
      #expect(titles.count == 600 && Set(titles).count == 600)
      #expect(host.receipts.count == 600 && Set(host.receipts.values).count == 600)
      #expect(log.taken.count <= 66)
      print("600 events over HTTP: \(SteadyClock.milliseconds - start) ms, \(log.taken.count) messages")
    }
  }
}

/// A host in real time, for one sink: hands events over in batches, and brings back what is throttled when its wait is over.
struct LiveHost {
  let stage: Stage
  let events: Int
  private(set) var receipts: [UInt64: String] = [:]
  private var waiting: [(time: Int64, event: UInt64, carry: String)] = []
  private var random = SeededRandom(state: 3)

  init(stage: Stage, events: Int) {
    self.stage = stage
    self.events = events
  }

  /// Until all have a receipt, or a minute is over.
  mutating func run() throws {
    let end = SteadyClock.milliseconds + 60_000
    waiting = (1...UInt64(events)).map { (SteadyClock.milliseconds, $0, "") }
    while receipts.count < events, SteadyClock.milliseconds < end {
      let now = SteadyClock.milliseconds
      let due = waiting.filter { $0.time <= now }
      waiting.removeAll { $0.time <= now }
      try deliver(due)
      take(stage.host.next(until: min(waiting.map(\.time).min() ?? end, end)))
    }
  }

  private mutating func deliver(_ due: [(time: Int64, event: UInt64, carry: String)]) throws {
    var rest = due[...]
    while !rest.isEmpty {
      let batch = rest.prefix(Int.random(in: 5...20, using: &random))
      rest = rest.dropFirst(batch.count)
      try stage.sink.deliver(
        batch.map { Sample.delivery($0.event, Message(title: "B\($0.event)", text: "today"), carry: $0.carry) })
    }
  }

  private mutating func take(_ completions: [Completion]) {
    for completion in completions {
      let (event, result) = (completion.ticket.rawValue, completion.result)
      if result.outcome == .delivered {
        receipts[event] = result.receipt
      } else if result.outcome == .throttled {
        let late = Int64.random(in: 0...50, using: &random)
        let time = SteadyClock.milliseconds + Int64(result.retryAfterMilliseconds) + late
        waiting.append((time, event, result.carry))
      }
    }
  }
}
