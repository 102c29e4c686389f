import EventModel
import Store
import Synchronization
import Testing

@testable import Pipeline

/// A store that is away for minutes, and answers that are lost.
@Suite struct OutageTests {
  static let noon = Timestamp(seconds: 1_800_000_000)

  @Test("after 2 s without the store no send starts, and when it is back all goes on by itself")
  func outage() async throws {
    let fleet = try await Fleet(at: Self.noon)
    let agent = try fleet.agent("a")
    try await fleet.insert(30, dueAt: Self.noon + .seconds(1), prefix: "before")
    try await fleet.insert(30, dueAt: Self.noon + .seconds(5), prefix: "during")
    await fleet.run(until: Self.noon + .seconds(1), agent)
    #expect(agent.sent.count == 30)
    agent.store.fail(with: .unavailable)
    await fleet.run(until: Self.noon + .minutes(5), agent)
    #expect(agent.sent.count == 30)
    #expect(agent.pipeline.status.notReadyReason == "lease not renewed: injected")
    agent.store.fail(with: nil)
    // The lease ran out meanwhile: the first renewal says so, the next step opens another epoch.
    await fleet.run(until: Self.noon + .minutes(5) + .seconds(2), agent)
    #expect(agent.pipeline.status.isReady)
    #expect(agent.pipeline.status.lease?.epoch == 2)
    #expect(agent.sent.count == 60)
    #expect(agent.worst >= .seconds(295))
    try await fleet.expectAllClosedOnce(rows: 60)
    await fleet.close()
  }

  @Test("outcomes are kept while they cannot be recorded, and say why nothing more is sent")
  func unrecorded() async throws {
    let fleet = try await Fleet(at: Self.noon)
    let agent = try fleet.agent("a")
    try await fleet.insert(3_000, dueAt: Self.noon + .seconds(1))
    try await fleet.insert(100, dueAt: Self.noon + .seconds(5), prefix: "later")
    await fleet.settle(agent)
    agent.store.fail(.record, with: .unavailable)
    await fleet.run(until: Self.noon + .minutes(2), agent)
    #expect(agent.pipeline.status.unrecorded > 0 && agent.sent.count <= 3_000)
    #expect(agent.pipeline.status.notReadyReason?.hasSuffix(": injected") == true)
    agent.store.fail(.record, with: nil)
    await fleet.run(until: Self.noon + .minutes(2) + .seconds(5), agent)
    #expect(agent.sent.count == 3_100)
    try await fleet.expectAllClosedOnce(rows: 3_100)
    await fleet.close()
  }

  static let verbs: [FaultyStore.Verb] = [.open, .renew, .claim, .record, .plan, .giveBack]

  @Test("an answer that is lost loses and doubles nothing", arguments: verbs)
  func lostAnswer(of verb: FaultyStore.Verb) async throws {
    let fleet = try await Fleet(at: Self.noon)
    let agent = try fleet.agent("a")
    if verb == .open { agent.store.loseAnswer(of: .open) }
    _ = try await fleet.store.commit(
      [
        .putSchedule(
          Schedule(
            namespace: "default", id: "s", userID: nil, eventType: "birthday",
            definitionJSON: FlatJSON.object(["month": "1", "day": "15", "hour": "8", "minute": "1"]),
            startAt: Self.noon), .none)
      ], actor: .agent, dryRun: false, now: Self.noon)
    if verb == .plan { agent.store.loseAnswer(of: .plan) }
    await fleet.settle(agent)
    try await fleet.insert(500, dueAt: Self.noon + .seconds(90))
    agent.store.loseAnswer(of: verb)
    if verb == .giveBack {
      await fleet.run(until: Self.noon + .seconds(40), agent)
      agent.pipeline.engine.core.withLock { $0.setDraining(true) }
      await fleet.run(until: Self.noon + .seconds(41), agent)
      agent.pipeline.engine.core.withLock { $0.setDraining(false) }
    }
    await fleet.run(until: Self.noon + .seconds(100), agent)
    #expect(agent.observed.storeFailures > 0, "the answer was lost")
    #expect(agent.sent.count == 501 && Set(agent.sent).count == 501)
    #expect(agent.pipeline.status.loaded == 0 && agent.pipeline.status.unrecorded == 0)
    try await fleet.expectAllClosedOnce(rows: 501)
    await fleet.close()
  }

  @Test("receipts whose answer was lost are settled by what is stored, for whole and half closed rows")
  func lostReceipts() async throws {
    let fleet = try await Fleet(at: Self.noon)
    let agent = try fleet.agent("a")
    // A second sink that never answers: the rows stay open, with one receipt each.
    _ = try await fleet.store.commit(
      [
        .putSink(Sink(namespace: "default", name: "slow", plugin: "test", configurationJSON: "{}"), .none),
        .putSubscription(Subscription(namespace: "default", id: "slow", eventType: "*", sink: "slow"), .none),
      ], actor: .agent, dryRun: false, now: Self.noon)
    let slow = TestSink { _ in nil }
    agent.plugins.put(slow, named: "slow")
    try await fleet.insert(40, dueAt: Self.noon)
    agent.store.loseAnswer(of: .record)
    await fleet.run(until: Self.noon + .seconds(5), agent)
    #expect(agent.sent.count == 40 && slow.deliveries.count == 40)
    #expect(agent.pipeline.status.unrecorded == 0)
    slow.release()
    agent.store.loseAnswer(of: .record)
    await fleet.run(until: Self.noon + .seconds(10), agent)
    #expect(agent.sent.count == 40 && agent.pipeline.status.unrecorded == 0)
    // Nothing was recorded a second time, which the store would have refused.
    #expect(agent.observed.faults == ["unknown", "unknown"])
    try await fleet.expectAllClosedOnce(rows: 40)
    await fleet.close()
  }

  @Test("a receipt that was not stored before its answer was lost is recorded again")
  func lostBeforeItWasStored() async throws {
    let fleet = try await Fleet(at: Self.noon)
    let agent = try fleet.agent("a")
    try await fleet.insert(40, dueAt: Self.noon)
    agent.store.fail(.record, with: .unknown)
    await fleet.settle(agent)
    #expect(agent.pipeline.status.unrecorded == 40)
    agent.store.fail(.record, with: nil)
    await fleet.run(until: Self.noon + .seconds(3), agent)
    #expect(agent.sent.count == 40)
    try await fleet.expectAllClosedOnce(rows: 40)
    await fleet.close()
  }

  @Test("a submission whose answer was lost is made once, and its event is sent on time")
  func lostSubmission() async throws {
    let fleet = try await Fleet(at: Self.noon)
    let agent = try fleet.agent("a")
    await fleet.settle(agent)
    agent.store.loseAnswer(of: .submit)
    let oneOff = OneOff(
      schedule: Schedule(
        namespace: "default", id: "now", userID: nil, eventType: "notification", definitionJSON: "{}", queue: "high",
        startAt: Self.noon),
      event: PlannedEvent(
        key: "now", dueAt: Self.noon + .seconds(10), runAt: Self.noon + .seconds(10), timeZone: "UTC", queue: "high"),
      idempotencyKey: "now")
    let answer = Task { try await agent.pipeline.submit(oneOff) }
    while await !agent.pipeline.submitter.step() { await Task.yield() }
    guard case .existing = try await answer.value else {
      Issue.record("the event that was stored was not found again")
      return
    }
    await fleet.run(until: Self.noon + .seconds(10), agent)
    #expect(agent.sent == ["now"] && agent.worst == .zero)
    try await fleet.expectAllClosedOnce(rows: 1)
    await fleet.close()
  }
}
