package import EventModel
package import Store

extension Session {
  /// Removes a person and everything that tells who it was. Blanks rather than deletes what the ledger's sums rest on.
  package func erase(
    _ namespace: String, _ id: String, _ precondition: Precondition, actor: Actor, dryRun: Bool, now: Timestamp
  ) throws -> Erasure {
    let found = try self.namespace(namespace).flatMap { home in
      try query("SELECT id, revision FROM user WHERE namespace = ? AND name = ?").first(home, id) {
        (home: home, number: $0.int64(0), revision: $0.int64(1))
      }
    }
    _ = try precondition.check(delete: found?.revision, "user \"\(id)\"")
    guard let found else { throw StoreError.missing("user", id) }
    return try trial(dryRun) {
      try dialect.lockChanges(in: self)
      try endSilentAgents(now: now)
      var erasure = Erasure()
      erasure.subscriptions = try subscriptions(naming: id, in: found.home)
      let schedules = try schedulesEver(ofUser: found.number)
      try dialect.lock(schedules, in: self)
      for schedule in schedules { try erase(schedule, &erasure, now: now) }
      erasure.schedules = schedules.count
      try eraseDomainEvents(ofUser: found.number)
      try forget(user: found.number)
      try query("DELETE FROM user WHERE id = ?").run(found.number)
      try bump(.scrubOwed)
      try query("DELETE FROM creation WHERE person = ?").run(found.number)
      try emptyAudit(ofPerson: found.number)
      let record = AuditRecord(
        AuditRecord.erasing, AuditRecord.user(namespace, found.number), person: found.number)
      try audit(actor, record, now: now)
      return erasure
    }
  }

  /// Subscriptions in force whose filter names a user.
  private func subscriptions(naming user: String, in namespace: Int64) throws -> [String] {
    try query(
      """
      SELECT name FROM subscription
      WHERE namespace = ? AND until IS NULL AND \(dialect.member("user", of: "filter")) = ? ORDER BY name
      """
    ).all(namespace, user) { $0.text(0) }
  }

  private func erase(_ schedule: ScheduleNumber, _ erasure: inout Erasure, now: Timestamp) throws {
    erasure.messages += try pendingMessages(schedule)
    erasure.owned += try endRows(of: schedule, now: now)
    erasure.deadLetters += try query("DELETE FROM dead_letter WHERE schedule = ?").run(schedule)
    erasure.receipts += try blankRows(of: schedule)
    guard try query("SELECT 1 FROM event WHERE schedule = ? LIMIT 1").exists(schedule) else {
      return try eraseSchedule(schedule)
    }
    try query("DELETE FROM idempotency WHERE schedule = ?").run(schedule)
    try query("DELETE FROM occurrence_exception WHERE schedule = ?").run(schedule)
    try query(
      """
      UPDATE plan SET revision = revision + 1, is_replan = 0, look_at = NULL, next_key = '', error = '',
        cursor_instant = NULL, cursor_is_start = NULL, cursor_civil = NULL, cursor_ordinal = NULL, cursor_key = NULL
      WHERE schedule = ?
      """
    ).run(schedule)
    try query(
      """
      UPDATE schedule SET name = 'erased-' || number, user = NULL, definition = '{}', time_zone = NULL, state = ?,
        is_erased = 1, updated_at = ? WHERE number = ?
      """
    ).run(Schedule.State.deleted.code, now, schedule)
  }

  private func pendingMessages(_ schedule: ScheduleNumber) throws -> Int {
    try query(
      """
      SELECT count(*) FROM event e WHERE e.schedule = ? AND e.rendered IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM receipt r WHERE r.bucket = e.bucket AND r.seq = e.seq AND r.closes = 1)
      """
    ).first(schedule) { $0.int(0) } ?? 0
  }

  /// Closes what nobody owns, and asks owners to; answers how many rows are theirs. Their buckets are marked, so that
  /// recording looks closer there and nowhere else.
  private func endRows(of schedule: ScheduleNumber, now: Timestamp) throws -> Int {
    let open = try query("\(LedgerRow.select) WHERE e.schedule = ? AND b.closed_at IS NULL ORDER BY e.bucket, e.seq")
      .all(schedule, read: LedgerRow.init).filter { !$0.isSettled }
    for row in open {
      guard row.isOwned else {
        try close(row, as: .cancelled, code: SkipReason.erased.rawValue, detail: "", now: now)
        continue
      }
      _ = try ask(.cancel(reason: ""), row.ref, request: nil, now: now)
      try query("UPDATE bucket SET has_erased = 1 WHERE id = ?").run(row.ref.bucket)
    }
    return open.count(where: \.isOwned)
  }

  /// Empties what a schedule's rows, receipts and commands quote; answers how many receipts quoted something. The key of
  /// a one-off is its caller's, and goes too.
  private func blankRows(of schedule: ScheduleNumber) throws -> Int {
    let receipts = try query(
      """
      UPDATE receipt SET detail = '', external_id = '' WHERE id IN (
        SELECT r.id FROM event e CROSS JOIN receipt r ON r.bucket = e.bucket AND r.seq = e.seq
        WHERE e.schedule = ? AND (r.detail <> '' OR r.external_id <> ''))
      """
    ).run(schedule)
    try query(
      """
      UPDATE command SET reason = '' WHERE id IN (
        SELECT c.id FROM event e CROSS JOIN command c INDEXED BY command_row ON c.bucket = e.bucket AND c.seq = e.seq
        WHERE e.schedule = ? AND c.reason <> '')
      """
    ).run(schedule)
    try query(
      """
      UPDATE event SET rendered = NULL, carry = NULL
      WHERE schedule = ? AND (rendered IS NOT NULL OR carry IS NOT NULL)
      """
    ).run(schedule)
    try query(
      """
      UPDATE event SET key = 'erased'
      WHERE schedule = ?1 AND EXISTS (SELECT 1 FROM schedule WHERE number = ?1 AND is_one_off = 1)
      """
    ).run(schedule)
    return receipts
  }
}
