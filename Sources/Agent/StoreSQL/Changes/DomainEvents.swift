package import EventModel
import Store

extension Session {
  /// Notes what happened to a user, in the transaction in which it does: who and when, and none of what was changed.
  func note(_ kind: DomainEvent.Kind, namespace: Int64, user: Int64, now: Timestamp) throws {
    try query("INSERT INTO domain_event (namespace, kind, user, at) VALUES (?, ?, ?, ?)")
      .run(namespace, kind.code, user, now)
  }

  /// Notes what happened at a sink, once for a kind, sink and minute: an outage is one piece of news, and not thousands.
  /// - Parameter cause: the schedule of the event that it happened to; what happens to a topic's events is no news.
  func note(
    _ kind: DomainEvent.Kind, sink: SinkNumber, detail: String, cause: ScheduleNumber? = nil, now: Timestamp
  ) throws {
    if let cause {
      let isTopic = try query("SELECT 1 FROM schedule WHERE number = ? AND event_type IN (\(ChangeReader.topics))")
        .exists(cause)
      if isTopic { return }
    }
    try query(
      """
      INSERT INTO domain_event (namespace, kind, user, at, sink, minute, detail)
      SELECT k.namespace, ?, 0, ?, k.number, ?, ? FROM sink k WHERE k.number = ? ON CONFLICT DO NOTHING
      """
    ).run(kind.code, now, now.microseconds / TimeSpan.minutes(1).microseconds, detail, sink)
  }

  /// Notes what became of a user that was there before.
  func noteChange(of user: User, to wanted: User, namespace: Int64, number: Int64, now: Timestamp) throws {
    if wanted.timeZone != user.timeZone {
      try note(.userZoneChanged, namespace: namespace, user: number, now: now)
    }
    if wanted.dates != user.dates { try note(.userDateChanged, namespace: namespace, user: number, now: now) }
  }

  /// Leaves nothing of a user who is erased.
  func eraseDomainEvents(ofUser user: Int64) throws {
    try query("DELETE FROM domain_event WHERE user = ?").run(user)
  }

  /// Removes old ones, a bounded number; answers how many.
  package func dropDomainEvents(before: Timestamp, limit: Int) throws -> Int {
    // Numbers grow with time, as good as: what is left out now goes with those after it.
    try query(
      """
      DELETE FROM domain_event WHERE at < ?1 AND id IN (SELECT id FROM domain_event ORDER BY id LIMIT ?2)
      """
    ).run(before, limit)
  }
}
