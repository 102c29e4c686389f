import EventModel
import Store

/// A store, and an instant to count from. Every verb of the rules takes its time from here.
final class Scene: Sendable {
  /// 2027-01-15T08:00:00Z, a whole minute.
  static let start = Timestamp(seconds: 1_800_000_000)

  let store: any Store
  private let reopenStore: @Sendable (any Store) async throws -> any Store

  init(store: any Store, reopen: @escaping @Sendable (any Store) async throws -> any Store) {
    self.store = store
    self.reopenStore = reopen
  }

  var now: Timestamp { Self.start }

  /// Closes the store and opens it again.
  func reopened() async throws -> Scene {
    Scene(store: try await reopenStore(store), reopen: reopenStore)
  }

  @discardableResult
  func commit(_ changes: Change..., dryRun: Bool = false, at time: Timestamp? = nil) async throws -> [ChangeResult] {
    try await store.commit(changes, actor: Actor(name: "test"), dryRun: dryRun, now: time ?? now)
  }

  func accessList() async throws -> AccessList {
    try require(try await store.accessList(besides: nil), "an access list")
  }

  /// An agent with a lease of 10 s.
  func agent(
    _ name: String = "one", prefers: ShardPreference = .none, at time: Timestamp? = nil
  ) async throws -> AgentLease {
    try await store.openAgent(name: name, version: "1", prefers: prefers, leaseFor: .seconds(10), now: time ?? now)
  }

  /// An agent whose lease outlives the rule.
  func longAgent(_ name: String, prefers: ShardPreference = .none) async throws -> AgentLease {
    try await store.openAgent(name: name, version: "1", prefers: prefers, leaseFor: .hours(1), now: now)
  }
}

// MARK: - Planning

extension Scene {
  static func schedule(
    _ id: String, namespace: String = "default", user: String? = nil, type: String = "birthday", queue: String? = nil
  ) -> Schedule {
    Schedule(
      namespace: namespace, id: id, userID: user, eventType: type, definitionJSON: #"{"at":"09:00"}"#, queue: queue,
      startAt: start)
  }

  static func event(
    _ key: String, due: Timestamp, run: Timestamp? = nil, queue: String = "critical", zone: String = "Europe/Berlin",
    closedAs: PlannedEvent.Closed? = nil
  ) -> PlannedEvent {
    PlannedEvent(key: key, dueAt: due, runAt: run ?? due, timeZone: zone, queue: queue, closedAs: closedAs)
  }

  func item(_ id: String, namespace: String = "default") async throws -> PlanningItem {
    let items = try await store.schedulesToPlan(dueBefore: Timestamp(microseconds: .max), limit: 5_000)
    return try require(items.first { $0.id == id && $0.namespace == namespace }, "schedule \(id) among those to plan")
  }

  /// What a planner would answer for an item.
  static func plan(
    _ item: PlanningItem, _ events: [PlannedEvent] = [], nextDue: Timestamp? = start + .hours(24 * 365),
    withdrawals: [String] = [], moves: [SchedulePlan.Move] = []
  ) -> SchedulePlan {
    let cursor = OccurrenceCursor(
      isStart: false, civil: CivilFields(year: 2_027, month: 1, day: 15, hour: 9, minute: 30, second: 59, fold: 1),
      instant: events.last?.dueAt ?? start, ordinal: UInt64(events.count), key: events.last?.key ?? "")
    return SchedulePlan(
      schedule: item.schedule, planRevision: item.planRevision, cursor: cursor, nextDue: nextDue, nextKey: "next",
      events: events, withdrawals: withdrawals, moves: moves)
  }

  /// Makes a schedule and plans these events of it; answers its number.
  @discardableResult
  func planned(
    _ id: String = "s", _ events: [PlannedEvent], namespace: String = "default", user: String? = nil,
    type: String = "birthday"
  ) async throws -> ScheduleNumber {
    try await commit(.putSchedule(Self.schedule(id, namespace: namespace, user: user, type: type), .none))
    let item = try await item(id, namespace: namespace)
    let answer = try await store.commitPlan([Self.plan(item, events)], now: now)
    try expectEqual(answer.planned, 1, "schedules planned")
    return item.schedule
  }

