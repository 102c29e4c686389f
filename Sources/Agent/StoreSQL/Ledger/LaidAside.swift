import EventModel
import Store

/// Occurrences that were laid aside and may be planned again: withdrawn by the planner, or skipped because of a pause by an
/// owner that had loaded them before the planner came to it. All other final receipts are for good.
package enum LaidAside {
  /// Holds for a receipt `r` of a withdrawal.
  static let withdrawn = "(r.outcome = \(Outcome.cancelled.code) AND r.code = '\(WishCode.withdrawn)')"

  /// Holds for a receipt `r` after which nothing more becomes of its occurrence.
  static let isForGood = """
    (r.outcome IN (\(finals)) AND NOT \(withdrawn)
      AND NOT (r.outcome = \(Outcome.skipped.code) AND r.code = '\(SkipReason.paused.rawValue)'))
    """

  /// Holds for an event row `e` that forbids to plan its key: it is open, or some sink is done with it for good.
  package static let blocks = """
    (NOT EXISTS (SELECT 1 FROM receipt r WHERE r.bucket = e.bucket AND r.seq = e.seq AND r.closes = 1)
      OR EXISTS (SELECT 1 FROM receipt r WHERE r.bucket = e.bucket AND r.seq = e.seq AND \(isForGood)))
    """

  private static let finals = Outcome.allCases.filter(\.isFinal).map { String($0.code) }.joined(separator: ", ")

  /// Whether a receipt lays its occurrence aside.
  static func covers(_ receipt: Receipt) -> Bool {
    switch receipt.outcome {
    case .cancelled: receipt.code == WishCode.withdrawn
    case .skipped: receipt.code == SkipReason.paused.rawValue
    default: false
    }
  }
}

extension Session {
  /// Whether a key of a schedule may not be planned (again).
  func isBlocked(_ identity: EventIdentity) throws -> Bool {
    try query("SELECT 1 FROM event e WHERE e.schedule = ? AND e.key = ? AND \(LaidAside.blocks) LIMIT 1")
      .exists(identity.schedule, identity.key)
  }

  /// How many receipts a row has.
  func receiptCount(_ ref: EventRef) throws -> Int {
    try query("SELECT count(*) FROM receipt WHERE bucket = ? AND seq = ?").first(ref.bucket, ref.sequence) {
      $0.int(0)
    } ?? 0
  }

  /// Makes plans void that took an occurrence for pending which is not any more: else it would be in no plan at all.
  func outdatePlans(of schedule: ScheduleNumber) throws {
    try query("UPDATE plan SET revision = revision + 1 WHERE schedule = ?").run(schedule)
  }

  /// Whether an occurrence that an owner skipped because of a pause is wanted after all, as it falls due after the resume.
  func isResumed(_ schedule: ScheduleNumber, dueAt: Timestamp) throws -> Bool {
    try query(
      """
      SELECT 1 FROM schedule s LEFT JOIN user u ON u.id = s.user
      WHERE s.number = ? AND s.state IN (?, ?) AND s.start_at <= ? AND coalesce(u.paused, 0) = 0
      """
    ).exists(schedule, Schedule.State.active.code, Schedule.State.ended.code, dueAt)
  }

  /// Whether a schedule or its user is paused.
  func isResting(_ schedule: ScheduleNumber) throws -> Bool {
    try query(
      """
      SELECT 1 FROM schedule s LEFT JOIN user u ON u.id = s.user
      WHERE s.number = ? AND (s.state = ? OR coalesce(u.paused, 0) = 1)
      """
    ).exists(schedule, Schedule.State.paused.code)
  }

  /// After a pause a series begins anew at the moment of the resume, as a new one would: what fell into the pause is not
  /// missed and not sent, what comes is planned again, and what is settled stays settled by its keys.
  func resume(_ schedule: ScheduleNumber, now: Timestamp) throws {
    try query("UPDATE schedule SET start_at = ? WHERE number = ? AND start_at < ?").run(now, schedule, now)
    try query(
      """
      UPDATE plan SET cursor_instant = NULL, cursor_is_start = NULL, cursor_civil = NULL, cursor_ordinal = NULL,
        cursor_key = NULL WHERE schedule = ?
      """
    ).run(schedule)
  }
}
