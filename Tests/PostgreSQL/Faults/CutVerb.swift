import EventModel
import Store
import Testing

@testable import StoreTesting

/// One verb of the store, as a play that prepares it, runs it once where a connection may be cut, and holds what it answered
/// and what is there against what it should be.
struct CutVerb: Sendable, CustomTestStringConvertible {
  let name: String
  /// `turn` counts from 1, for names.
  let play: @Sendable (_ world: CutWorld, _ turn: Int64) async throws -> Void

  var testDescription: String { name }

  init(_ name: String, _ play: @escaping @Sendable (CutWorld, Int64) async throws -> Void) {
    self.name = name
    self.play = play
  }

  static let all = leaseVerbs + ledgerVerbs + planningVerbs + interventionVerbs + upkeepVerbs + changeVerbs
}

let leaseVerbs = [
  CutVerb("open an agent") { world, turn in
    let before = try await world.direct.store.agents().first?.epoch ?? 0
    let lease = try await world.cutting { try await $0.agent() }
    let agent = try #require(try await world.direct.store.agents().first)
    #expect(lease.epoch == agent.epoch)
    // After a crash it may be begun once more: an epoch that nobody knows of does no harm.
    #expect(lease.epoch == before + 1 || world.crashes && lease.epoch == before + 2)
  },
  CutVerb("renew") { world, _ in
    let lease = try await world.direct.agent()
    let time = world.direct.now + .seconds(3)
    let renewal = try await world.cutting { try await $0.store.renew(lease, leaseFor: .seconds(10), now: time) }
    #expect(renewal.lease.until == time + .seconds(10))
    #expect(try await world.direct.store.agents().first?.leaseUntil == renewal.lease.until)
  },
  CutVerb("release") { world, _ in
    let lease = try await world.direct.agent()
    try await world.cutting { try await $0.store.release(lease, now: $0.now) }
    #expect(try await world.direct.store.agents().first?.releasedAt == world.direct.now)
  },
]

let ledgerVerbs = [
  CutVerb("claim") { world, turn in
    let now = world.direct.now
    try await world.direct.crowd(3, due: now, prefix: "c-\(turn)")
    let lease = try await world.direct.longAgent("one")
    let claimed = try await world.cutting { try await $0.claim(lease, at: now) }
    let owned = try await world.direct.store.owned(by: lease, now: now)
    #expect(Set(claimed.map(\.id)) == Set(owned.map(\.id)))
    #expect(claimed.reduce(0) { $0 + $1.count } == 3)
    try await world.deliverAll(lease, at: now)
  },
  CutVerb("load") { world, turn in
    let now = world.direct.now
    try await world.direct.crowd(1, due: now, prefix: "c-\(turn)")
    let lease = try await world.direct.longAgent("one")
    let bucket = try #require(try await world.direct.claim(lease, at: now).first)
    let events = try await world.cutting { try await $0.store.load(bucket.id, lease: lease, now: now) }
    #expect(events.count == 1)
    try await world.deliverAll(lease, at: now)
  },
  CutVerb("record every outcome") { world, turn in
    let now = world.direct.now
    let outcomes = Outcome.allCases
    try await world.direct.crowd(outcomes.count, due: now, prefix: "c-\(turn)")
    let lease = try await world.direct.longAgent("one")
    let events = try await world.direct.take(lease, at: now)
    let receipts = zip(events, outcomes).map { event, outcome in
      var followUp = outcome.isFinal ? nil : Scene.retry(event, at: now + .hours(1))
      if outcome != .retry { followUp?.attempt = event.attempt }
      if outcome == .deferred { followUp?.hop = 1 }
      return Scene.receipt(
        event, outcome, followUp: followUp, dead: outcome == .dead ? Message(title: "t", text: "t") : nil)
    }
    let answer = try await world.cutting { try await $0.store.record(receipts, lease: lease, now: now) }
    #expect(answer.fenced.isEmpty)
    #expect(answer.earliestFollowUp == now + .hours(1))
    let check = try await world.direct.audit()
    #expect(check.outcomes == Dictionary(uniqueKeysWithValues: outcomes.map { ($0, Int(turn)) }))
    #expect(check.open == 3 * Int(turn))
    #expect(try await world.number("SELECT count(*) FROM dead_letter") == turn)
    #expect(try await world.direct.store.owned(by: lease, now: now).isEmpty)
  },
  CutVerb("give back") { world, turn in
    let now = world.direct.now
    try await world.direct.crowd(2, due: now, prefix: "c-\(turn)")
    let lease = try await world.direct.longAgent("one")
    let buckets = try await world.direct.claim(lease, at: now).map(\.id)
    try await world.cutting { try await $0.store.giveBack(buckets, lease: lease, now: now) }
    #expect(try await world.direct.store.owned(by: lease, now: now).isEmpty)
    try await world.deliverAll(lease, at: now)
  },
]

