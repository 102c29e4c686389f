import EventModel
import Store

extension Session {
  static let scheduleColumns = """
    s.number, s.name, u.name, s.event_type, s.definition, s.queue, s.time_zone, s.gap, s.fold, s.catch_up_mode,
    s.catch_up_window, s.state, s.start_at, p.look_at, p.is_replan, p.error, s.revision, s.created_at, s.updated_at,
    s.is_one_off, s.is_test
    """
  static let scheduleTables =
    "schedule s LEFT JOIN user u ON u.id = s.user LEFT JOIN plan p ON p.schedule = s.number"

  func readSchedule(_ columns: Columns, namespace: String) throws -> Schedule {
    Schedule(
      namespace: namespace, id: columns.text(1), userID: columns.optionalText(2), eventType: columns.text(3),
      definitionJSON: columns.text(4), queue: columns.optionalText(5), timeZone: columns.optionalText(6),
      gap: try GapRule(stored: columns.int64(7)), fold: try FoldRule(stored: columns.int64(8)),
      catchUp: try columns.catchUp(9), state: try Schedule.State(stored: columns.int64(11)),
      startAt: columns.time(12), nextDue: columns.bool(14) ? nil : columns.optionalTime(13),
      planError: columns.optionalText(15) ?? "", number: ScheduleNumber(rawValue: columns.int64(0)),
      revision: columns.int64(16), createdAt: columns.time(17), updatedAt: columns.time(18),
      isTest: columns.bool(20))
  }

  func scheduleNumber(_ namespace: Int64, _ id: String) throws -> ScheduleNumber? {
    try query("SELECT number FROM schedule WHERE namespace = ? AND name = ? AND state <> 3")
      .first(namespace, id) { ScheduleNumber(rawValue: $0.int64(0)) }
  }

  /// The schedules of a user that are not deleted.
  func schedules(ofUser user: Int64) throws -> [(number: ScheduleNumber, isOneOff: Bool)] {
    try query("SELECT number, is_one_off FROM schedule WHERE user = ? AND state <> 3")
      .all(user) { (ScheduleNumber(rawValue: $0.int64(0)), $0.bool(1)) }
  }

  /// The same with the shells of deleted ones.
  func schedulesEver(ofUser user: Int64) throws -> [ScheduleNumber] {
    try query("SELECT number FROM schedule WHERE user = ? ORDER BY number").all(user) {
      ScheduleNumber(rawValue: $0.int64(0))
    }
  }

  private func find(_ namespace: Int64, _ name: String, _ id: String) throws -> (schedule: Schedule, isOneOff: Bool)? {
    try query(
      "SELECT \(Self.scheduleColumns) FROM \(Self.scheduleTables) WHERE s.namespace = ? AND s.name = ? AND s.state <> 3"
    ).first(namespace, id) { (try readSchedule($0, namespace: name), $0.bool(19)) }
  }

  func put(_ draft: Schedule, _ precondition: Precondition, now: Timestamp) throws
    -> (result: ChangeResult, number: ScheduleNumber)
  {
    try draft.check()
    let namespace = try makeNamespace(draft.namespace)
    let found = try find(namespace, draft.namespace, draft.id)
    try precondition.check(put: found?.schedule.revision, "schedule \"\(draft.id)\"")
    let user = try references(of: draft, namespace, isTest: found?.schedule.isTest == true)
    guard let found else {
      let number = try insertSchedule(draft, namespace: namespace, user: user, isOneOff: false, lookAt: now, now: now)
      return (ChangeResult(effect: .created, revision: 1), number)
    }
    let old = found.schedule
    guard !Self.isSame(draft, old) else {
      return (ChangeResult(effect: .unchanged, revision: old.revision), old.number)
    }
    guard !found.isOneOff else {
      throw StoreError(.failedPrecondition, "schedule \"\(draft.id)\" is a single event's; cancel or move the event")
    }
    let wasResting = try isResting(old.number)
    try update(draft, old, user, now)
    if wasResting, try !isResting(old.number) { try resume(old.number, now: now) }
    try markForReplan(old.number, now: now)
    return (ChangeResult(effect: .updated, revision: old.revision + 1), old.number)
  }

  /// Checks what a draft refers to; answers its user's number.
  private func references(of draft: Schedule, _ namespace: Int64, isTest: Bool) throws -> Int64? {
    var violations: [ModelError.Violation] = []
    if draft.isTest, !isTest {
      violations.append(.init(field: "is_test", message: "must be false: only a single event is a test run"))
    }
    if draft.state != .active, draft.state != .paused {
      violations.append(.init(field: "state", message: "must be active or paused"))
    }
    if let queue = draft.queue, try !queueExists(queue) {
      violations.append(.init(field: "queue", message: "there is no queue \"\(queue)\""))
    }
    var user: Int64?
    if let userID = draft.userID {
      user = try userNumber(namespace, userID)
      if user == nil { violations.append(.init(field: "user_id", message: "there is no user \"\(userID)\"")) }
    }
    guard violations.isEmpty else { throw ModelError(violations: violations) }
    return user
  }

