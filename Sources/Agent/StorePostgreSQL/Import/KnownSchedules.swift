import EventModel
import Store
import StoreSQL

/// The schedules of a batch that were there before it, as they are stored.
struct KnownSchedules {
  private let result: PostgresResult
  /// By place.
  var standings: [Standing]

  /// Looks all of them up, as ``KnownUsers`` does.
  init(_ keys: ImportKeys, _ namespaces: Namespaces, _ session: Session) throws {
    result = try session.postgres.execute(
      """
      SELECT x.place, s.number, s.revision, u.name, s.event_type, s.definition, s.queue, s.time_zone, s.gap, s.fold,
        s.catch_up_mode, s.catch_up_window, s.state
      FROM unnest($1::bigint[], $2::text[]) WITH ORDINALITY AS x (namespace, name, place)
      CROSS JOIN LATERAL (
        SELECT * FROM schedule s
        WHERE s.namespace = x.namespace AND s.name = x.name COLLATE "C" AND s.state <> 3 OFFSET 0) s
      LEFT JOIN LATERAL (SELECT u.name FROM "user" u WHERE u.id = s."user" OFFSET 0) u ON true
      """, [namespaces.numbers(of: keys), .textArray(keys.all.map(\.id))])
    standings = Array(repeating: .absent, count: keys.all.count)
    for row in 0..<result.rows { standings[Int(result.int64(row, 0)) - 1] = .stored(row: row) }
  }

  func number(_ row: Int) -> ScheduleNumber { ScheduleNumber(rawValue: result.int64(row, 1)) }

  func revision(_ row: Int) -> Int64 { result.int64(row, 2) }

  /// Whether a draft surely asks for nothing new. A series that is over stays over.
  func isSame(_ draft: Schedule, _ row: Int) -> Bool {
    let state = result.int64(row, 12)
    let isOver = draft.state == .active && state == Schedule.State.ended.code
    return (state == draft.state.code || isOver) && result.isText(draft.userID, row, 3)
      && result.isText(draft.eventType, row, 4) && result.isText(draft.definitionJSON, row, 5)
      && result.isText(draft.queue, row, 6) && result.isText(draft.timeZone, row, 7)
      && result.int64(row, 8) == draft.gap.code && result.int64(row, 9) == draft.fold.code
      && result.isInt64(draft.catchUp?.mode.code, row, 10)
      && result.isInt64(draft.catchUp?.window?.microseconds, row, 11)
  }
}
