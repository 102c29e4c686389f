import EventModel
import Store

extension Session {
  /// The most schedules that one transaction of `markForReplan` goes through.
  static let schedulesPerMark = 1_000
  /// Settled keys that a re-plan is told.
  private static let settledKeysPerSchedule = 1_000
  /// Pending occurrences that a re-plan is told; the planner's horizon bounds them well below.
  private static let pendingPerSchedule = 50_000

  private static let select = """
    SELECT p.schedule, p.revision, p.is_replan,
      p.cursor_instant, p.cursor_is_start, p.cursor_civil, p.cursor_ordinal, p.cursor_key,
      s.namespace, s.name, s.event_type, s.definition, s.queue, s.time_zone, s.gap, s.fold,
      s.catch_up_mode, s.catch_up_window, s.state, s.start_at, s.created_at, u.id, \(UserColumns.snapshot)
    FROM plan p JOIN schedule s ON s.number = p.schedule LEFT JOIN user u ON u.id = s.user
    """

  func schedulesToPlan(
    dueBefore horizon: Timestamp, limit: Int, share: PlanningShare, now: Timestamp
  ) throws -> [PlanningItem] {
    let bound = min(max(limit, 0), LedgerLimits.plansPerTransaction)
    var items = share == .whole ? try whole(horizon, bound) : try own(share, horizon, bound)
    if share != .whole, items.count < bound {
      items += try othersLate(share, horizon, bound - items.count, now: now)
    }
    try complete(&items)
    return items
  }

  /// Schedules as a re-plan gets them, whether or not one is asked for.
  func planningItems(_ schedules: [ScheduleNumber]) throws -> [PlanningItem] {
    var reader = ItemReader(session: self)
    let one = try query("\(Self.select) WHERE p.schedule = ?")
    var items = try schedules.compactMap { try one.first($0) { try reader.item($0) } }
    for index in items.indices { items[index].isReplan = true }
    try complete(&items)
    return items
  }

  /// Adds what stands in other tables.
  private func complete(_ items: inout [PlanningItem]) throws {
    for index in items.indices where items[index].isReplan {
      items[index].pending = try pending(items[index].schedule)
      items[index].settledKeys = try settledKeys(items[index].schedule)
    }
    let exceptions = try exceptions(of: items.map(\.schedule))
    for index in items.indices { items[index].exceptions = exceptions[items[index].schedule] ?? [] }
  }

  private func whole(_ horizon: Timestamp, _ limit: Int) throws -> [PlanningItem] {
    var reader = ItemReader(session: self)
    return try query("\(Self.select) WHERE p.look_at IS NOT NULL AND p.look_at < ? ORDER BY p.look_at LIMIT ?")
      .all(horizon, limit) { try reader.item($0) }
  }

  private func own(_ share: PlanningShare, _ horizon: Timestamp, _ limit: Int) throws -> [PlanningItem] {
    var reader = ItemReader(session: self)
    return try query(
      """
      \(Self.select) WHERE p.look_at IS NOT NULL AND p.look_at < ? AND p.schedule % \(PlanningShare.mix) % ? = ? ORDER BY p.look_at LIMIT ?
      """
    ).all(horizon, share.count, share.index, limit) { try reader.item($0) }
  }

  /// What falls to others and has been waiting for long. What is new or to be planned anew waits since `look_at`; all else
  /// since its due time came within the horizon.
  private func othersLate(
    _ share: PlanningShare, _ horizon: Timestamp, _ limit: Int, now: Timestamp
  ) throws -> [PlanningItem] {
    var reader = ItemReader(session: self)
    return try query(
      """
      \(Self.select) WHERE p.look_at IS NOT NULL AND p.look_at < ? AND p.schedule % \(PlanningShare.mix) % ? <> ?
        AND (p.look_at < ? OR (p.is_replan = 0 AND p.cursor_instant IS NOT NULL)) ORDER BY p.look_at LIMIT ?
      """
    ).all(
      horizon - PlanningShare.patience, share.count, share.index, now - PlanningShare.patience, limit
    ) { try reader.item($0) }
  }

