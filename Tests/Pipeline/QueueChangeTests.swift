import EventModel
import Store
import Testing

@testable import Pipeline

/// Queues changed by an administrator while two agents are in the middle of their load: each change counts within 2 s on
/// both, and no event is lost or sent twice.
@Suite struct QueueChangeTests {
  static let noon = Timestamp(seconds: 1_800_000_000)
  /// Within this every agent goes by a change.
  static let bound = TimeSpan.seconds(2)

  /// Two agents in the middle of a load.
  struct Load: Sendable {
    let fleet: Fleet
    let a: Fleet.Member
    let b: Fleet.Member
    var members: [Fleet.Member] { [a, b] }

    /// Due at noon in the queue `low`, as the administrator made it.
    init(events: Int, _ change: @Sendable (inout Queue) -> Void = { _ in }) async throws {
      fleet = try await Fleet(at: QueueChangeTests.noon - .minutes(1))
      a = try fleet.agent("a")
      b = try fleet.agent("b")
      try await set(.low, change)
      try await fleet.insert(events, dueAt: QueueChangeTests.noon)
      await fleet.run(until: QueueChangeTests.noon, a, b)
      #expect(events == 0 || members.allSatisfy { $0.pipeline.status.loaded > 0 || !$0.sent.isEmpty })
    }

    func set(_ queue: Queue, _ change: (inout Queue) -> Void) async throws {
      let queues = try await fleet.store.queues()
      var queue = queues.first { $0.name == queue.name } ?? queue
      change(&queue)
      _ = try await fleet.store.commit([.putQueue(queue, .none)], actor: .agent, dryRun: false, now: fleet.time.now())
    }

    func run(_ span: TimeSpan) async { await fleet.run(until: fleet.time.now() + span, a, b) }

    var sent: Int { members.reduce(0) { $0 + $1.sink.deliveries.count } }

    func inFlight(_ queue: String) -> [Int] {
      members.map { member in member.pipeline.status.queues.first { $0.name == queue }?.inFlight ?? -1 }
    }

    func answer(_ answer: @escaping TestSink.Answer) { for member in members { member.sink.answer(answer) } }

    func release(_ verdict: DeliveryResult.Verdict = .delivered) {
      for member in members { member.sink.release(verdict) }
    }

    /// Everything arrived, each once, and the ledger says so.
    func expectNoneLostOrDoubled(_ events: Int, sourceLocation: SourceLocation = #_sourceLocation) async throws {
      let keys = members.flatMap(\.sent)
      #expect(keys.count == events && Set(keys).count == events, sourceLocation: sourceLocation)
      try await fleet.expectAllClosedOnce(rows: events, sourceLocation: sourceLocation)
    }
  }

  @Test("a rate goes up, down, and away")
  func rate() async throws {
    let load = try await Load(events: 6_000) { $0.ratePerSecond = 100 }
    await load.run(.seconds(4))
    // What is saved up at the start counts too.
    #expect((400...620).contains(load.sent), "\(load.sent)")
    try await load.set(.low) { $0.ratePerSecond = 1_000 }
    await load.run(Self.bound)
    let raised = load.sent
    await load.run(.seconds(2))
    #expect((1_900...2_100).contains(load.sent - raised), "\(load.sent - raised)")
    try await load.set(.low) { $0.ratePerSecond = 10 }
    await load.run(Self.bound)
    let lowered = load.sent
    await load.run(.seconds(5))
    #expect((40...60).contains(load.sent - lowered), "\(load.sent - lowered)")
    try await load.set(.low) { $0.ratePerSecond = nil }
    await load.run(Self.bound)
    try await load.expectNoneLostOrDoubled(6_000)
    await load.fleet.close()
  }

