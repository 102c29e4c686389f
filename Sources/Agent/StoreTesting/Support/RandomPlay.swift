import EventModel
import Store

/// A small generator (SplitMix64), so that a seed plays the same steps on every machine.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = state
    value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
    return value ^ (value >> 31)
  }
}

/// Two agents, a planner and a person who all do as a random generator says. What each was told is remembered, and held
/// against what the store says later.
struct RandomPlay {
  let scene: Scene
  var random: SeededGenerator
  var now = Scene.start
  private var leases: [String: AgentLease] = [:]
  private var held: [String: [LoadedEvent]] = [:]
  private var commands: [String: [EventRef: Command]] = [:]
  var identities: [EventIdentity] = []
  var cancelled: Set<EventIdentity> = []
  private var asked: Set<Int64> = []
  var askedToCancel: [Int64: EventIdentity] = [:]
  var schedules = 0
  /// People that have schedules, by id, and the schedules of those that were erased.
  var people: [String: [ScheduleNumber]] = [:]
  var erased: Set<ScheduleNumber> = []
  private var hook = SinkNumber.all

  init(scene: Scene, seed: UInt64) {
    self.scene = scene
    self.random = SeededGenerator(seed: seed)
  }

  mutating func play(steps: Int) async throws {
    hook = try await scene.sink("hook")
    for _ in 0..<steps { try await step() }
    try await settle()
  }

  private mutating func step() async throws {
    let agent = pick(["a", "b"]) ?? "a"
    switch Int.random(in: 0..<18, using: &random) {
    case 0, 1: try await plan()
    case 2: try await submit(agent)
    case 3, 4, 5: try await take(agent)
    case 6, 7, 8: try await record(agent)
    case 9: try await intervene()
    case 10: try await loseOwner(agent)
    case 11: try await replan()
    case 12: _ = try await scene.store.expire(now: now)
    case 13: try await stopOrResume()
    case 14, 15: try await replayOrDiscard()
    case 16: try await except()
    case 17: try await erase()
    default: now = now + .milliseconds(Int64.random(in: 0...30_000, using: &random))
    }
  }

  mutating func pick<Item>(_ items: [Item]) -> Item? { items.randomElement(using: &random) }

  mutating func time(_ range: ClosedRange<Int64>) -> Timestamp {
    now + .seconds(Int64.random(in: range, using: &random))
  }
}

// MARK: - Planner and people

extension RandomPlay {
  private mutating func plan() async throws {
    schedules += 1
    let id = "s-\(schedules)"
    var events: [PlannedEvent] = []
    for number in 0..<Int.random(in: 1...6, using: &random) {
      let due = time(-300...300)
      events.append(Scene.event("k\(number)", due: due, run: max(due, now)))
    }
    let user = try await person()
    let number = try await scene.planned(id, events, user: user)
    if let user { people[user, default: []].append(number) }
    identities += events.map { EventIdentity(schedule: number, key: $0.key) }
  }

  private mutating func submit(_ agent: String) async throws {
    schedules += 1
    let id = "o-\(schedules)"
    let due = time(0...120)
    let user = try await person()
    let one = OneOff(
      schedule: Scene.schedule(id, user: user, type: "notification"), event: Scene.event(id, due: due),
      idempotencyKey: id, sink: pick([nil, "hook"]) ?? nil)
    let lease = try await lease(agent)
    let answer = try await scene.store.submit([one], owner: lease, now: now)
    if case .created(let identity) = answer.submissions.first {
      identities.append(identity)
      if let user { people[user, default: []].append(identity.schedule) }
    }
    for bucket in answer.owned { try await load(bucket.id, agent, lease) }
  }

  private mutating func intervene() async throws {
    guard let identity = pick(identities) else { return }
    let isCancel = Bool.random(using: &random)
    let actor = Actor(name: "test")
    let result =
      isCancel
      ? try await scene.store.cancel(identity, reason: "random", actor: actor, now: now)
      : try await scene.store.move(identity, dueAt: time(-60...300), queue: nil, actor: actor, now: now)
    switch result {
    case .done: if isCancel { cancelled.insert(identity) }
    case .asked(let command):
      asked.insert(command)
      if isCancel { askedToCancel[command] = identity }
    case .settled: break
    }
  }

  private mutating func replan() async throws {
    _ = try await scene.store.markForReplan(timeZones: ["UTC"], now: now)
    let items = try await scene.store.schedulesToPlan(dueBefore: now + .hours(1), limit: 1_000)
    var plans = items.map { item in
      var plan = Scene.plan(item, nextDue: now + .hours(24))
      for pending in item.pending {
        switch Int.random(in: 0..<4, using: &random) {
        case 0: plan.withdrawals.append(pending.key)
        case 1:
          let due = time(-60...300)
          plan.moves.append(
            .init(key: pending.key, dueAt: due, runAt: max(due, now), queue: "critical", timeZone: "Asia/Tokyo"))
        default: plan.events.append(Scene.event(pending.key, due: pending.dueAt))
        }
      }
      plan.events += item.settledKeys.map { Scene.event($0, due: now) }
      return plan
    }
    var withdrawn = 0
    for (index, item) in items.enumerated() {
      // Neither open nor settled: it was withdrawn, or waits for a retry.
      let known = Set(item.pending.map(\.key) + item.settledKeys)
      let keys = identities.filter { $0.schedule == item.schedule && !known.contains($0.key) }.map(\.key)
      plans[index].events += keys.map { Scene.event($0, due: now) }
      withdrawn += keys.count
    }
    let answer = try await scene.store.commitPlan(plans, now: now)
    try expect(answer.events <= withdrawn, "\(answer.events) events of keys that had rows, \(withdrawn) withdrawn")
  }
}