  /// `count` schedules with one event each, all due at the same instant.
  func crowd(_ count: Int, due: Timestamp, queue: String = "critical", prefix: String = "c") async throws {
    for first in stride(from: 0, to: count, by: 500) {
      let changes = (first..<min(first + 500, count)).map {
        Change.putSchedule(Self.schedule("\(prefix)-\($0)"), .none)
      }
      _ = try await store.commit(changes, actor: .agent, dryRun: false, now: now)
    }
    let items = try await store.schedulesToPlan(dueBefore: now + .hours(1), limit: 5_000)
    let plans = items.map { Self.plan($0, [Self.event("k", due: due, queue: queue)]) }
    try expectEqual(try await store.commitPlan(plans, now: now).events, count, "events planned")
  }
}

// MARK: - Claiming and recording

extension Scene {
  func claim(
    _ lease: AgentLease, _ queues: [String] = ["critical"], events: Int = 100_000, prefers: ShardPreference = .none,
    at time: Timestamp
  ) async throws -> [ClaimedBucket] {
    try await store.claim(
      ClaimRequest(lease: lease, capacity: queues.map { ($0, events) }, prefers: prefers), now: time)
  }

  /// Claims all that is due, and loads it.
  func take(_ lease: AgentLease, _ queues: [String] = ["critical"], at time: Timestamp) async throws -> [LoadedEvent] {
    var events: [LoadedEvent] = []
    for bucket in try await claim(lease, queues, at: time) {
      events += try await store.load(bucket.id, lease: lease, now: time)
    }
    return events
  }

  /// A receipt that closes a row.
  static func receipt(
    _ event: LoadedEvent, _ outcome: Outcome = .delivered, sink: Int64 = 1, closes: Bool = true,
    code: String = "code", followUp: FollowUp? = nil, dead: Message? = nil, command: Int64? = nil
  ) -> Receipt {
    Receipt(
      ref: event.ref, identity: event.identity, sink: SinkNumber(rawValue: sink), attempt: event.attempt,
      hop: event.hop, outcome: outcome, closes: closes, code: code, detail: "detail", externalID: "external",
      startedAt: event.runAt, doneAt: event.runAt + .seconds(1), followUp: followUp, deadMessage: dead,
      command: command)
  }

  /// The next attempt of a row.
  static func retry(_ event: LoadedEvent, at time: Timestamp, sink: Int64 = 1) -> FollowUp {
    FollowUp(
      runAt: time, dueAt: event.dueAt, queue: event.queue, attempt: event.attempt + 1, hop: 0,
      sink: SinkNumber(rawValue: sink), rendered: Message(title: "T", text: "Hello", html: "<p>Hello</p>"),
      carry: "carried", firstAttemptAt: event.firstAttemptAt ?? event.runAt)
  }

  func deliver(_ events: [LoadedEvent], _ lease: AgentLease, at time: Timestamp) async throws {
    let answer = try await store.record(events.map { Self.receipt($0) }, lease: lease, now: time)
    try expect(answer.fenced.isEmpty, "expected receipts of owned buckets to be kept")
  }

  func state(_ identity: EventIdentity, namespace: String = "default") async throws -> EventState {
    try await store.event(namespace: namespace, identity: identity).state
  }

  /// The ledger's sums over all time; holds that nothing is lost or closed twice.
  @discardableResult
  func audit() async throws -> LedgerCheck {
    let check = try await store.check(from: Self.start - .hours(24 * 365), to: Self.start + .hours(24 * 365))
    try expectEqual(check.lost, 0, "rows lost")
    try expectEqual(check.closedTwice, 0, "rows closed twice")
    try expectEqual(check.rows, check.closedOnce + check.open, "rows in all")
    return check
  }
}