  @Test("a reserve goes down and gives its places to others, and up, and takes them back")
  func reserve() async throws {
    let load = try await Load(events: 0)
    load.answer { _ in nil }
    _ = try await load.fleet.store.commit(
      [
        .putSink(
          Sink(
            namespace: "default", name: "hook", plugin: "test", configurationJSON: "{}",
            maximumInFlight: Queue.maximumInFlight), .none)
      ], actor: .agent, dryRun: false, now: load.fleet.time.now())
    try await load.fleet.insert(10_000, dueAt: load.fleet.time.now() + .seconds(3))
    await load.run(.seconds(3))
    // Of 4,000 places 3,000 are reserved for the three other queues.
    #expect(load.inFlight("low") == [1_000, 1_000])
    try await load.set(.critical) { $0.reserve = 500 }
    await load.run(.seconds(1))
    #expect(load.inFlight("low") == [2_500, 2_500])
    try await load.set(.critical) { $0.reserve = 3_000 }
    await load.run(.seconds(1))
    load.release()
    await load.fleet.settle(load.members)
    // Nothing is left that is not reserved.
    #expect(load.inFlight("low") == [0, 0])
    try await load.fleet.insert(6_000, dueAt: load.fleet.time.now(), queue: "critical", prefix: "c")
    await load.run(.seconds(1))
    // Of one instant one agent may have taken all.
    #expect(load.inFlight("critical").contains { $0 > 2_000 }, "\(load.inFlight("critical"))")
    try await load.set(.critical) { $0.reserve = 0 }
    load.answer { DeliveryResult(id: $0.id, verdict: .delivered) }
    load.release()
    await load.run(.seconds(4))
    try await load.expectNoneLostOrDoubled(16_000)
    await load.fleet.close()
  }

