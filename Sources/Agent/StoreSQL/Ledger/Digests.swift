import EventModel
import Store

/// Digests: events that wait to be sent as one. What is in them has its receipt already; they are made of references.
extension Session {
  /// Puts events into the open digests of their persons and subscriptions, which the first one opens; answers by row and
  /// sink the name of the digest's own schedule. Digests are taken in one order by everybody.
  func gather(_ events: [GatheredEvent]) throws -> [EventRef: [SinkNumber: String]] {
    var wanted: [(event: GatheredEvent, namespace: Int64, user: Int64)] = []
    for event in events {
      let about = try query("SELECT namespace, coalesce(user, 0) FROM schedule WHERE number = ?")
        .first(event.identity.schedule) { ($0.int64(0), $0.int64(1)) }
      guard let about else { throw StoreError(.corrupt, "schedule \(event.identity.schedule.rawValue) is missing") }
      wanted.append((event, about.0, about.1))
    }
    wanted.sort {
      ($0.namespace, $0.event.place.subscription, $0.event.sink.rawValue, $0.user)
        < ($1.namespace, $1.event.place.subscription, $1.event.sink.rawValue, $1.user)
    }
    var names: [EventRef: [SinkNumber: String]] = [:]
    for (event, namespace, user) in wanted {
      names[event.ref, default: [:]][event.sink] = try gather(event, namespace: namespace, user: user)
    }
    return names
  }

  /// At its count a digest is due at once.
  private func gather(_ event: GatheredEvent, namespace: Int64, user: Int64) throws -> String {
    let rules = event.place.rules
    let digest = try query(
      """
      INSERT INTO digest (namespace, subscription, sink, user, opened_at, closes_at, count, most)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, 1, ?7)
      ON CONFLICT (namespace, subscription, sink, user) DO UPDATE SET count = digest.count + 1,
        closes_at = CASE WHEN digest.count + 1 >= digest.most AND digest.closes_at > ?5 THEN ?5 ELSE digest.closes_at END
      RETURNING id, count
      """
    ).only(
      namespace, event.place.subscription, event.sink, user, event.at, event.at + rules.window,
      Int64(rules.maximumEvents)
    ) { (id: $0.int64(0), count: $0.int64(1)) }
    try query("INSERT INTO digest_item (digest, number, schedule, key, due_at) VALUES (?, ?, ?, ?, ?)")
      .run(digest.id, digest.count, event.identity.schedule, event.identity.key, event.dueAt)
    return Self.digestName(digest.id)
  }

  private static func digestName(_ id: Int64) -> String { "digest-\(id)" }

  /// Makes an event of each digest whose time has come; answers how many.
  func closeDigests(limit: Int, now: Timestamp) throws -> Int {
    let due = try query(
      """
      SELECT d.id, n.name, k.name, u.name, u.time_zone, d.user, d.closes_at FROM digest d
        JOIN namespace n ON n.id = d.namespace JOIN sink k ON k.number = d.sink LEFT JOIN user u ON u.id = d.user
      WHERE d.closes_at <= ? ORDER BY d.closes_at, d.id LIMIT ?\(dialect.forUpdate(of: "d"))
      """
    ).all(now, limit) { columns in
      DueDigest(
        id: columns.int64(0), namespace: columns.text(1), sink: columns.text(2), user: columns.optionalText(3),
        timeZone: columns.optionalText(4) ?? "", isOfUser: columns.int64(5) != 0, at: columns.time(6))
    }
    var oneOffs: [OneOff] = []
    for digest in due where !digest.isOfUser || digest.user != nil {
      oneOffs.append(try oneOff(digest, now: now))
    }
    let answer = try submit(oneOffs, owner: nil, now: now)
    for case .refused(let error) in answer.submissions { throw StoreError(error) }
    for digest in due {
      try query("DELETE FROM digest_item WHERE digest = ?").run(digest.id)
      try query("DELETE FROM digest WHERE id = ?").run(digest.id)
    }
    return due.count
  }

  private func oneOff(_ digest: DueDigest, now: Timestamp) throws -> OneOff {
    let items = try query("SELECT schedule, key, due_at FROM digest_item WHERE digest = ? ORDER BY due_at, number")
      .all(digest.id) {
        DigestDefinition.Item(schedule: $0.int64(0), key: $0.text(1), due: $0.int64(2))
      }
    let zone = digest.timeZone.isEmpty ? "UTC" : digest.timeZone
    let name = Self.digestName(digest.id)
    let queue = Queue.standardName(eventType: DigestRules.eventType)
    return OneOff(
      schedule: Schedule(
        namespace: digest.namespace, id: name, userID: digest.user, eventType: DigestRules.eventType,
        definitionJSON: try JSONText.text(DigestDefinition(items: items)), timeZone: zone, state: .ended,
        startAt: digest.at),
      event: PlannedEvent(key: name, dueAt: digest.at, runAt: max(digest.at, now), timeZone: zone, queue: queue),
      idempotencyKey: name, sink: digest.sink)
  }

  /// The events in a digest, as they are rendered: without a row of their own.
  func digestItems(_ digest: ScheduleNumber) throws -> [LoadedEvent] {
    let definition = try query("SELECT definition FROM schedule WHERE number = ?").first(digest) { $0.text(0) }
    guard let definition else { throw StoreError.missing("digest", "\(digest.rawValue)") }
    var texts = TextPool()
    return try JSONText.value(DigestDefinition.self, definition).items.compactMap { try digestItem($0, &texts) }
  }

  private func digestItem(_ item: DigestDefinition.Item, _ texts: inout TextPool) throws -> LoadedEvent? {
    try query(
      """
      SELECT n.name, s.name, s.event_type, s.definition, s.time_zone, u.id, \(UserColumns.snapshot)
      FROM schedule s JOIN namespace n ON n.id = s.namespace LEFT JOIN user u ON u.id = s.user
      WHERE s.number = ? AND s.is_erased = 0
      """
    ).first(item.schedule) { columns in
      let user = columns.isNull(5) ? nil : UserColumns.snapshot(columns, from: 6, texts: &texts)
      let userZone = user.map(\.timeZone).flatMap { $0.isEmpty ? nil : $0 }
      return LoadedEvent(
        ref: EventRef(bucket: BucketID(rawValue: 0), sequence: 0),
        identity: EventIdentity(schedule: ScheduleNumber(rawValue: item.schedule), key: item.key),
        namespace: columns.text(0), eventType: columns.text(2), scheduleID: columns.text(1),
        definitionJSON: columns.text(3), timeZone: columns.optionalText(4) ?? userZone ?? "UTC", user: user, queue: "",
        dueAt: Timestamp(microseconds: item.due), runAt: Timestamp(microseconds: item.due), attempt: 1, hop: 0,
        sink: .all, catchUp: .standard(eventType: columns.text(2)))
    }
  }
}

/// An event that goes into a digest, with its row.
struct GatheredEvent {
  var ref: EventRef
  var identity: EventIdentity
  var dueAt: Timestamp
  var sink: SinkNumber
  var place: DigestPlace
  var at: Timestamp
}

private struct DueDigest {
  var id: Int64
  var namespace: String
  var sink: String
  var user: String?
  var timeZone: String
  var isOfUser: Bool
  var at: Timestamp
}

/// The definition of a digest's own schedule: which events are in it.
private struct DigestDefinition: Codable {
  struct Item: Codable {
    var schedule: Int64
    var key: String
    /// Microseconds since 1970.
    var due: Int64
  }

  var items: [Item]
}