  /// Whether a draft asks for nothing new. A series that is over stays over when it is put again as it was, and the
  /// moment of creation is the first draft's.
  private static func isSame(_ draft: Schedule, _ old: Schedule) -> Bool {
    var wanted = draft
    wanted.number = old.number
    wanted.revision = old.revision
    wanted.startAt = old.startAt
    wanted.nextDue = old.nextDue
    wanted.planError = old.planError
    wanted.createdAt = old.createdAt
    wanted.updatedAt = old.updatedAt
    wanted.isTest = old.isTest
    wanted.exceptions = old.exceptions
    if wanted.state == .active, old.state == .ended { wanted.state = .ended }
    return wanted == old
  }

  func insertSchedule(
    _ schedule: Schedule, namespace: Int64, user: Int64?, isOneOff: Bool, lookAt: Timestamp?, now: Timestamp
  ) throws -> ScheduleNumber {
    let number = try query(
      """
      INSERT INTO schedule (namespace, name, user, event_type, definition, queue, time_zone, gap, fold, catch_up_mode,
        catch_up_window, state, is_one_off, start_at, revision, created_at, updated_at, is_test)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?)
      RETURNING number
      """
    ).only(
      namespace, schedule.id, user, schedule.eventType, schedule.definitionJSON, schedule.queue, schedule.timeZone,
      schedule.gap.code, schedule.fold.code, schedule.catchUp?.mode.code, schedule.catchUp?.window,
      schedule.state.code, isOneOff, schedule.startAt, now, now, schedule.isTest
    ) { ScheduleNumber(rawValue: $0.int64(0)) }
    try query(
      "INSERT INTO plan (schedule, revision, is_replan, look_at, slot, next_key, error) VALUES (?, 1, ?, ?, ?, '', '')"
    ).run(
      number, false, schedule.state == .active ? lookAt : nil,
      Shard(timeZone: "UTC", owner: schedule.userID ?? schedule.id).slot)
    return number
  }

  private func update(_ draft: Schedule, _ old: Schedule, _ user: Int64?, _ now: Timestamp) throws {
    try query(
      """
      UPDATE schedule SET user = ?, event_type = ?, definition = ?, queue = ?, time_zone = ?, gap = ?, fold = ?,
        catch_up_mode = ?, catch_up_window = ?, state = ?, revision = ?, updated_at = ? WHERE number = ?
      """
    ).run(
      user, draft.eventType, draft.definitionJSON, draft.queue, draft.timeZone, draft.gap.code, draft.fold.code,
      draft.catchUp?.mode.code, draft.catchUp?.window, draft.state.code, old.revision + 1, now, old.number)
  }

  func deleteSchedule(_ namespace: String, _ id: String, _ precondition: Precondition, now: Timestamp) throws
    -> (result: ChangeResult, number: ScheduleNumber)
  {
    let found = try self.namespace(namespace).flatMap { try find($0, namespace, id) }
    let revision = try precondition.check(delete: found?.schedule.revision, "schedule \"\(id)\"")
    guard let number = found?.schedule.number else { throw StoreError.missing("schedule", id) }
    try deleteSchedule(number, now: now)
    return (ChangeResult(effect: .deleted, revision: revision), number)
  }

  /// Leaves a shell while the ledger refers to the schedule; the planner withdraws what is pending. The shell goes on
  /// naming its user, so that erasing reaches it.
  func deleteSchedule(_ number: ScheduleNumber, now: Timestamp) throws {
    let isReferred = try query(
      """
      SELECT 1 FROM event WHERE schedule = ?1 UNION ALL SELECT 1 FROM dead_letter WHERE schedule = ?1 LIMIT 1
      """
    ).exists(number)
    guard isReferred else { return try eraseSchedule(number) }
    try query("DELETE FROM occurrence_exception WHERE schedule = ?").run(number)
    try query("UPDATE schedule SET state = ?, definition = '{}', updated_at = ? WHERE number = ?")
      .run(Schedule.State.deleted.code, now, number)
    try markForReplan(number, now: now)
  }

  /// Removes a schedule that the ledger does not refer to.
  func eraseSchedule(_ number: ScheduleNumber) throws {
    try query("DELETE FROM idempotency WHERE schedule = ?").run(number)
    try query("DELETE FROM occurrence_exception WHERE schedule = ?").run(number)
    try query("DELETE FROM plan WHERE schedule = ?").run(number)
    try query("DELETE FROM schedule WHERE number = ?").run(number)
  }
}