  /// First rows that have no closing receipt.
  private func pending(_ schedule: ScheduleNumber) throws -> [PlanningItem.PendingOccurrence] {
    var pending: [PlanningItem.PendingOccurrence] = []
    try query("\(LedgerRow.select) WHERE e.schedule = ? AND e.attempt = 1 AND e.hop = 0 AND b.closed_at IS NULL")
      .whileTrue(schedule) { columns in
        let row = LedgerRow(columns)
        if !row.isSettled, row.isFirst {
          pending.append(
            .init(key: row.identity.key, dueAt: row.dueAt, queue: row.queue, isOwned: row.isOwned))
        }
        return pending.count < Self.pendingPerSchedule
      }
    return pending.sorted { $0.dueAt < $1.dueAt }
  }

  /// Keys of which something ended for good, the newest first.
  private func settledKeys(_ schedule: ScheduleNumber) throws -> [String] {
    try query(
      """
      SELECT e.key FROM event e WHERE e.schedule = ? AND EXISTS (
        SELECT 1 FROM receipt r WHERE r.bucket = e.bucket AND r.seq = e.seq AND \(LaidAside.isForGood))
      GROUP BY e.key ORDER BY max(e.due_at) DESC LIMIT ?
      """
    ).all(schedule, Self.settledKeysPerSchedule) { $0.text(0) }
  }

  /// Asks for a re-plan of the active schedules of some zones among the next `limit` schedules after `start`.
  func markForReplan(
    timeZones: Set<String>, after start: Int64, limit: Int, now: Timestamp
  ) throws -> (marked: Int, last: Int64?) {
    var last: Int64?
    var due: [Int64] = []
    try query(
      """
      SELECT s.number, coalesce(s.time_zone, nullif(u.time_zone, ''), 'UTC'), s.state, s.is_one_off
      FROM schedule s LEFT JOIN user u ON u.id = s.user WHERE s.number > ? ORDER BY s.number LIMIT ?
      """
    ).forEach(start, limit) { columns in
      last = columns.int64(0)
      let isPlanned = columns.int64(2) <= Schedule.State.ended.code && !columns.bool(3)
      if isPlanned, timeZones.contains(columns.text(1)) { due.append(columns.int64(0)) }
    }
    for schedule in due { try markForReplan(ScheduleNumber(rawValue: schedule), now: now) }
    return (due.count, last)
  }

  /// Asks for a re-plan of one schedule. Plans made before hold no more.
  ///
  /// One that was deleted or erased since it was read may be asked for: as it is not active, nothing of it is planned.
  func markForReplan(_ schedule: ScheduleNumber, now: Timestamp) throws {
    try query("UPDATE plan SET revision = revision + 1, is_replan = 1, look_at = ?, error = '' WHERE schedule = ?")
      .run(now, schedule)
  }
}

/// What the items of one answer share.
private struct ItemReader {
  let session: Session
  private var texts = TextPool()
  private var namespaces = NamespaceNames()

  init(session: Session) {
    self.session = session
  }

  mutating func item(_ columns: Columns) throws -> PlanningItem {
    let eventType = texts.text(columns, 10)
    let user = columns.isNull(21) ? nil : UserColumns.snapshot(columns, from: 22, texts: &texts)
    let state = try Schedule.State(stored: columns.int64(18))
    let (startAt, createdAt) = (columns.time(19), columns.time(20))
    let cursor = cursor(columns)
    let userZone = user.map(\.timeZone).flatMap { $0.isEmpty ? nil : $0 }
    return PlanningItem(
      schedule: ScheduleNumber(rawValue: columns.int64(0)), namespace: try namespaces.name(columns.int64(8), session),
      id: columns.text(9),
      eventType: eventType, definitionJSON: texts.text(columns, 11), user: user,
      timeZone: columns.isNull(13) ? userZone ?? "UTC" : texts.text(columns, 13),
      gap: try GapRule(stored: columns.int64(14)), fold: try FoldRule(stored: columns.int64(15)),
      queue: columns.isNull(12) ? Queue.standardName(eventType: eventType) : columns.text(12),
      catchUp: try columns.catchUp(16) ?? .standard(eventType: eventType),
      isActive: (state == .active || state == .ended) && user?.paused != true, startAt: startAt,
      takesPast: cursor == nil && startAt <= createdAt, cursor: cursor, isReplan: columns.bool(2), pending: [],
      settledKeys: [], planRevision: columns.int64(1))
  }

  private func cursor(_ columns: Columns) -> OccurrenceCursor? {
    guard !columns.isNull(3) else { return nil }
    return OccurrenceCursor(
      isStart: columns.bool(4), civil: CivilFields(packed: columns.int64(5)), instant: columns.time(3),
      ordinal: UInt64(bitPattern: columns.int64(6)), key: columns.text(7))
  }
}