  @Test("weights share what is not reserved anew")
  func weight() async throws {
    let load = try await Load(events: 0)
    load.answer { _ in nil }
    let names = ["x", "y"]
    for name in names {
      try await load.set(Queue.low) {
        $0.name = name
        $0.weight = 10
      }
      try await load.fleet.insert(4_000, dueAt: load.fleet.time.now() + .seconds(3), queue: name, prefix: name)
    }
    await load.run(.seconds(3))
    #expect(load.inFlight("x").allSatisfy { (450...550).contains($0) }, "\(load.inFlight("x"))")
    try await load.set(Queue.low) {
      $0.name = "x"
      $0.weight = 30
    }
    await load.run(.seconds(1))
    load.release()
    await load.fleet.settle(load.members)
    let (x, y) = (load.inFlight("x"), load.inFlight("y"))
    for (x, y) in zip(x, y) { #expect((2.5...3.5).contains(Double(x) / Double(y)), "\(x) beside \(y)") }
    load.answer { DeliveryResult(id: $0.id, verdict: .delivered) }
    load.release()
    await load.run(.seconds(4))
    try await load.expectNoneLostOrDoubled(8_000)
    await load.fleet.close()
  }

  @Test("calls of sinks take as many events as the batch says now")
  func batch() async throws {
    let load = try await Load(events: 2_000) { $0.ratePerSecond = 200 }
    await load.run(.seconds(2))
    #expect(load.members.flatMap(\.sink.batches).max() == Int(Queue.low.batch))
    for batch in [3, 50] as [Int32] {
      try await load.set(.low) { $0.batch = batch }
      await load.run(Self.bound)
      let before = load.members.map(\.sink.batches.count)
      await load.run(.seconds(2))
      let later = zip(load.members, before).flatMap { $0.sink.batches.dropFirst($1) }
      #expect(later.max() == Int(batch))
    }
    try await load.set(.low) { $0.ratePerSecond = nil }
    await load.run(Self.bound)
    try await load.expectNoneLostOrDoubled(2_000)
    await load.fleet.close()
  }

  @Test("sends have the time that the queue gives them now")
  func deadline() async throws {
    let load = try await Load(events: 1_000) { $0.ratePerSecond = 100 }
    await load.run(.seconds(1))
    try await load.set(.low) { $0.sendDeadline = .seconds(7) }
    await load.run(Self.bound)
    let before = load.members.map(\.sink.deliveries.count)
    await load.run(.seconds(2))
    for (member, seen) in zip(load.members, before) {
      #expect(member.sink.deliveries.dropFirst(seen).allSatisfy { $0.timeLimit == .seconds(7) })
    }
    try await load.set(.low) { $0.ratePerSecond = nil }
    await load.run(Self.bound)
    try await load.expectNoneLostOrDoubled(1_000)
    await load.fleet.close()
  }

  @Test("a failure is judged by the attempts and the backoff of the moment in which it comes")
  func retries() async throws {
    let load = try await Load(events: 200) { $0.retry = RetryPolicy(attempts: 5, base: .hours(1), cap: .hours(1)) }
    #expect(load.sent == 200)
    // Held by the sink while the queue is changed.
    load.answer { _ in nil }
    try await load.fleet.insert(200, dueAt: load.fleet.time.now(), prefix: "held")
    await load.run(.seconds(1))
    try await load.set(.low) { $0.retry = RetryPolicy(attempts: 3, base: .seconds(1), cap: .seconds(1)) }
    await load.run(Self.bound)
    load.answer { DeliveryResult(id: $0.id, verdict: .retry, code: "http-503") }
    load.release(.retry)
    await load.run(.minutes(10))
    let attempts = Dictionary(grouping: load.members.flatMap(\.sink.deliveries), by: \.event.occurrenceKey)
      .filter { $0.key.hasPrefix("held") }.mapValues { $0.map(\.attempt).max() ?? 0 }
    #expect(attempts.count == 200 && attempts.values.allSatisfy { $0 <= 3 })
    // The circuit may have come between; what was tried thrice is dead, and nothing is tried a fourth time.
    let settled = load.members.flatMap(\.observed.settled)
    #expect(settled.count { $0.outcome == .dead } > 0)
    load.answer { DeliveryResult(id: $0.id, verdict: .delivered) }
    await load.run(.minutes(25))
    let check = try await load.fleet.store.check(
      from: Timestamp(microseconds: 0), to: Timestamp(seconds: 10_000_000_000))
    #expect(check.lost == 0 && check.closedTwice == 0 && check.open == 0)
    let ends = load.members.flatMap(\.observed.settled).count { $0.outcome == .dead || $0.outcome == .delivered }
    #expect(ends == 400)
    await load.fleet.close()
  }

  @Test("what is too old by the new expiry is closed as expired, and not sent")
  func expiry() async throws {
    let load = try await Load(events: 2_000) { $0.ratePerSecond = 20 }
    await load.run(.seconds(3))
    let before = load.sent
    try await load.set(.low) { $0.expiresAfter = .seconds(1) }
    await load.run(Self.bound)
    #expect(load.sent - before <= 60)
    let expired = load.members.flatMap(\.observed.settled).count { $0.outcome == .expired }
    #expect(expired + load.sent == 2_000)
    try await load.fleet.expectAllClosedOnce(rows: 2_000)
    await load.fleet.close()
  }

  @Test("sinks that a queue may not go to any more get nothing of it, also of what waited for them")
  func allowedSinks() async throws {
    let load = try await Load(events: 0)
    let others = [TestSink(), TestSink()]
    for (member, other) in zip(load.members, others) { member.plugins.put(other, named: "other") }
    _ = try await load.fleet.store.commit(
      [
        .putSink(Sink(namespace: "default", name: "other", plugin: "test", configurationJSON: "{}"), .none),
        .putSubscription(Subscription(namespace: "default", id: "other", eventType: "*", sink: "other"), .none),
      ], actor: .agent, dryRun: false, now: load.fleet.time.now())
    try await load.set(.low) { $0.ratePerSecond = 100 }
    try await load.fleet.insert(2_000, dueAt: load.fleet.time.now())
    await load.run(.seconds(3))
    #expect(others.contains { !$0.deliveries.isEmpty })
    try await load.set(.low) { $0.allowedSinks = ["hook"] }
    await load.run(Self.bound)
    let before = others.map(\.deliveries.count)
    try await load.set(.low) { $0.ratePerSecond = nil }
    await load.run(.seconds(4))
    #expect(others.map(\.deliveries.count) == before)
    let skipped = load.members.flatMap(\.observed.settled).count { $0.outcome == .skipped }
    #expect(skipped == 2_000 - before.reduce(0, +))
    try await load.expectNoneLostOrDoubled(2_000)
    await load.fleet.close()
  }

  @Test("a paused queue starts nothing, and goes on where it was")
  func pause() async throws {
    let load = try await Load(events: 4_000) { $0.ratePerSecond = 500 }
    await load.run(.seconds(2))
    try await load.set(.low) { $0.paused = true }
    await load.run(Self.bound)
    let paused = load.sent
    #expect(paused < 4_000)
    await load.run(.seconds(10))
    #expect(load.sent == paused)
    #expect(load.members.allSatisfy { $0.pipeline.status.loaded == 0 }, "its buckets are given back")
    try await load.set(.low) {
      $0.paused = false
      $0.ratePerSecond = nil
    }
    await load.run(Self.bound)
    try await load.expectNoneLostOrDoubled(4_000)
    await load.fleet.close()
  }

  @Test("a drain sees sends that hang")
  func slowSends() async throws {
    let load = try await Load(events: 0)
    load.answer { _ in nil }
    try await load.fleet.insert(50, dueAt: load.fleet.time.now())
    await load.run(.seconds(3))
    try await load.set(.low) { $0.paused = true }
    await load.run(Self.bound)
    // They count against nobody any more, but they are under way.
    #expect(load.inFlight("low") == [0, 0])
    let slow = load.members.map { member in member.pipeline.status.queues.first { $0.name == "low" }?.slow ?? 0 }
    #expect(slow.reduce(0, +) == 50)
    load.release()
    await load.run(.seconds(1))
    #expect(load.members.allSatisfy { member in member.pipeline.status.queues.allSatisfy { $0.slow == 0 } })
    try await load.expectNoneLostOrDoubled(50)
    await load.fleet.close()
  }

  @Test("a purge cancels what waits, in memory and in the store, and nothing of it is sent from then on")
  func purge() async throws {
    let load = try await Load(events: 3_000) { $0.ratePerSecond = 100 }
    try await load.fleet.insert(500, dueAt: Self.noon + .hours(3), prefix: "later")
    await load.run(.seconds(3))
    var (cursor, commands) = ("", 0)
    repeat {
      let step = try await load.fleet.store.purge(
        queue: "low", dueBefore: nil, reason: "wrong import", after: cursor, limit: 1_000, actor: .agent,
        now: load.fleet.time.now())
      cursor = step.next
      commands += step.commands.count
    } while !cursor.isEmpty
    #expect(commands > 0, "what agents own they are asked to do")
    await load.run(Self.bound)
    let sent = load.sent
    #expect(sent < 1_000)
    try await load.set(.low) { $0.ratePerSecond = nil }
    await load.run(.seconds(5))
    #expect(load.sent == sent)
    #expect(Set(load.members.flatMap(\.sent)).count == sent)
    try await load.fleet.expectAllClosedOnce(rows: 3_500)
    await load.fleet.close()
  }

  @Test("all that waits in one queue goes on in another, at that one's pace")
  func moveAll() async throws {
    let load = try await Load(events: 3_000) { $0.ratePerSecond = 10 }
    await load.run(.seconds(3))
    #expect(load.sent < 200)
    var (cursor, matched) = ("", 0)
    repeat {
      let step = try await load.fleet.store.moveEvents(
        MoveFilter(namespace: "default", fromQueue: "low"), to: "high", reason: "", after: cursor, limit: 1_000,
        actor: .agent, now: load.fleet.time.now())
      cursor = step.next
      matched += step.matched
    } while !cursor.isEmpty
    #expect(matched > 2_800)
    await load.run(Self.bound)
    let keys = load.members.flatMap(\.sent)
    #expect(keys.count == 3_000 && Set(keys).count == 3_000)
    await load.fleet.close()
  }

  @Test("one event that is moved to a higher queue goes before all that wait")
  func priority() async throws {
    let load = try await Load(events: 1_000) { $0.ratePerSecond = 2 }
    await load.run(.seconds(2))
    let sent = Set(load.members.flatMap(\.sent))
    let key = try #require((0..<1_000).map { "e\($0)" }.last { !sent.contains($0) })
    let schedule = try await load.fleet.store.schedule(namespace: "default", id: key)
    let result = try await load.fleet.store.move(
      EventIdentity(schedule: schedule.number, key: key), dueAt: nil, queue: "critical", actor: .agent,
      now: load.fleet.time.now())
    #expect(result != .settled(.delivered))
    await load.run(Self.bound)
    #expect(load.members.flatMap(\.sent).contains(key))
    try await load.set(.low) { $0.ratePerSecond = nil }
    await load.run(Self.bound)
    let keys = load.members.flatMap(\.sent)
    #expect(keys.count == 1_000 && Set(keys).count == 1_000)
    try await load.fleet.expectAllClosedOnce(rows: 1_001)
    await load.fleet.close()
  }
}
