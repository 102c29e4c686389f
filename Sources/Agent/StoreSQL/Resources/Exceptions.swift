package import EventModel
import Store

extension OccurrenceException.Action {
  /// The stored number of what becomes of an occurrence.
  fileprivate var code: Int64 {
    switch self {
    case .skip: 0
    case .move: 1
    }
  }

  fileprivate var target: CivilFields? {
    switch self {
    case .skip: nil
    case .move(let target): target
    }
  }

  fileprivate init(code: Int64, target: Int64?) throws {
    switch (code, target) {
    case (0, _): self = .skip
    case (1, .some(let target)): self = .move(to: CivilFields(packed: target))
    default: throw StoreError(.corrupt, "the store holds \(code), which says nothing about an occurrence")
    }
  }
}

extension Session {
  /// The exceptions of some schedules, each's by key; one query for all.
  func exceptions(of schedules: [ScheduleNumber]) throws -> [ScheduleNumber: [OccurrenceException]] {
    guard !schedules.isEmpty else { return [:] }
    var found: [ScheduleNumber: [OccurrenceException]] = [:]
    let numbers = "[" + schedules.map { String($0.rawValue) }.joined(separator: ",") + "]"
    try query(
      """
      SELECT x.schedule, x.key, x.action, x.moved_to, x.reason, x.created_at
      FROM \(dialect.integers) j CROSS JOIN occurrence_exception x ON x.schedule = j.value ORDER BY x.schedule, x.key
      """
    ).forEach(numbers) { columns in
      let exception = OccurrenceException(
        key: columns.text(1), action: try .init(code: columns.int64(2), target: columns.optionalInt64(3)),
        reason: columns.text(4), createdAt: columns.time(5))
      found[ScheduleNumber(rawValue: columns.int64(0)), default: []].append(exception)
    }
    return found
  }

  /// Puts their exceptions into schedules.
  func addExceptions(_ schedules: inout [Schedule]) throws {
    let exceptions = try exceptions(of: schedules.map(\.number))
    for index in schedules.indices { schedules[index].exceptions = exceptions[schedules[index].number] ?? [] }
  }

  func put(
    _ draft: OccurrenceException, _ namespace: String, _ schedule: String, now: Timestamp
  ) throws -> (result: ChangeResult, number: ScheduleNumber) {
    try draft.check()
    let owner = try planned(namespace, schedule)
    let old = try exceptions(of: [owner.number])[owner.number]?.first { $0.key == draft.key }
    if let old, old.action == draft.action, old.reason == draft.reason {
      return (ChangeResult(effect: .unchanged, revision: owner.revision), owner.number)
    }
    if old == nil { try requireRoom(owner.number, now: now) }
    try query(
      """
      INSERT INTO occurrence_exception (schedule, key, action, moved_to, reason, created_at)
      VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT (schedule, key) DO UPDATE SET action = excluded.action, moved_to = excluded.moved_to,
        reason = excluded.reason, created_at = excluded.created_at
      """
    ).run(owner.number, draft.key, draft.action.code, draft.action.target?.packed, draft.reason, now)
    try markForReplan(owner.number, now: now)
    return (ChangeResult(effect: old == nil ? .created : .updated, revision: owner.revision), owner.number)
  }

  func deleteException(
    _ namespace: String, _ schedule: String, key: String, now: Timestamp
  ) throws -> (result: ChangeResult, number: ScheduleNumber) {
    let owner = try planned(namespace, schedule)
    let count = try query("DELETE FROM occurrence_exception WHERE schedule = ? AND key = ?").run(owner.number, key)
    guard count > 0 else {
      throw StoreError(.notFound, "schedule \"\(schedule)\" has no exception for the occurrence \"\(key)\"")
    }
    try markForReplan(owner.number, now: now)
    return (ChangeResult(effect: .deleted, revision: owner.revision), owner.number)
  }

  /// A schedule that the planner plans.
  private func planned(_ namespace: String, _ id: String) throws -> (number: ScheduleNumber, revision: Int64) {
    let found = try self.namespace(namespace).flatMap { home in
      try query("SELECT number, revision, is_one_off FROM schedule WHERE namespace = ? AND name = ? AND state <> 3")
        .first(home, id) { (ScheduleNumber(rawValue: $0.int64(0)), $0.int64(1), $0.bool(2)) }
    }
    guard let (number, revision, isOneOff) = found else { throw StoreError.missing("schedule", id) }
    guard !isOneOff else {
      throw StoreError(.failedPrecondition, "schedule \"\(id)\" is a single event's; cancel or move the event")
    }
    return (number, revision)
  }

  /// What retention would remove takes nobody's room.
  private func requireRoom(_ schedule: ScheduleNumber, now: Timestamp) throws {
    try query("DELETE FROM occurrence_exception WHERE schedule = ? AND created_at < ?")
      .run(schedule, now - OccurrenceException.keptFor)
    let count = try query("SELECT count(*) FROM occurrence_exception WHERE schedule = ?").first(schedule) { $0.int(0) }
    guard (count ?? 0) < OccurrenceException.maximumPerSchedule else {
      throw ModelError(
        field: "exceptions", "a schedule has at most \(OccurrenceException.maximumPerSchedule); take one back first")
    }
  }

  /// Removes exceptions that were said longer ago than they are kept.
  package func dropExceptions(before now: Timestamp) throws {
    try query(
      """
      DELETE FROM occurrence_exception WHERE (schedule, key) IN (
        SELECT schedule, key FROM occurrence_exception WHERE created_at < ? LIMIT ?)
      """
    ).run(now - OccurrenceException.keptFor, Self.rowsPerUpkeep)
  }
}
