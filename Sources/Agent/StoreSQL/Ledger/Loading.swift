import EventModel
import Store

extension Session {
  /// The rows of an owned bucket that have no closing receipt: a walk along the bucket's own rows, whatever else the
  /// tables hold. Who has settled is in the bucket; receipts are read only where a fan-out may be half done.
  func load(_ id: BucketID, lease: AgentLease, now: Timestamp) throws -> [LoadedEvent] {
    guard let bucket = try bucket(id, ownedBy: lease, locks: false) else {
      throw StoreError(.fenced, "bucket \(id.rawValue) is not owned by agent \(lease.name), epoch \(lease.epoch)")
    }
    guard !bucket.isClosed else { return [] }
    var reader = LoadReader(session: self, bucket: bucket, now: now)
    return try reader.rows()
  }

  /// The sinks of a bucket's rows that have receipts, by row.
  fileprivate func settledSinks(_ bucket: BucketRow) throws -> [Int32: [SinkNumber]] {
    var sinks: [Int32: [SinkNumber]] = [:]
    try query("SELECT seq, sink FROM receipt WHERE bucket = ?").forEach(bucket.id) {
      let row = $0.int32(0)
      if !bucket.settled.contains(row) { sinks[row, default: []].append(SinkNumber(rawValue: $0.int64(1))) }
    }
    return sinks
  }
}

/// One load of one bucket. Holds what its rows share: users, zones, definitions.
private struct LoadReader {
  let session: Session
  let bucket: BucketRow
  let now: Timestamp
  var texts = TextPool()
  var users: [Int64: UserSnapshot] = [:]
  var namespaces = NamespaceNames()

  static let sql = """
    SELECT e.seq, e.schedule, e.key, e.due_at, e.run_at, e.attempt, e.hop, e.sink, e.time_zone, e.carry,
      e.first_attempt_at, e.rendered,
      s.namespace, s.name, s.event_type, s.definition, s.state, s.catch_up_mode, s.catch_up_window,
      u.id, \(UserColumns.snapshot), e.expires_from, s.is_test
    FROM event e JOIN schedule s ON s.number = e.schedule LEFT JOIN user u ON u.id = s.user
    WHERE e.bucket = ? ORDER BY e.seq
    """

  init(session: Session, bucket: BucketRow, now: Timestamp) {
    self.session = session
    self.bucket = bucket
    self.now = now
  }

  mutating func rows() throws -> [LoadedEvent] {
    let settledSinks = try session.settledSinks(bucket)
    var events: [LoadedEvent] = []
    events.reserveCapacity(Int(bucket.count) - bucket.settled.count)
    try session.query(Self.sql).forEach(bucket.id) { columns in
      let row = columns.int32(0)
      guard !bucket.settled.contains(row) else { return }
      events.append(try event(columns, row: row, settledSinks: settledSinks[row] ?? []))
    }
    try markSuperseded(&events)
    return events
  }

  private mutating func event(_ columns: Columns, row: Int32, settledSinks: [SinkNumber]) throws -> LoadedEvent {
    let eventType = texts.text(columns, 14)
    let user = user(columns)
    let state = columns.int64(16)
    return LoadedEvent(
      ref: EventRef(bucket: bucket.id, sequence: row),
      identity: EventIdentity(schedule: ScheduleNumber(rawValue: columns.int64(1)), key: columns.text(2)),
      namespace: try namespaces.name(columns.int64(12), session), eventType: eventType, scheduleID: columns.text(13),
      definitionJSON: texts.text(columns, 15), timeZone: texts.text(columns, 8), user: user, queue: bucket.queue,
      dueAt: columns.time(3), runAt: columns.time(4), attempt: columns.int32(5), hop: columns.int32(6),
      sink: SinkNumber(rawValue: columns.int64(7)), settledSinks: settledSinks,
      rendered: try columns.optionalText(11).map { try JSONText.value(Message.self, $0) },
      carry: columns.isNull(9) ? "" : columns.text(9), firstAttemptAt: columns.optionalTime(10),
      catchUp: try columns.catchUp(17) ?? .standard(eventType: eventType),
      isPaused: state == Schedule.State.paused.code || state == Schedule.State.deleted.code || user?.paused == true,
      isTest: columns.bool(32), expiresFrom: columns.optionalTime(31))
  }

  private mutating func user(_ columns: Columns) -> UserSnapshot? {
    guard let id = columns.optionalInt64(19) else { return nil }
    if let user = users[id] { return user }
    let user = UserColumns.snapshot(columns, from: 20, texts: &texts)
    users[id] = user
    return user
  }

  /// Asks for missed first attempts only, and only where the policy wants to know. A replay is never missed.
  private func markSuperseded(_ events: inout [LoadedEvent]) throws {
    for index in events.indices {
      let event = events[index]
      guard event.attempt == 1, event.expiresFrom == nil, event.catchUp.mode == .latest || event.catchUp.mode == .merge,
        now - event.dueAt >= CatchUp.missedAfter
      else { continue }
      events[index].isSuperseded = try session.hasNewerDue(event.identity.schedule, after: event.dueAt, now: now)
    }
  }
}

extension Session {
  /// Whether another first attempt of the schedule fell due after `due` and by `now`, and was not called off.
  func hasNewerDue(_ schedule: ScheduleNumber, after due: Timestamp, now: Timestamp) throws -> Bool {
    try query(
      """
      SELECT 1 FROM event e
      WHERE e.schedule = ? AND e.attempt = 1 AND e.due_at > ? AND e.due_at <= ? AND NOT EXISTS (
        SELECT 1 FROM receipt r WHERE r.bucket = e.bucket AND r.seq = e.seq AND r.closes = 1 AND r.outcome IN (?, ?))
      LIMIT 1
      """
    ).exists(schedule, due, now, Outcome.cancelled.code, Outcome.moved.code)
  }
}