let planningVerbs = [
  CutVerb("ask what to plan") { world, turn in
    try await world.direct.commit(.putSchedule(Scene.schedule("p-\(turn)"), .none))
    let items = try await world.cutting {
      try await $0.store.schedulesToPlan(dueBefore: $0.now + .hours(1), limit: 5_000)
    }
    #expect(items.count == Int(turn))
  },
  CutVerb("plan") { world, turn in
    let now = world.direct.now
    try await world.direct.commit(.putSchedule(Scene.schedule("p-\(turn)"), .none))
    let item = try await world.direct.item("p-\(turn)")
    let events = (0..<3).map { Scene.event("k\($0)", due: now + .minutes(Int64($0))) }
    let answer = try await world.cutting { try await $0.store.commitPlan([Scene.plan(item, events)], now: now) }
    #expect(answer.planned == 1)
    #expect(answer.events == 3)
    #expect(answer.conflicts.isEmpty)
    #expect(try await world.direct.audit().rows == 3 * Int(turn))
  },
  CutVerb("plan anew, with withdrawals and moves") { world, turn in
    let now = world.direct.now
    let events = ["k0", "k1", "k2"].map { Scene.event($0, due: now + .minutes(5)) }
    let schedule = try await world.direct.planned("p-\(turn)", events)
    _ = try await world.direct.store.markForReplan(timeZones: ["UTC"], now: now)
    let item = try await world.direct.item("p-\(turn)")
    let move = SchedulePlan.Move(
      key: "k1", dueAt: now + .hours(1), runAt: now + .hours(1), queue: "normal", timeZone: "Asia/Tokyo")
    let plan = Scene.plan(item, [Scene.event("k2", due: now)], withdrawals: ["k0"], moves: [move])
    let answer = try await world.cutting { try await $0.store.commitPlan([plan], now: now) }
    #expect(answer.planned == 1)
    #expect(answer.events == 0)
    let check = try await world.direct.audit()
    #expect(check.outcomes == [.cancelled: Int(turn), .moved: Int(turn)])
    #expect(check.rows == 4 * Int(turn))
    #expect(try await world.direct.state(EventIdentity(schedule: schedule, key: "k0")) == .cancelled)
  },
  CutVerb("submit") { world, turn in
    let now = world.direct.now
    let lease = try await world.direct.longAgent("one")
    let one = OneOff(
      schedule: Scene.schedule("o-\(turn)", type: "notification"), event: Scene.event("o", due: now),
      idempotencyKey: "o-\(turn)")
    let answer = try await world.cutting { try await $0.store.submit([one], owner: lease, now: now) }
    guard case .created(let identity)? = answer.submissions.first else {
      Issue.record("not created: \(answer.submissions)")
      return
    }
    #expect(try await world.direct.store.owned(by: lease, now: now).map(\.id) == answer.owned.map(\.id))
    let again = try await world.direct.store.submit([one], owner: lease, now: now)
    #expect(again.submissions == [.existing(identity)])
    #expect(try await world.direct.audit().rows == Int(turn))
    try await world.deliverAll(lease, at: now)
  },
]
