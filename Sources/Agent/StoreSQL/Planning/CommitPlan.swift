package import EventModel
package import Store

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
    var planning = try Planning(session: self, now: now)
    try planning.advance(plans)
    for plan in plans { try planning.add(plan) }
    return try planning.finish()
  }
}

/// What stood of a series when its plan was committed.
package struct PlanGuard {
  /// Whether what is pending is planned anew.
  package var isReplan: Bool
  /// Its shard's slot.
  package var slot: Int32
  /// Whether a key beyond its cursor may have a row: after a re-plan, or because somebody moved an occurrence.
  package var mayMeetItself: Bool

  /// Makes it.
  package init(isReplan: Bool, slot: Int32, mayMeetItself: Bool) {
    self.isReplan = isReplan
    self.slot = slot
    self.mayMeetItself = mayMeetItself
  }
}

/// A new event's key, and where its row would be.
package struct PlannedKey {
  package var identity: EventIdentity
  package var runAt: Timestamp
  /// See ``PlanGuard``.
  package var mayMeetItself: Bool
}

extension SQLDialect {
  /// Keeps the plans of some schedules from changing until the transaction ends.
  package func lock(plansOf schedules: [ScheduleNumber], in session: Session) throws {}

  /// Writes where series stand, where nobody changed them since the plans were made; answers what stood there.
  package func advance(_ plans: [SchedulePlan], in session: Session) throws -> [ScheduleNumber: PlanGuard] {
    let query = try session.query("SELECT is_replan, slot FROM plan WHERE schedule = ? AND revision = ?")
    let advance = try session.query(
      """
      UPDATE plan SET revision = revision + 1, is_replan = ?, look_at = ?, next_key = ?, error = ?,
        cursor_instant = ?, cursor_is_start = ?, cursor_civil = ?, cursor_ordinal = ?, cursor_key = ?
      WHERE schedule = ?
      """)
    let keep = try session.query(
      """
      UPDATE plan SET revision = revision + 1, is_replan = ?, look_at = ?, next_key = ?, error = ? WHERE schedule = ?
      """)
    var guards: [ScheduleNumber: PlanGuard] = [:]
    for plan in plans {
      let found = try query.first(plan.schedule, plan.planRevision) {
        PlanGuard(isReplan: $0.bool(0), slot: $0.int32(1), mayMeetItself: true)
      }
      guard let found else { continue }
      guards[plan.schedule] = found
      let isReplan = found.isReplan && !plan.error.isEmpty
      if let cursor = plan.cursor {
        try advance.run(
          isReplan, plan.nextDue, plan.nextKey, plan.error, cursor.instant, cursor.isStart, cursor.civil.packed,
          Int64(bitPattern: cursor.ordinal), cursor.key, plan.schedule)
      } else {
        try keep.run(isReplan, plan.nextDue, plan.nextKey, plan.error, plan.schedule)
      }
    }
    return guards
  }

  /// Ends series that have no next occurrence, unless they only rest.
  package func end(_ schedules: [ScheduleNumber], in session: Session) throws {
    for schedule in schedules {
      try session.query(
        """
        UPDATE schedule SET state = ? WHERE number = ? AND state = ?
          AND NOT EXISTS (SELECT 1 FROM user u WHERE u.id = schedule.user AND u.paused = 1)
        """
      ).run(Schedule.State.ended.code, schedule, Schedule.State.active.code)
    }
  }

  /// Those of some new events whose keys may not be planned (again).
  package func blocked(_ events: [PlannedKey], in session: Session) throws -> Set<EventIdentity> {
    try Set(events.map(\.identity).filter { try session.isBlocked($0) })
  }
}

/// One batch of plans on its way into the ledger.
private struct Planning {
  let session: Session
  let now: Timestamp
  private let queues: Set<String>
  private var guards: [ScheduleNumber: PlanGuard] = [:]
  private var ended: [ScheduleNumber] = []
  private var events: [(event: PlannedEvent, key: PlannedKey, slot: Int32)] = []
  private var rows = NewRows()
  private var zoneGroups: [String: String] = [:]
  private var answer = PlanAnswer(planned: 0, events: 0, conflicts: [])

  init(session: Session, now: Timestamp) throws {
    self.session = session
    self.now = now
    // Before it is asked which there are.
    try session.dialect.holdQueues(in: session)
    queues = try Set(session.query("SELECT name FROM queue").all { $0.text(0) })
  }

  /// Advances all plans that still hold, and locks what is not only advanced.
  mutating func advance(_ plans: [SchedulePlan]) throws {
    guards = try session.dialect.advance(plans, in: session)
    let touched = plans.filter { guards[$0.schedule]?.isReplan == true || !$0.withdrawals.isEmpty || !$0.moves.isEmpty }
    if !touched.isEmpty { try session.dialect.lock(touched.map(\.schedule), in: session) }
  }

  mutating func add(_ plan: SchedulePlan) throws {
    guard let row = guards[plan.schedule] else {
      answer.conflicts.append(plan.schedule)
      return
    }
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
    for event in plan.events {
      try check(queue: event.queue)
      let key = PlannedKey(
        identity: EventIdentity(schedule: plan.schedule, key: event.key), runAt: event.runAt,
        mayMeetItself: row.mayMeetItself)
      events.append((event, key, row.slot))
    }
    answer.planned += 1
  }

  mutating func finish() throws -> PlanAnswer {
    try session.dialect.end(ended, in: session)
    let blocked = try session.dialect.blocked(events.map(\.key), in: session)
    for (event, key, slot) in events {
      if blocked.contains(key.identity) {
        try session.wantAgain(event, key.identity, now: now)
      } else {
        add(event, key.identity, slot: slot)
      }
    }
    _ = try session.insert(rows, now: now)
    answer.events = rows.count
    return answer
  }

  /// A series without a next occurrence is over, unless it only rests; one that goes on after a change is not.
  private mutating func updateState(_ plan: SchedulePlan, wasReplan: Bool) throws {
    if plan.nextDue == nil {
      ended.append(plan.schedule)
    } else if wasReplan {
      try session.query("UPDATE schedule SET state = ? WHERE number = ? AND state = ? AND is_one_off = 0")
        .run(Schedule.State.active.code, plan.schedule, Schedule.State.ended.code)
    }
  }

  private mutating func add(_ event: PlannedEvent, _ identity: EventIdentity, slot: Int32) {
    rows.add(
      NewRow(
        schedule: identity.schedule, key: identity.key, dueAt: event.dueAt, runAt: event.runAt,
        timeZone: event.timeZone, closedAs: event.closedAs),
      shard: Shard(zoneGroup: zoneGroup(event.timeZone), slot: slot), queue: event.queue)
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
