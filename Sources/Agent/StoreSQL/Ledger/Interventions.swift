import EventModel
import Store

extension Session {
  func cancel(_ event: EventIdentity, reason: String, actor: Actor, now: Timestamp) throws -> InterventionResult {
    try dialect.holdQueues(in: self)
    try dialect.lock([event.schedule], in: self)
    let result =
      try cancelWithdrawn(event, reason: reason, now: now)
      ?? intervene(event, now: now) { _ in .cancel(reason: reason) }
    return try result.audited(self, actor, "event.cancel", event, reason: reason, now)
  }

  func move(
    _ event: EventIdentity, dueAt: Timestamp?, queue: String?, actor: Actor, now: Timestamp
  ) throws -> InterventionResult {
    try dialect.holdQueues(in: self)
    try dialect.lock([event.schedule], in: self)
    if let queue, try !queueExists(queue) {
      throw StoreError(ModelError(field: "queue", "there is no queue \"\(queue)\""))
    }
    let asked = AuditFields(["due_time": .text(dueAt?.text ?? ""), "queue": .optional(queue)])
    return try intervene(event, now: now) { row in
      .move(dueAt: dueAt ?? row.dueAt, queue: queue ?? row.queue, timeZone: row.timeZone)
    }
    .audited(self, actor, "event.move", event, asked: asked, now)
  }

  /// Does what is wished about every open row of an event: at once where nobody owns it, else by asking the owner.
  private func intervene(
    _ event: EventIdentity, now: Timestamp, wish: (LedgerRow) -> Wish
  ) throws -> InterventionResult {
    try endSilentAgents(now: now)
    let rows = try rows(of: event)
    guard !rows.isEmpty else { throw StoreError(.notFound, "there is no event \(event.text)") }
    let open = rows.filter { !$0.isSettled }.map { (row: $0, wish: wish($0)) }
    // All of it or nothing: when one row has begun, it is too late for the event.
    guard !open.isEmpty, open.allSatisfy({ $0.row.allows($0.wish) }) else {
      return .settled(try finalOutcome(of: rows) ?? countingReceipts(of: rows).last?.outcome ?? .skipped)
    }
    var request: Int64?
    for (row, wish) in open {
      request = try apply(wish, row, request: request, now: now) ?? request
    }
    return request.map(InterventionResult.asked(command:)) ?? .done
  }

  /// Cancels for good what is only laid aside, by a row that is closed as it is written: nil when it is not that.
  private func cancelWithdrawn(_ event: EventIdentity, reason: String, now: Timestamp) throws -> InterventionResult? {
    guard try !isBlocked(event), let last = try rows(of: event).last(where: \.isFirst) else { return nil }
    var row = last.moved(dueAt: last.dueAt, runAt: last.runAt, timeZone: last.timeZone)
    row.closedAs = .init(outcome: .cancelled, code: WishCode.cancelled, detail: reason)
    var rows = NewRows()
    rows.add(row, shard: last.shard, queue: try resolve(queue: last.queue))
    _ = try insert(rows, now: now)
    try outdatePlans(of: event.schedule)
    return .done
  }

  /// Fulfils a wish at once, or asks the owner; answers the request's number then.
  func apply(_ wish: Wish, _ row: LedgerRow, request: Int64?, now: Timestamp) throws -> Int64? {
    guard row.isOwned else {
      try fulfil(wish, row, now: now)
      return nil
    }
    return try ask(wish, row.ref, request: request, now: now)
  }
}

extension InterventionResult {
  fileprivate func audited(
    _ session: Session, _ actor: Actor, _ action: String, _ event: EventIdentity, reason: String = "",
    asked: AuditFields? = nil, _ now: Timestamp
  ) throws -> InterventionResult {
    if case .settled = self { return self }
    var record = AuditRecord(action, try session.auditName(of: event), reason: reason, schedule: event.schedule)
    if let asked { record.after = try session.auditText(asked) }
    try session.audit(actor, record, now: now)
    return self
  }
}
