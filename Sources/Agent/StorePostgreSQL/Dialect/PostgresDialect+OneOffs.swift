import EventModel
import Store
import StoreSQL

/// One-offs a batch at a time: a round trip for each table, however many they are. What is looked up by name goes through
/// the index whatever the planner thinks of a table that has just begun to grow.
extension PostgresDialect {
  func lookUp(_ oneOffs: [OneOff], in session: Session) throws -> OneOffLookup {
    var found = OneOffLookup()
    let spaces = try session.postgres.execute(
      "SELECT name, id FROM namespace WHERE name = ANY($1)",
      [.textArray(Set(oneOffs.map(\.schedule.namespace)).sorted())])
    for row in 0..<spaces.rows { found.namespaces[spaces.text(row, 0)] = spaces.int64(row, 1) }
    let there = oneOffs.filter { found.namespaces[$0.schedule.namespace] != nil }
    try lookUpKeys(there, &found, session)
    func name(_ oneOff: OneOff, _ id: String) -> OneOffLookup.Name { .init(oneOff.schedule.namespace, id) }
    try named(there.compactMap { one in one.schedule.userID.map { name(one, $0) } }, found, session, Self.users) {
      found.users[$0] = $1
    }
    try named(there.compactMap { one in one.sink.map { name(one, $0) } }, found, session, Self.sinks) {
      found.sinks[$0] = SinkNumber(rawValue: $1)
    }
    try named(there.map { name($0, $0.schedule.id) }, found, session, Self.schedules) { name, _ in
      found.schedules.insert(name)
    }
    return found
  }

  private static let users =
    "SELECT t.id AS number FROM \"user\" t WHERE t.namespace = x.namespace AND t.name = x.name COLLATE \"C\""
  private static let sinks =
    "SELECT t.number FROM sink t WHERE t.namespace = x.namespace AND t.name = x.name COLLATE \"C\" AND t.is_deleted = 0"
  private static let schedules =
    "SELECT t.number FROM schedule t WHERE t.namespace = x.namespace AND t.name = x.name COLLATE \"C\" AND t.state <> 3"

  private func lookUpKeys(_ oneOffs: [OneOff], _ found: inout OneOffLookup, _ session: Session) throws {
    guard !oneOffs.isEmpty else { return }
    let numbers = oneOffs.map { found.namespaces[$0.schedule.namespace] }
    let result = try session.postgres.execute(
      """
      SELECT x.place, i.schedule, i.occurrence
      FROM unnest($1::bigint[], $2::text[], $3::text[]) WITH ORDINALITY AS x (namespace, event_type, key, place)
      CROSS JOIN LATERAL (
        SELECT i.schedule, i.occurrence FROM idempotency i
        WHERE i.namespace = x.namespace AND i.event_type = x.event_type COLLATE "C" AND i.key = x.key COLLATE "C"
        OFFSET 0) i
      """,
      [
        .int64Array(numbers), .textArray(oneOffs.map(\.schedule.eventType)), .textArray(oneOffs.map(\.idempotencyKey)),
      ])
    for row in 0..<result.rows {
      found.identities[.init(oneOffs[Int(result.int64(row, 0)) - 1])] = EventIdentity(
        schedule: ScheduleNumber(rawValue: result.int64(row, 1)), key: result.text(row, 2))
    }
  }

  /// Looks names up by a query for each, of one row at most.
  private func named(
    _ names: [OneOffLookup.Name], _ found: OneOffLookup, _ session: Session, _ sql: String,
    _ note: (OneOffLookup.Name, Int64) -> Void
  ) throws {
    let names = Array(Set(names))
    guard !names.isEmpty else { return }
    let result = try session.postgres.execute(
      """
      SELECT x.place, t.number FROM unnest($1::bigint[], $2::text[]) WITH ORDINALITY AS x (namespace, name, place)
      CROSS JOIN LATERAL (\(sql) OFFSET 0) t
      """, [.int64Array(names.map { found.namespaces[$0.namespace] }), .textArray(names.map(\.id))])
    for row in 0..<result.rows { note(names[Int(result.int64(row, 0)) - 1], result.int64(row, 1)) }
  }

  func make(_ oneOffs: [NewOneOff], now: Timestamp, in session: Session) throws -> [ScheduleNumber] {
    guard !oneOffs.isEmpty else { return [] }
    let database = try session.postgres
    let numbers = try database.draw(oneOffs.count, of: "number", "schedule")
    try insertSchedules(oneOffs, numbers, now, database)
    try database.execute(
      """
      INSERT INTO plan (schedule, revision, is_replan, look_at, slot, next_key, error)
      SELECT number, 1, 0, NULL, slot, '', '' FROM unnest($1::bigint[], $2::bigint[]) AS x (number, slot)
      """,
      [
        .int64Array(numbers),
        .int64Array(
          oneOffs.map {
            Int64(Shard(timeZone: "UTC", owner: $0.oneOff.schedule.userID ?? $0.oneOff.schedule.id).slot)
          }),
      ])
    try database.execute(
      """
      INSERT INTO idempotency (namespace, event_type, key, schedule, occurrence)
      SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[], $5::text[])
      """,
      [
        .int64Array(oneOffs.map(\.namespace)), .textArray(oneOffs.map(\.oneOff.schedule.eventType)),
        .textArray(oneOffs.map(\.oneOff.idempotencyKey)), .int64Array(numbers),
        .textArray(oneOffs.map(\.oneOff.event.key)),
      ])
    return numbers.map { ScheduleNumber(rawValue: $0) }
  }

  private func insertSchedules(
    _ oneOffs: [NewOneOff], _ numbers: [Int64], _ now: Timestamp, _ database: PostgresSession
  ) throws {
    let schedules = oneOffs.map(\.oneOff.schedule)
    try database.execute(
      """
      INSERT INTO schedule (number, namespace, name, "user", event_type, definition, queue, time_zone, gap, fold,
        catch_up_mode, catch_up_window, state, is_one_off, start_at, revision, created_at, updated_at, is_test)
      SELECT number, namespace, name, "user", event_type, definition, queue, time_zone, gap, fold, catch_up_mode,
        catch_up_window, $15, 1, start_at, 1, $16, $16, is_test
      FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[],
        $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[])
        AS x (number, namespace, name, "user", event_type, definition, queue, time_zone, gap, fold, catch_up_mode,
          catch_up_window, start_at, is_test)
      """,
      [
        .int64Array(numbers), .int64Array(oneOffs.map(\.namespace)), .textArray(schedules.map(\.id)),
        .int64Array(oneOffs.map(\.user)), .textArray(schedules.map(\.eventType)),
        .textArray(schedules.map(\.definitionJSON)), .textArray(schedules.map(\.queue)),
        .textArray(schedules.map(\.timeZone)), .int64Array(schedules.map(\.gap.code)),
        .int64Array(schedules.map(\.fold.code)), .int64Array(schedules.map { $0.catchUp?.mode.code }),
        .int64Array(schedules.map { $0.catchUp?.window?.microseconds }),
        .int64Array(schedules.map(\.startAt.microseconds)), .boolArray(schedules.map(\.isTest)),
        .int64(Schedule.State.ended.code), .int64(now.microseconds),
      ])
  }
}
