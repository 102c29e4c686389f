import EventModel
import Store
import Testing

@testable import Pipeline

/// Events that a subscription gathers into one message.
@Suite struct DigestTests {
  static let noon = Timestamp(seconds: 1_800_000_000)

  private func world(_ sink: TestSink, _ rules: DigestRules) async throws -> World {
    let world = try await World(at: Self.noon)
    try await world.subscribe("hook", to: sink)
    try await world.commit(
      .putSubscription(
        Subscription(namespace: "default", id: "hook", eventType: "*", sink: "hook", digest: rules), .none))
    for id in ["ada", "bob"] { try await world.commit(.putUser(User(namespace: "default", id: id), .none)) }
    try await world.pipeline.refreshSettings()
    return world
  }

  private func run(_ world: World, until end: Timestamp) async throws {
    while world.time.now() < end {
      try await world.run(until: min(world.time.now() + .seconds(10), end), step: .seconds(10))
      while try await world.pipeline.digester.step() > 0 {}
      await world.settle()
    }
  }

  @Test func aPersonsEventsAreOneMessageAfterTheWindowAndNobodyElsesAreInIt() async throws {
    let sink = TestSink()
    let world = try await world(sink, DigestRules(window: .minutes(5)))
    try await world.insert([
      world.oneOff("a1", dueAt: Self.noon, user: "ada"),
      world.oneOff("a2", dueAt: Self.noon + .minutes(2), user: "ada"),
      world.oneOff("b1", dueAt: Self.noon + .minutes(1), user: "bob"), world.oneOff("n1", dueAt: Self.noon),
      world.oneOff("n2", dueAt: Self.noon),
    ])
    try await run(world, until: Self.noon + .minutes(4))
    #expect(sink.deliveries.isEmpty)
    #expect(world.observed.count(.merged) == 5)
    try await run(world, until: Self.noon + .minutes(7))
    let messages = sink.deliveries.map { ($0.event.user?.id ?? "", $0.message) }.sorted { $0.0 < $1.0 }
    #expect(messages.map(\.0) == ["", "ada", "bob"])
    #expect(messages[0].1.text.contains("Happy n1") && messages[0].1.text.contains("Happy n2"))
    #expect(messages[1].1.title == "2 events: Happy a1, …")
    #expect(messages[1].1.text == "Happy a1\nfor \n\nHappy a2\nfor ")
    #expect(messages[2].1.title == "Happy b1", "a single one is its own message")
    #expect(sink.deliveries.allSatisfy { $0.event.type == "digest" && $0.attempt == 1 })
    try await world.expectAllClosedOnce(rows: 8)
    await world.close()
  }

  @Test func aFullDigestIsSentAtOnceAndTheNextOneBegins() async throws {
    let sink = TestSink()
    let world = try await world(sink, DigestRules(window: .hours(1), maximumEvents: 3))
    try await world.insert((0..<3).map { world.oneOff("e\($0)", dueAt: Self.noon, user: "ada") })
    try await run(world, until: Self.noon + .seconds(20))
    #expect(sink.deliveries.count == 1)
    try await world.insert([world.oneOff("e4", dueAt: Self.noon + .seconds(30), user: "ada")])
    try await run(world, until: Self.noon + .minutes(2))
    #expect(sink.deliveries.count == 1)
    try await run(world, until: Self.noon + .minutes(62))
    #expect(sink.deliveries.map(\.message.title) == ["3 events: Happy e0, …", "Happy e4"])
    await world.close()
  }

  @Test func aDigestThatFailsIsTriedAgainWithTheSameWords() async throws {
    let sink = TestSink { DeliveryResult(id: $0.id, verdict: .retry, code: "http-503") }
    let world = try await world(sink, DigestRules(window: .seconds(30)))
    try await world.insert((0..<2).map { world.oneOff("e\($0)", dueAt: Self.noon, user: "ada") })
    try await run(world, until: Self.noon + .seconds(40))
    sink.answer { DeliveryResult(id: $0.id, verdict: .delivered) }
    try await run(world, until: Self.noon + .minutes(2))
    #expect(sink.deliveries.count >= 2 && world.observed.count(.delivered) == 1)
    #expect(Set(sink.deliveries.map(\.message)).count == 1)
    #expect(Set(sink.deliveries.map(\.idempotencyKey)).count == 1)
    await world.close()
  }

  @Test func aCrashBetweenGatheringAndSendingLosesAndDoublesNothing() async throws {
    let sink = TestSink()
    let world = try await world(sink, DigestRules(window: .seconds(30)))
    try await world.insert((0..<4).map { world.oneOff("e\($0)", dueAt: Self.noon, user: "ada") })
    try await world.run(until: Self.noon + .seconds(5), step: .seconds(1))
    world.restart()
    try await world.run(until: Self.noon + .seconds(31), step: .seconds(1))
    // Two agents look at the same moment.
    async let first = world.pipeline.digester.step()
    async let second = world.pipeline.digester.step()
    #expect(try await first + second == 1)
    try await run(world, until: Self.noon + .minutes(2))
    #expect(sink.deliveries.count == 1)
    #expect(sink.deliveries.first?.message.title == "4 events: Happy e0, …")
    await world.close()
  }

  @Test func anErasedPersonsDigestIsGone() async throws {
    let sink = TestSink()
    let world = try await world(sink, DigestRules(window: .minutes(5)))
    try await world.insert([
      world.oneOff("a", dueAt: Self.noon, user: "ada"), world.oneOff("b", dueAt: Self.noon, user: "bob"),
    ])
    try await world.run(until: Self.noon + .seconds(5), step: .seconds(1))
    _ = try await world.store.erase(
      namespace: "default", user: "ada", .none, actor: .agent, dryRun: false, now: world.time.now())
    try await run(world, until: Self.noon + .minutes(7))
    #expect(sink.deliveries.compactMap(\.event.user?.id) == ["bob"])
    await world.close()
  }

  @Test func aMessageOfManyIsBoundedAndSaysWhatItLeavesOut() {
    let facts = EventFacts(
      id: "evt_1_k", namespace: "default", type: "reminder", scheduleID: "s", occurrenceKey: "k", timeZone: "UTC",
      user: nil, definitionJSON: "{}", local: CivilFields(year: 2027, month: 1, day: 1), due: Self.noon)
    let long = String(repeating: "x", count: 20_000)
    let parts = (0..<100).map {
      DigestMessage.Part(
        facts: facts, message: Message(title: "T\($0) \(String(repeating: "y", count: 1_500))", text: long))
    }
    let message = DigestMessage.message(parts)
    #expect(message.text.utf8.count < Limits.longestDigest + 10_000)
    #expect(message.text.contains("more"))
    #expect(message.html.isEmpty)
    let html = DigestMessage.message([
      .init(facts: facts, message: Message(title: "a", text: "<b>", html: "")),
      .init(facts: facts, message: Message(title: "b", text: "t", html: "<i>t</i>")),
    ]).html
    #expect(html == "<p>&lt;b&gt;</p>\n<hr>\n<i>t</i>")
  }
}
