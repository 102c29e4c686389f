import EventModel
import Store

extension Session {
  /// The most event rows that one `commitPlan` writes.
  private static let eventsPerPlanTransaction = 50_000

  func commitPlan(_ plans: [SchedulePlan], now: Timestamp) throws -> PlanAnswer {
    guard plans.count <= LedgerLimits.plansPerTransaction,
      plans.reduce(0, { $0 + $1.events.count }) <= Self.eventsPerPlanTransaction
    else {
      throw StoreError(
        ModelError(
          field: "plans",
          "must be at most \(LedgerLimits.plansPerTransaction) with \(Self.eventsPerPlanTransaction) events"))
    }
    try dialect.lock(plans.map(\.schedule), in: self)
    var planning = try Planning(session: self, now: now)
    for plan in plans { try planning.add(plan) }
    return try planning.finish()
  }
}

/// One batch of plans on its way into the ledger.
private struct Planning {
  let session: Session
  let now: Timestamp
  private let queues: Set<String>
  private var rows = NewRows()
  private var zoneGroups: [String: String] = [:]
  private var answer = PlanAnswer(planned: 0, events: 0, conflicts: [])
  private let guardRow: Query
  private let advance: Query
  private let keep: Query

  init(session: Session, now: Timestamp) throws {
    self.session = session
    self.now = now
    queues = try Set(session.query("SELECT name FROM queue").all { $0.text(0) })
    guardRow = try session.query("SELECT revision, is_replan, slot FROM plan WHERE schedule = ?")
    advance = try session.query(
      """
      UPDATE plan SET revision = revision + 1, is_replan = ?, look_at = ?, next_key = ?, error = ?,
        cursor_instant = ?, cursor_is_start = ?, cursor_civil = ?, cursor_ordinal = ?, cursor_key = ?
      WHERE schedule = ?
      """)
    keep = try session.query(
      """
      UPDATE plan SET revision = revision + 1, is_replan = ?, look_at = ?, next_key = ?, error = ? WHERE schedule = ?
      """)
  }

  mutating func add(_ plan: SchedulePlan) throws {
    let row = try guardRow.first(plan.schedule) {
      (revision: $0.int64(0), isReplan: $0.bool(1), slot: $0.int32(2))
    }
    guard let row, row.revision == plan.planRevision else {
      answer.conflicts.append(plan.schedule)
      return
    }
    try write(plan, isReplan: row.isReplan && !plan.error.isEmpty)
    if plan.error.isEmpty { try updateState(plan, wasReplan: row.isReplan) }
    if row.isReplan, plan.error.isEmpty {
      try session.takeBackWithdrawals(of: plan.schedule, but: Set(plan.withdrawals))
    }
    for key in plan.withdrawals {
      try apply(EventIdentity(schedule: plan.schedule, key: key)) { _ in
        .withdraw(reason: "its schedule was paused, changed or deleted")
      }
    }
    for move in plan.moves {
      try check(queue: move.queue)
      try apply(EventIdentity(schedule: plan.schedule, key: move.key)) { row in
        let isAsWished = row.dueAt == move.dueAt && row.queue == move.queue && row.timeZone == move.timeZone
        return isAsWished ? nil : .move(dueAt: move.dueAt, queue: move.queue, timeZone: move.timeZone)
      }
    }
    for event in plan.events { try add(event, plan.schedule, slot: row.slot) }
    answer.planned += 1
  }

  mutating func finish() throws -> PlanAnswer {
    _ = try session.insert(rows, now: now)
    answer.events = rows.count
    return answer
  }

  private func write(_ plan: SchedulePlan, isReplan: Bool) throws {
    if let cursor = plan.cursor {
      try advance.run(
        isReplan, plan.nextDue, plan.nextKey, plan.error, cursor.instant, cursor.isStart, cursor.civil.packed,
        Int64(bitPattern: cursor.ordinal), cursor.key, plan.schedule)
    } else {
      try keep.run(isReplan, plan.nextDue, plan.nextKey, plan.error, plan.schedule)
    }
  }

  /// A series without a next occurrence is over, unless it only rests; one that goes on after a change is not.
  private func updateState(_ plan: SchedulePlan, wasReplan: Bool) throws {
    if plan.nextDue == nil {
      try session.query(
        """
        UPDATE schedule SET state = ? WHERE number = ? AND state = ?
          AND NOT EXISTS (SELECT 1 FROM user u WHERE u.id = schedule.user AND u.paused = 1)
        """
      ).run(Schedule.State.ended.code, plan.schedule, Schedule.State.active.code)
    } else if wasReplan {
      try session.query("UPDATE schedule SET state = ? WHERE number = ? AND state = ? AND is_one_off = 0")
        .run(Schedule.State.active.code, plan.schedule, Schedule.State.ended.code)
    }
  }

  private mutating func add(_ event: PlannedEvent, _ schedule: ScheduleNumber, slot: Int32) throws {
    try check(queue: event.queue)
    guard try !session.isBlocked(EventIdentity(schedule: schedule, key: event.key)) else { return }
    let group = zoneGroup(event.timeZone)
    rows.add(
      NewRow(
        schedule: schedule, key: event.key, dueAt: event.dueAt, runAt: event.runAt, timeZone: event.timeZone,
        closedAs: event.closedAs),
      shard: Shard(zoneGroup: group, slot: slot), queue: event.queue)
  }

  private mutating func zoneGroup(_ timeZone: String) -> String {
    if let group = zoneGroups[timeZone] { return group }
    let group = Shard(timeZone: timeZone, owner: "").zoneGroup
    zoneGroups[timeZone] = group
    return group
  }

  private func check(queue: String) throws {
    guard queues.contains(queue) else {
      throw StoreError(ModelError(field: "queue", "there is no queue \"\(queue)\""))
    }
  }

  private func apply(_ event: EventIdentity, _ wish: (LedgerRow) -> Wish?) throws {
    var request: Int64?
    for row in try session.rows(of: event) where !row.isSettled {
      guard let wish = wish(row), row.allows(wish) else { continue }
      request = try session.apply(wish, row, request: request, now: now) ?? request
    }
  }
}
