import EventModel
import Store

extension Session {
  func stopOrder() throws -> StopOrder? {
    try query("SELECT at, actor, reason FROM stop_order").first {
      StopOrder(at: $0.time(0), actor: $0.text(1), reason: $0.text(2))
    }
  }

  /// Whether nothing may be claimed.
  func isStopped() throws -> Bool { try query("SELECT 1 FROM stop_order").exists() }

  func stopAll(reason: String, actor: Actor, now: Timestamp) throws -> ChangeResult {
    try checkReason(reason)
    guard try !isStopped() else { return ChangeResult(effect: .unchanged, revision: try counter(.queueRevision)) }
    try query("INSERT INTO stop_order (id, at, actor, reason) VALUES (1, ?, ?, ?)").run(now, actor.name, reason)
    return ChangeResult(effect: .created, revision: try bump(.queueRevision))
  }

  func resumeAll() throws -> ChangeResult {
    guard try query("DELETE FROM stop_order").run() > 0 else {
      return ChangeResult(effect: .unchanged, revision: try counter(.queueRevision))
    }
    return ChangeResult(effect: .deleted, revision: try bump(.queueRevision))
  }

  /// A reason that stands in the audit.
  func checkReason(_ reason: String) throws(ModelError) {
    guard reason.utf8.count <= OccurrenceException.maximumReasonBytes else {
      throw ModelError(field: "reason", "must be at most \(OccurrenceException.maximumReasonBytes) bytes")
    }
  }
}
