import EventModel
import Store

extension Session {
  private static let about = """
    SELECT s.name, u.name, s.event_type, s.is_test FROM schedule s LEFT JOIN user u ON u.id = s.user
    WHERE s.number = ? AND s.namespace = ?
    """

  func event(_ namespace: String, _ identity: EventIdentity) throws -> EventSummary {
    guard let number = try self.namespace(namespace), let summary = try summary(identity, namespace, number) else {
      throw StoreError.missing("event", identity.text)
    }
    return summary
  }

  /// What the ledger's rows and receipts come to; nil when the namespace has no such event.
  func summary(_ identity: EventIdentity, _ namespace: String, _ number: Int64) throws -> EventSummary? {
    let about = try query(Self.about).first(identity.schedule, number) {
      (schedule: $0.text(0), user: $0.optionalText(1), type: $0.text(2), isTest: $0.bool(3))
    }
    let rows = try rows(of: identity)
    guard let about, let shown = rows.last(where: { !$0.isSettled }) ?? rows.last else { return nil }
    let receipts = try countingReceipts(of: rows)
    let state = EventState(rows: rows, outcomes: Set(receipts.map(\.outcome)))
    return EventSummary(
      identity: identity, namespace: namespace, scheduleID: about.schedule, userID: about.user, eventType: about.type,
      queue: shown.queue, dueAt: shown.dueAt, timeZone: shown.timeZone, state: state,
      attempt: rows.reduce(0) { max($0, $1.attempt) },
      settledAt: state == .pending || state == .processing ? nil : receipts.map(\.at).max(), isTest: about.isTest)
  }

  func events(_ namespace: String, _ filter: EventFilter, _ page: PageRequest) throws -> Page<EventSummary> {
    try Paging.check(page)
    let after = try Paging.numbers(page.token, count: 3)
    guard let number = try self.namespace(namespace) else { return Page(items: [], next: "") }
    var listing = EventListing(session: self, namespace: namespace, number: number, filter: filter)
    return try listing.page(page.size, after: after)
  }
}

extension EventState {
  /// The state of an event with these rows, whose receipts have these outcomes.
  init(rows: [LedgerRow], outcomes: Set<Outcome>) {
    let open = rows.filter { !$0.isSettled }
    if !open.isEmpty {
      self = open.contains(where: \.isOwned) ? .processing : .pending
    } else if outcomes.contains(.dead) {
      self = .failed
    } else if outcomes.contains(.cancelled) {
      self = .cancelled
    } else if outcomes.contains(.expired) {
      self = .expired
    } else {
      self = outcomes.contains(.delivered) ? .completed : .skipped
    }
  }
}

/// A listing by due time: it walks along first rows, and asks the ledger about each.
private struct EventListing {
  /// The most rows that one page looks at; a filter that fits few may answer a short page with a token to go on.
  static let rowsPerPage = 20_000

  let session: Session
  let namespace: String
  let number: Int64
  let filter: EventFilter

  private struct Place {
    var dueAt: Timestamp
    var ref: EventRef
    var identity: EventIdentity
    var isReplaced: Bool

    var token: String { Paging.token(dueAt.microseconds, ref.bucket.rawValue, Int64(ref.sequence)) }
  }

  init(session: Session, namespace: String, number: Int64, filter: EventFilter) {
    self.session = session
    self.namespace = namespace
    self.number = number
    self.filter = filter
  }

  mutating func page(_ size: Int, after: [Int64]?) throws -> Page<EventSummary> {
    var items: [EventSummary] = []
    let places = try places(after ?? [.min, 0, 0], limit: Self.rowsPerPage)
    for place in places {
      guard !place.isReplaced, let summary = try session.summary(place.identity, namespace, number),
        filter.states.isEmpty || filter.states.contains(summary.state)
      else { continue }
      items.append(summary)
      if items.count == size { return Page(items: items, next: place.token) }
    }
    return Page(items: items, next: places.count == Self.rowsPerPage ? places.last?.token ?? "" : "")
  }

  private func places(_ after: [Int64], limit: Int) throws -> [Place] {
    // An event stands where its newest first row is: not where it was moved away or withdrawn before, and where it was
    // replayed only when the ledger has dropped its first row.
    let newer =
      "(\(session.dialect.order(ofBucket: "n.bucket")), n.seq) > (\(session.dialect.order(ofBucket: "e.bucket")), e.seq)"
    let sql = """
      SELECT e.due_at, e.bucket, e.seq, e.schedule, e.key, EXISTS (
        SELECT 1 FROM receipt r WHERE r.bucket = e.bucket AND r.seq = e.seq AND r.closes = 1
          AND r.outcome = \(Outcome.moved.code)) OR EXISTS (
        SELECT 1 FROM event n WHERE n.schedule = e.schedule AND n.key = e.key AND n.attempt = 1 AND n.hop = 0
          AND CASE WHEN n.expires_from IS NULL THEN e.expires_from IS NOT NULL OR \(newer)
            ELSE e.expires_from IS NOT NULL AND \(newer) END)
      FROM event e \(isNarrow ? "INDEXED BY event_identity" : "INDEXED BY event_due")
      JOIN schedule s ON s.number = e.schedule LEFT JOIN user u ON u.id = s.user
      WHERE e.attempt = 1 AND e.hop = 0 AND e.due_at >= ?1 AND e.due_at < ?2
        AND (e.due_at, e.bucket, e.seq) > (?3, ?4, ?5) AND s.namespace = ?6
        AND (u.name = ?7 OR ?7 IS NULL) AND (s.name = ?8 OR ?8 IS NULL) AND (s.event_type = ?9 OR ?9 IS NULL)
        \(isNarrow ? "AND e.schedule IN (\(Self.schedules))" : "")
      ORDER BY e.due_at, e.bucket, e.seq LIMIT ?10
      """
    let from = max(filter.dueFrom?.microseconds ?? .min, after[0])
    let query = try session.query(sql)
    let before = filter.dueBefore?.microseconds ?? .max
    return try query.all(
      from, before, after[0], after[1], after[2], number, filter.userID, filter.scheduleID, filter.eventType, limit,
      read: Self.place)
  }

  /// Whether the filter names a schedule or a person: then their events are few, and are found by schedule.
  private var isNarrow: Bool { filter.scheduleID != nil || filter.userID != nil }

  private static let schedules = """
    SELECT s2.number FROM schedule s2 LEFT JOIN user u2 ON u2.id = s2.user
    WHERE s2.namespace = ?6 AND (s2.name = ?8 OR ?8 IS NULL) AND (u2.name = ?7 OR ?7 IS NULL)
    """

  private static func place(_ columns: Columns) -> Place {
    Place(
      dueAt: columns.time(0),
      ref: EventRef(bucket: BucketID(rawValue: columns.int64(1)), sequence: columns.int32(2)),
      identity: EventIdentity(schedule: ScheduleNumber(rawValue: columns.int64(3)), key: columns.text(4)),
      isReplaced: columns.bool(5))
  }
}