// MARK: - Agents

extension RandomPlay {
  /// The agent's lease, renewed; a new epoch when it has none or was fenced.
  private mutating func lease(_ agent: String) async throws -> AgentLease {
    if let lease = leases[agent], let renewal = try await renewed(lease) {
      commands[agent] = Dictionary(renewal.commands.map { ($0.ref, $0) }) { _, last in last }
      leases[agent] = renewal.lease
      return renewal.lease
    }
    let lease = try await scene.agent(agent, at: now)
    leases[agent] = lease
    held[agent] = nil
    commands[agent] = nil
    return lease
  }

  /// The renewal of a lease; nil when it was fenced.
  private func renewed(_ lease: AgentLease) async throws -> Renewal? {
    do {
      return try await scene.store.renew(lease, leaseFor: .seconds(10), now: now)
    } catch {
      guard error.code == .fenced else { throw error }
      return nil
    }
  }

  private mutating func take(_ agent: String) async throws {
    let lease = try await lease(agent)
    let events = Int.random(in: 1...20, using: &random)
    for bucket in try await scene.claim(lease, events: events, at: now) { try await load(bucket.id, agent, lease) }
  }

  private mutating func load(_ bucket: BucketID, _ agent: String, _ lease: AgentLease) async throws {
    for event in try await scene.store.load(bucket, lease: lease, now: now) {
      try expect(!cancelled.contains(event.identity), "an event was loaded after its cancel was acknowledged")
      try expect(!erased.contains(event.identity.schedule), "an event was loaded after its person was erased")
      held[agent, default: []].append(event)
    }
  }

  private mutating func record(_ agent: String) async throws {
    let lease = try await lease(agent)
    var events = held[agent] ?? []
    events.shuffle(using: &random)
    let count = Int.random(in: 0...events.count, using: &random)
    let answers = commands[agent] ?? [:]
    var receipts: [Receipt] = []
    for event in events.prefix(count) { receipts += receipt(event, answers[event.ref]) }
    held[agent] = Array(events.dropFirst(count))
    _ = try await scene.store.record(receipts, lease: lease, now: now)
  }

  private mutating func receipt(_ event: LoadedEvent, _ command: Command?) -> [Receipt] {
    if let command, Bool.random(using: &random) {
      switch command.kind {
      case .cancel: return [Scene.receipt(event, .cancelled, sink: 0, command: command.id)]
      case .withdraw where event.settledSinks.isEmpty:
        return [Scene.receipt(event, .cancelled, sink: 0, code: SkipReason.withdrawn.rawValue, command: command.id)]
      case .withdraw: break
      case .move(let due, let queue):
        let followUp = FollowUp(
          runAt: max(due, now), dueAt: due, queue: queue, attempt: event.attempt, hop: event.hop, sink: event.sink)
        return [Scene.receipt(event, .moved, sink: 0, followUp: followUp, command: command.id)]
      }
    }
    let retry = Scene.retry(event, at: time(0...120), sink: 2)
    switch Int.random(in: 0..<5, using: &random) {
    case 0: return [Scene.receipt(event, .retry, sink: 2, followUp: retry)]
    case 1: return [Scene.receipt(event, .dead, sink: hook.rawValue, dead: Message(title: "t", text: "t"))]
    case 2 where event.sink == .all && event.settledSinks.isEmpty:
      return [Scene.receipt(event, .retry, sink: 2, closes: false, followUp: retry), Scene.receipt(event, sink: 3)]
    default: return [Scene.receipt(event)]
    }
  }

  private mutating func loseOwner(_ agent: String) async throws {
    switch Int.random(in: 0..<4, using: &random) {
    case 0: leases[agent] = nil
    case 1: now = now + .seconds(11)
    case 2:
      try await scene.store.release(try await lease(agent), now: now)
      held[agent] = nil
    default:
      let lease = try await lease(agent)
      guard let bucket = pick(held[agent] ?? [])?.ref.bucket else { return }
      try await scene.store.giveBack([bucket], lease: lease, now: now)
      held[agent]?.removeAll { $0.ref.bucket == bucket }
    }
  }

  /// Delivers all that is left, and holds the ledger against what was told.
  private mutating func settle() async throws {
    try await scene.commit(.resumeAll, at: now)
    now = now + .hours(1)
    let last = try await scene.store.openAgent(name: "last", version: "1", leaseFor: .hours(1), now: now)
    while true {
      let rows = try await scene.take(last, at: now)
      if rows.isEmpty { break }
      try expect(rows.allSatisfy { !cancelled.contains($0.identity) }, "a cancelled event was loaded at the end")
      try expect(rows.allSatisfy { !erased.contains($0.identity.schedule) }, "an erased event was loaded at the end")
      try await scene.deliver(rows, last, at: now)
    }
    let check = try await scene.audit()
    try expectEqual(check.open, 0, "rows open at the end")
    for identity in identities {
      let state = try await scene.state(identity)
      try expect(state != .pending && state != .processing, "\(identity.text) is \(state.rawValue) at the end")
      if cancelled.contains(identity) {
        try expect(state == .cancelled || state == .failed, "a cancelled event is \(state.rawValue) at the end")
      }
    }
    for command in asked {
      try expect(try await scene.store.commandAnswer(command) != .open, "command \(command) was never answered")
    }
    for (command, identity) in askedToCancel where try await scene.store.commandAnswer(command) == .done {
      let state = try await scene.state(identity)
      try expect(state == .cancelled || state == .failed, "an event cancelled by its owner is \(state.rawValue)")
    }
  }
}
