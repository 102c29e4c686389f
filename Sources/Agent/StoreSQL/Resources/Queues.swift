package import EventModel
import Store

extension Session {
  private static let columns = """
    name, priority, reserve, weight, batch, rate_per_second, send_deadline, retry_attempts, retry_base, retry_cap,
    expires_after, paused, allowed_sinks, revision
    """

  private func read(_ columns: Columns) throws -> Queue {
    Queue(
      name: columns.text(0), priority: columns.int32(1), reserve: columns.int32(2), weight: columns.int32(3),
      batch: columns.int32(4), ratePerSecond: columns.isNull(5) ? nil : columns.double(5),
      sendDeadline: columns.span(6),
      retry: RetryPolicy(attempts: columns.int32(7), base: columns.span(8), cap: columns.span(9)),
      expiresAfter: columns.span(10), paused: columns.bool(11),
      allowedSinks: try JSONText.value([String].self, columns.text(12)), revision: columns.int64(13))
  }

  func queues() throws -> [Queue] {
    try query("SELECT \(Self.columns) FROM queue ORDER BY priority DESC, name").all { try read($0) }
  }

  package func queueExists(_ name: String) throws -> Bool {
    try query("SELECT 1 FROM queue WHERE name = ?").exists(name)
  }

  /// The queue that a row goes to: rows that were loaded before their queue was deleted still name it.
  func resolve(queue name: String) throws -> String {
    if try queueExists(name) { return name }
    let target = try query("SELECT queue FROM queue_alias WHERE name = ?").first(name) { $0.text(0) }
    guard let target else { throw StoreError(ModelError(field: "queue", "there is no queue \"\(name)\"")) }
    return target
  }

  package func insertQueue(_ queue: Queue) throws {
    try query(
      """
      INSERT INTO queue (\(Self.columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (name) DO UPDATE SET priority = excluded.priority, reserve = excluded.reserve,
        weight = excluded.weight, batch = excluded.batch, rate_per_second = excluded.rate_per_second,
        send_deadline = excluded.send_deadline, retry_attempts = excluded.retry_attempts,
        retry_base = excluded.retry_base, retry_cap = excluded.retry_cap, expires_after = excluded.expires_after,
        paused = excluded.paused, allowed_sinks = excluded.allowed_sinks, revision = excluded.revision
      """
    ).run(
      queue.name, queue.priority, queue.reserve, queue.weight, queue.batch, queue.ratePerSecond, queue.sendDeadline,
      queue.retry.attempts, queue.retry.base, queue.retry.cap, queue.expiresAfter, queue.paused,
      try JSONText.text(queue.allowedSinks), queue.revision)
  }

  func put(_ draft: Queue, _ precondition: Precondition) throws -> ChangeResult {
    try draft.check()
    for (index, sink) in draft.allowedSinks.enumerated() { try Names.checkName(sink, field: "allowed_sinks[\(index)]") }
    try dialect.lockQueues(in: self)
    let found = try findQueue(draft.name)
    try precondition.check(put: found?.revision, "queue \"\(draft.name)\"")
    var wanted = draft
    wanted.revision = found?.revision ?? 0
    if let found, found == wanted { return ChangeResult(effect: .unchanged, revision: found.revision) }
    wanted.revision += 1
    try insertQueue(wanted)
    try query("DELETE FROM queue_alias WHERE name = ?").run(draft.name)
    try bump(.queueRevision)
    return ChangeResult(effect: found == nil ? .created : .updated, revision: wanted.revision)
  }

  func findQueue(_ name: String) throws -> Queue? {
    try query("SELECT \(Self.columns) FROM queue WHERE name = ?").first(name) { try read($0) }
  }

  func deleteQueue(_ name: String, moveTo target: String?, _ precondition: Precondition, now: Timestamp) throws
    -> ChangeResult
  {
    try dialect.lockQueues(in: self)
    let revision = try precondition.check(delete: try findQueue(name)?.revision, "queue \"\(name)\"")
    guard !Queue.standard.contains(where: { $0.name == name }) else {
      throw StoreError(.failedPrecondition, "queue \"\(name)\" is a standard queue; it can be paused, not deleted")
    }
    if let target {
      guard target != name, try queueExists(target) else {
        throw ModelError(field: "move_to", "must be another queue that exists, not \"\(target)\"")
      }
      try moveAll(from: name, to: target, now: now)
    } else {
      try requireEmpty(name)
    }
    try query("DELETE FROM queue WHERE name = ?").run(name)
    try bump(.queueRevision)
    return ChangeResult(effect: .deleted, revision: revision)
  }

  private func moveAll(from name: String, to target: String, now: Timestamp) throws {
    try query(
      """
      UPDATE plan SET revision = revision + 1 WHERE schedule IN (SELECT number FROM schedule WHERE queue = ?)
      """
    ).run(name)
    try query("UPDATE schedule SET queue = ?, revision = revision + 1, updated_at = ? WHERE queue = ?")
      .run(target, now, name)
    try query("UPDATE bucket SET queue = ? WHERE queue = ? AND closed_at IS NULL AND owner IS NULL").run(target, name)
    try query("UPDATE bucket SET queue = ? WHERE queue = ? AND closed_at IS NULL AND owner IS NOT NULL")
      .run(target, name)
    try query("UPDATE command SET queue = ? WHERE queue = ? AND state = 0").run(target, name)
    try query("UPDATE queue_alias SET queue = ? WHERE queue = ?").run(target, name)
    try query(
      "INSERT INTO queue_alias (name, queue) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET queue = excluded.queue"
    )
    .run(name, target)
  }

  private func requireEmpty(_ name: String) throws {
    let isOpen = try query("SELECT 1 FROM bucket WHERE queue = ? AND closed_at IS NULL AND owner IS NULL LIMIT 1")
      .exists(name)
    let isOwned = try query(
      "SELECT 1 FROM bucket WHERE closed_at IS NULL AND owner IS NOT NULL AND queue = ? LIMIT 1"
    ).exists(name)
    guard !isOpen, !isOwned else {
      throw StoreError(.failedPrecondition, "queue \"\(name)\" has open events; name a queue to move them to")
    }
    let schedule = try query("SELECT name FROM schedule WHERE queue = ? AND state <> 3 LIMIT 1").first(name) {
      $0.text(0)
    }
    if let schedule {
      throw StoreError(
        .failedPrecondition, "queue \"\(name)\" is named by schedule \"\(schedule)\"; name a queue to move it to")
    }
    // Shells of deleted schedules may name it still; nobody reads that.
    try query("UPDATE schedule SET queue = NULL WHERE queue = ?").run(name)
  }
}
