import EventModel
import Store
import Testing

@testable import Pipeline

/// From a stored template to the message that a sink is handed, and to the receipt.
@Suite struct WordingFlowTests {
  static let noon = Timestamp(seconds: 1_800_000_000)

  private static func world() async throws -> (world: World, sink: TestSink) {
    let words = SeriesType(
      series: Series(occurrences: []), wording: BuiltInWording(takesTemplates: true, locale: "en"))
    let world = try await World(at: noon, plugins: TestPlugins(types: ["notification": words]))
    let sink = TestSink()
    try await world.subscribe("hook", to: sink)
    for locale in ["en", "de", "fr"] {
      try await world.commit(.putUser(User(namespace: "default", id: locale, locale: locale), .none))
    }
    return (world, sink)
  }

  private static func template(_ locale: String = "de", title: String = "Hallo") -> Change {
    .putTemplate(
      MessageTemplate(namespace: "default", id: "t", eventType: "notification", locale: locale, title: title), .none)
  }

  private static func receipts(_ event: EventIdentity, in world: World) async throws -> [(Outcome, String)] {
    try await world.store.history(namespace: "default", identity: event).compactMap { step in
      guard case .receipt(let outcome, _, let detail, _, _, _, _) = step.kind else { return nil }
      return (outcome, detail)
    }
  }

  @Test func aTemplateReachesItsReadersAndOthersFallBackVisibly() async throws {
    let (world, sink) = try await Self.world()
    sink.answer { DeliveryResult(id: $0.id, verdict: .delivered, detail: $0.event.user?.id == "fr" ? "204" : "") }
    await world.settle()
    try await world.commit(Self.template())
    await world.settle()
    let events = try await world.insert(
      ["en", "de", "fr"].map { world.oneOff($0, dueAt: Self.noon, user: $0) } + [world.oneOff("all", dueAt: Self.noon)])
    await world.settle()
    let said = Dictionary(
      uniqueKeysWithValues: sink.deliveries.map { ($0.event.occurrenceKey, $0.message.text) })
    #expect(said == ["en": "", "de": #"{"title":"Hallo"}"#, "fr": "", "all": ""])
    #expect(try await Self.receipts(events[1], in: world).map(\.1) == [""])
    let french = try await Self.receipts(events[2], in: world)
    #expect(french.map(\.0) == [.delivered])
    #expect(french[0].1 == "204; no words for fr: the built-in words in en")
    #expect(world.observed.fallbacks == ["notification": 1])
    await world.close()
  }

  @Test func aRetrySaysWhatWasSaidFirst() async throws {
    let (world, sink) = try await Self.world()
    sink.answer { DeliveryResult(id: $0.id, verdict: $0.attempt == 1 ? .retry : .delivered) }
    try await world.commit(Self.template(title: "Eins"))
    let event = try await world.insert([world.oneOff("e", dueAt: Self.noon, user: "de")])[0]
    await world.settle()
    try await world.commit(Self.template(title: "Zwei"))
    try await world.run(until: Self.noon + .minutes(2))
    #expect(sink.deliveries.map(\.message.text) == [#"{"title":"Eins"}"#, #"{"title":"Eins"}"#])
    #expect(try await Self.receipts(event, in: world).map(\.0) == [.retry, .delivered])
    await world.close()
  }

  @Test func aTemplateForOneSinkIsSaidThereAlone() async throws {
    let (world, sink) = try await Self.world()
    let other = TestSink()
    try await world.subscribe("mail", to: other)
    try await world.commit(
      .putTemplate(
        MessageTemplate(namespace: "default", id: "t", eventType: "notification", sink: "mail", text: "x"), .none))
    try await world.insert([world.oneOff("e", dueAt: Self.noon, user: "en")])
    await world.settle()
    #expect(sink.deliveries.map(\.message.text) == [""])
    #expect(other.deliveries.map(\.message.text) == [#"{"text":"x"}"#])
    await world.close()
  }

  @Test func aTestRunIsMarkedOnEveryAttempt() async throws {
    let (world, sink) = try await Self.world()
    sink.answer { DeliveryResult(id: $0.id, verdict: $0.attempt == 1 ? .retry : .delivered) }
    var test = world.oneOff("e", dueAt: Self.noon)
    test.schedule.isTest = true
    try await world.insert([test, world.oneOff("real", dueAt: Self.noon)])
    try await world.run(until: Self.noon + .minutes(2))
    let marked = sink.deliveries.filter { $0.event.occurrenceKey == "e" }
    #expect(marked.map(\.message.title) == ["[Test] e", "[Test] e"])
    #expect(marked.allSatisfy { $0.event.isTest })
    let real = sink.deliveries.filter { $0.event.occurrenceKey == "real" }
    #expect(real.allSatisfy { $0.message.title == "real" && !$0.event.isTest })
    await world.close()
  }

  @Test func whatIsReplayedGoesToItsSinkAsMendedBefore() async throws {
    let (world, sink) = try await Self.world()
    sink.answer { DeliveryResult(id: $0.id, verdict: .permanent) }
    try await world.insert([world.oneOff("e", dueAt: Self.noon)])
    try await world.run(until: Self.noon + .minutes(2))
    let letter = try #require(
      try await world.store.deadLetters(
        namespace: "default", filter: DeadLetterFilter(), page: PageRequest(size: 10)
      ).items.first)
    let mended = TestSink()
    world.plugins.put(mended, named: letter.sink)
    var changed = try await world.store.sink(namespace: "default", name: letter.sink)
    changed.configurationJSON = #"{"mended":"yes"}"#
    try await world.commit(.putSink(changed, .present))
    try await world.commit(.replayDeadLetter(namespace: "default", id: letter.id))
    // Without a renewal of the lease, which would tell of the change.
    for _ in 0..<100 where await !world.pipeline.turn() { break }
    #expect(sink.deliveries.count == 1 && mended.deliveries.count == 1)
    try await world.expectAllClosedOnce()
    await world.close()
  }

  @Test func aReplayedDeadLetterHasItsExpiryAndItsAttemptsOnceMore() async throws {
    let (world, sink) = try await Self.world()
    sink.answer { DeliveryResult(id: $0.id, verdict: .permanent) }
    try await world.insert([
      world.oneOff("e", dueAt: Self.noon, queue: "critical", catchUp: CatchUp(mode: .skip, window: nil))
    ])
    try await world.run(until: Self.noon + .hours(72), step: .hours(10))
    let letter = try #require(
      try await world.store.deadLetters(
        namespace: "default", filter: DeadLetterFilter(), page: PageRequest(size: 10)
      ).items.first)
    sink.answer { DeliveryResult(id: $0.id, verdict: $0.attempt < 3 ? .retry : .delivered, retryAfter: .hours(11)) }
    // Twice the critical queue's expiry of 24 hours after it was due: it counts from the replay.
    try await world.commit(.replayDeadLetter(namespace: "default", id: letter.id))
    try await world.run(until: Self.noon + .hours(100), step: .hours(1))
    #expect(sink.deliveries.map(\.attempt) == [1, 1, 2, 3])
    #expect(world.observed.count(.delivered) == 1)
    #expect(world.observed.count(.expired) == 0)
    try await world.expectAllClosedOnce()
    await world.close()
  }
}

extension Observed {
  /// Messages that fell back to other words, by event type.
  var fallbacks: [String: Int] {
    all.reduce(into: [:]) { sums, event in
      if case .wordingFallback(let type, let count) = event { sums[type, default: 0] += count }
    }
  }
}
