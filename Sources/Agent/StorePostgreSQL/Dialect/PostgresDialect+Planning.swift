import EventModel
import Store
import StoreSQL

extension PostgresDialect {
  func lock(plansOf schedules: [ScheduleNumber], in session: Session) throws {
    try session.postgres.execute(
      "SELECT schedule FROM plan WHERE schedule = ANY($1) ORDER BY schedule FOR UPDATE",
      [.int64Array(schedules.map(\.rawValue))])
  }

  /// Of the row before (`o`) the same revision is asked for as of the one that is written: so it is the same row, also when
  /// the write had to wait for somebody.
  func advance(_ plans: [SchedulePlan], in session: Session) throws -> [ScheduleNumber: PlanGuard] {
    guard !plans.isEmpty else { return [:] }
    // In the order in which everybody locks them.
    let plans = plans.sorted { $0.schedule.rawValue < $1.schedule.rawValue }
    let cursors = plans.map(\.cursor)
    let result = try session.postgres.execute(
      """
      UPDATE plan p SET revision = p.revision + 1,
        is_replan = CASE WHEN x.error = '' THEN 0 ELSE p.is_replan END,
        look_at = x.look_at, next_key = x.next_key, error = x.error,
        cursor_instant = CASE WHEN x.instant IS NULL THEN p.cursor_instant ELSE x.instant END,
        cursor_is_start = CASE WHEN x.instant IS NULL THEN p.cursor_is_start ELSE x.is_start END,
        cursor_civil = CASE WHEN x.instant IS NULL THEN p.cursor_civil ELSE x.civil END,
        cursor_ordinal = CASE WHEN x.instant IS NULL THEN p.cursor_ordinal ELSE x.ordinal END,
        cursor_key = CASE WHEN x.instant IS NULL THEN p.cursor_key ELSE x.key END
      FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::bigint[], $7::bigint[],
        $8::bigint[], $9::bigint[], $10::text[])
        AS x (schedule, revision, look_at, next_key, error, instant, is_start, civil, ordinal, key)
        JOIN plan o ON o.schedule = x.schedule AND o.revision = x.revision
      WHERE p.schedule = x.schedule AND p.revision = x.revision
      RETURNING p.schedule, o.is_replan, p.slot, (o.cursor_instant IS NULL AND o.revision > 1) OR EXISTS (
        SELECT 1 FROM occurrence_exception n WHERE n.schedule = p.schedule)
      """,
      [
        .int64Array(plans.map(\.schedule.rawValue)), .int64Array(plans.map(\.planRevision)),
        .int64Array(plans.map { $0.nextDue?.microseconds }), .textArray(plans.map(\.nextKey)),
        .textArray(plans.map(\.error)), .int64Array(cursors.map { $0?.instant.microseconds }),
        .boolArray(cursors.map { $0?.isStart }), .int64Array(cursors.map { $0?.civil.packed }),
        .int64Array(cursors.map { $0.map { Int64(bitPattern: $0.ordinal) } }), .textArray(cursors.map { $0?.key }),
      ])
    var guards: [ScheduleNumber: PlanGuard] = [:]
    for row in 0..<result.rows {
      let isReplan = result.int64(row, 1) != 0
      guards[ScheduleNumber(rawValue: result.int64(row, 0))] = PlanGuard(
        isReplan: isReplan, slot: Int32(clamping: result.int64(row, 2)),
        mayMeetItself: isReplan || result.int64(row, 3) != 0)
    }
    if let first = plans.first(where: { guards[$0.schedule] != nil }) {
      // Where another has planned it meanwhile, this plan is void: both is over with it.
      try session.postgres.mark = Mark(
        sql: "SELECT 1 FROM plan WHERE schedule = $1 AND revision > $2",
        parameters: [.int64(first.schedule.rawValue), .int64(first.planRevision)])
    }
    return guards
  }

  func end(_ schedules: [ScheduleNumber], in session: Session) throws {
    guard !schedules.isEmpty else { return }
    try session.postgres.execute(
      """
      UPDATE schedule SET state = $2 WHERE number = ANY($1) AND state = $3
        AND NOT EXISTS (SELECT 1 FROM "user" u WHERE u.id = schedule."user" AND u.paused = 1)
      """,
      [
        .int64Array(schedules.map(\.rawValue)), .int64(Schedule.State.ended.code), .int64(Schedule.State.active.code),
      ])
  }

  /// A key that series come to by themselves can have a row only where it would have one now, if it has one at all (a
  /// longer horizon, before): only that day's partition is asked. Keys that may be anywhere are looked for everywhere.
  func blocked(_ events: [PlannedKey], in session: Session) throws -> Set<EventIdentity> {
    var blocked: Set<EventIdentity> = []
    let anywhere = events.filter(\.mayMeetItself)
    if !anywhere.isEmpty { blocked.formUnion(try self.blocked(anywhere, in: .min..<Int64.max, session)) }
    let byDay = Dictionary(grouping: events.filter { !$0.mayMeetItself }) { BucketDay($0.runAt) }
    for (day, keys) in byDay {
      guard let day else { throw StoreError(ModelError(field: "run_at", "must be after 1970")) }
      blocked.formUnion(try self.blocked(keys, in: day.firstBucket..<day.next.firstBucket, session))
    }
    return blocked
  }

  /// The limit keeps each key a look into the index: of a day's table that has just been made nothing is known, and it
  /// would be read as a whole.
  private func blocked(
    _ events: [PlannedKey], in buckets: Range<Int64>, _ session: Session
  ) throws -> Set<EventIdentity> {
    let result = try session.postgres.execute(
      """
      SELECT x.schedule, x.key FROM unnest($1::bigint[], $2::text[]) AS x (schedule, key) CROSS JOIN LATERAL (
        SELECT 1 FROM event e WHERE e.schedule = x.schedule AND e.key = x.key AND e.bucket >= $3 AND e.bucket < $4
          AND \(LaidAside.blocks) LIMIT 1) y
      """,
      [
        .int64Array(events.map(\.identity.schedule.rawValue)), .textArray(events.map(\.identity.key)),
        .int64(buckets.lowerBound), .int64(buckets.upperBound),
      ])
    return Set(
      (0..<result.rows).map {
        EventIdentity(schedule: ScheduleNumber(rawValue: result.int64($0, 0)), key: result.text($0, 1))
      })
  }
}
