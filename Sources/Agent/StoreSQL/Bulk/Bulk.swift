package import EventModel
package import Store

extension Session {
  package func moveEvents(
    _ filter: MoveFilter, to queue: String, reason: String, after cursor: String, limit: Int, actor: Actor,
    now: Timestamp
  ) throws -> BulkStep {
    try dialect.holdQueues(in: self)
    do { try checkReason(reason) } catch { throw StoreError(error) }
    for (field, name) in [("queue", queue), ("from_queue", filter.fromQueue ?? queue)] where try !queueExists(name) {
      throw StoreError(ModelError(field: field, "there is no queue \"\(name)\""))
    }
    guard let namespace = try self.namespace(filter.namespace) else { return BulkStep() }
    let rows = BulkFilter(
      namespace: namespace, queue: filter.fromQueue, butQueue: queue, eventType: filter.eventType,
      scheduleID: filter.scheduleID, userID: filter.userID, dueFrom: filter.dueFrom, dueBefore: filter.dueBefore)
    var walk = try BulkWalk(rows, from: cursor, limit: limit, now: now, in: self)
    let step = try walk.run { .move(dueAt: $0.dueAt, queue: queue, timeZone: $0.timeZone) }
    var record = AuditRecord("event.move", filter.namespace, reason: reason)
    record.person = try person(namespace, filter)
    record.after = try auditText(AuditFields(filter, to: queue))
    try audit(step, actor, record, now: now)
    return step
  }

  package func purge(
    queue: String, dueBefore: Timestamp?, reason: String, after cursor: String, limit: Int, actor: Actor,
    now: Timestamp
  ) throws -> BulkStep {
    try dialect.holdQueues(in: self)
    do { try checkReason(reason) } catch { throw StoreError(error) }
    guard try queueExists(queue) else { throw StoreError.missing("queue", queue) }
    let rows = BulkFilter(queue: queue, dueBefore: dueBefore)
    var walk = try BulkWalk(rows, from: cursor, limit: limit, now: now, in: self)
    let step = try walk.run { _ in .cancel(reason: reason) }
    var record = AuditRecord("queue.purge", queue, reason: reason)
    record.after = try auditText(AuditFields(["due_before": .text(dueBefore?.text ?? "")]))
    try audit(step, actor, record, now: now)
    return step
  }

  private func audit(_ step: BulkStep, _ actor: Actor, _ record: AuditRecord, now: Timestamp) throws {
    let count = step.changed + step.commands.count
    if count > 0 { try audit(actor, record, count: count, now: now) }
  }

  /// The person whom a filter is about: with it go the words of the record.
  private func person(_ namespace: Int64, _ filter: MoveFilter) throws -> Int64? {
    if let user = filter.userID { return try userNumber(namespace, user) }
    return try filter.scheduleID.flatMap { try scheduleNumber(namespace, $0) }.flatMap { try person(of: $0) }
  }

  /// How some commands stand.
  package func commandCounts(_ ids: [Int64]) throws -> CommandCounts {
    guard ids.count <= Self.rowsPerUpkeep else {
      throw StoreError(ModelError(field: "ids", "must be at most \(Self.rowsPerUpkeep), not \(ids.count)"))
    }
    var counts = CommandCounts()
    try query(
      "SELECT c.state, count(*) FROM \(dialect.integers) j CROSS JOIN command c ON c.id = j.value GROUP BY c.state"
    ).forEach(JSONText.list(ids)) { columns in
      switch CommandState(rawValue: columns.int64(0)) {
      case .open: counts.open = columns.int(1)
      case .done: counts.done = columns.int(1)
      case .tooLate, nil: counts.tooLate += columns.int(1)
      }
    }
    // History that was dropped took its commands with it.
    counts.tooLate += max(Set(ids).count - counts.open - counts.done - counts.tooLate, 0)
    return counts
  }
}

extension AuditFields {
  fileprivate init(_ filter: MoveFilter, to queue: String) {
    self.init([
      "queue": .text(queue),
      "from_queue": .optional(filter.fromQueue),
      "event_type": .optional(filter.eventType),
      "schedule": .hidden(filter.scheduleID ?? ""),
      "user": .hidden(filter.userID ?? ""),
      "due_from": .text(filter.dueFrom?.text ?? ""),
      "due_before": .text(filter.dueBefore?.text ?? ""),
    ])
  }
}
