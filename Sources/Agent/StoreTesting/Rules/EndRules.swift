import EventModel
import Store

extension Scene {
  /// One event of schedule `s`, taken by an agent.
  fileprivate func taken() async throws -> (lease: AgentLease, event: LoadedEvent) {
    try await planned("s", [Self.event("k", due: now)])
    let lease = try await agent()
    return (lease, try require(try await take(lease, at: now).first, "a row"))
  }

  fileprivate func record(_ receipts: Receipt..., by lease: AgentLease) async throws {
    let answer = try await store.record(receipts, lease: lease, now: now)
    try expect(answer.fenced.isEmpty, "expected receipts of owned buckets to be kept")
  }

  /// How events ended so far, by kind.
  fileprivate func ends() async throws -> [DomainEvent.Kind] {
    try await allChanges([.eventCompleted, .eventFailed], limit: 100).map(\.kind)
  }
}

/// When an event ends for good, and as what.
let endRules: [ConformanceRule] = [
  ConformanceRule("an event that every sink has is completed, once") { scene in
    let (lease, event) = try await scene.taken()
    try await scene.record(Scene.receipt(event, sink: 1, closes: false), by: lease)
    try expectEqual(try await scene.ends(), [], "with one sink to come")
    try await scene.record(Scene.receipt(event, .skipped, sink: 2), by: lease)
    try expectEqual(try await scene.ends(), [.eventCompleted], "with the last sink")
    let told = try require(try await scene.allChanges([.eventCompleted], limit: 1).first, "an event")
    try expectEqual(told.subject?.identity, event.identity, "its subject")
    try expectEqual(told.at, event.runAt + .seconds(1), "when")
  },
  ConformanceRule("an event with a dead letter failed, when the last of its sinks is done") { scene in
    let (lease, event) = try await scene.taken()
    let later = scene.now + .seconds(5)
    try await scene.record(
      Scene.receipt(event, .dead, sink: 1, closes: false, dead: Scene.words),
      Scene.receipt(event, .retry, sink: 2, followUp: Scene.retry(event, at: later, sink: 2)), by: lease)
    try expectEqual(try await scene.ends(), [], "with a retry to come")
    let retry = try await scene.take(lease, at: later)
    try await scene.deliver(retry, lease, at: later)
    try expectEqual(try await scene.ends(), [.eventFailed], "at its end")
  },
  ConformanceRule("the last row to end is the event's end, in whichever order its rows do") { scene in
    let (lease, event) = try await scene.taken()
    let later = scene.now + .seconds(5)
    try await scene.record(
      Scene.receipt(event, .retry, sink: 1, closes: false, followUp: Scene.retry(event, at: later, sink: 1)), by: lease)
    let retry = try await scene.take(lease, at: later)
    try await scene.deliver(retry, lease, at: later)
    try expectEqual(try await scene.ends(), [], "while the first row is open")
    try await scene.record(Scene.receipt(event, sink: 2), by: lease)
    try expectEqual(try await scene.ends(), [.eventCompleted], "with the first row")
  },
  ConformanceRule("what is cancelled, expired or skipped neither completes nor fails") { scene in
    for outcome in [Outcome.cancelled, .expired, .skipped, .merged] {
      let id = outcome.rawValue
      try await scene.planned(id, [Scene.event("k", due: scene.now)])
      let lease = try await scene.agent()
      let rows = try await scene.take(lease, at: scene.now)
      try await scene.record(Scene.receipt(try require(rows.first, "a row"), outcome), by: lease)
    }
    try expectEqual(try await scene.ends(), [], "ends")
  },
  ConformanceRule("a replayed dead letter ends its event again") { scene in
    let hook = try await scene.sink("hook")
    let letter = try await scene.died(at: hook)
    try expectEqual(try await scene.ends(), [.eventFailed], "when it died")
    try await scene.replay(letter, at: scene.now)
    let lease = try await scene.agent("second", at: scene.now)
    let rows = try await scene.take(lease, at: scene.now)
    try expectEqual(try await scene.ends(), [.eventFailed], "while it is tried again")
    try await scene.record(
      Scene.receipt(try require(rows.first, "the replayed row"), sink: hook.rawValue), by: lease)
    try expectEqual(try await scene.ends(), [.eventFailed, .eventCompleted], "when it is delivered")
  },
]
