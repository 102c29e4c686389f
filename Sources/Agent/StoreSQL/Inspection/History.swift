import EventModel
import Store

extension Session {
  func history(_ namespace: String, _ identity: EventIdentity) throws -> [EventStep] {
    guard let number = try self.namespace(namespace),
      try query("SELECT 1 FROM schedule WHERE number = ? AND namespace = ?").exists(identity.schedule, number)
    else { throw StoreError.missing("event", identity.text) }
    let sinks = try sinkNames()
    var steps = try rowSteps(identity, sinks)
    guard !steps.isEmpty else { throw StoreError.missing("event", identity.text) }
    steps += try receiptSteps(identity, sinks)
    // Of steps of the same instant the row comes first, then its claim, then its receipts.
    return steps.enumerated().sorted { a, b in
      (a.element.at, a.element.rank, a.offset) < (b.element.at, b.element.rank, b.offset)
    }.map(\.element)
  }

  func sinkNames() throws -> [Int64: String] {
    try Dictionary(uniqueKeysWithValues: query("SELECT number, name FROM sink").all { ($0.int64(0), $0.text(1)) })
  }

  private func rowSteps(_ identity: EventIdentity, _ sinks: [Int64: String]) throws -> [EventStep] {
    var steps: [EventStep] = []
    try query(
      """
      SELECT e.attempt, e.hop, e.run_at, e.due_at, e.sink, b.queue, b.created_at, b.claimed_at, a.name, b.epoch
      FROM event e JOIN bucket b ON b.id = e.bucket LEFT JOIN agent a ON a.id = b.owner
      WHERE e.schedule = ? AND e.key = ?
      """
    ).forEach(identity.schedule, identity.key) { columns in
      let sink = sinks[columns.int64(4)] ?? ""
      let row = EventStep.Kind.row(
        attempt: columns.int32(0), hop: columns.int32(1), runAt: columns.time(2), dueAt: columns.time(3),
        queue: columns.text(5))
      steps.append(EventStep(at: columns.time(6), kind: row, sink: sink))
      if let claimedAt = columns.optionalTime(7), let agent = columns.optionalText(8) {
        steps.append(EventStep(at: claimedAt, kind: .claimed(agent: agent, epoch: columns.int64(9)), sink: sink))
      }
    }
    return steps
  }

  private func receiptSteps(_ identity: EventIdentity, _ sinks: [Int64: String]) throws -> [EventStep] {
    try query(
      """
      SELECT r.outcome, r.code, r.detail, r.external_id, e.attempt, e.hop, r.started_at, r.done_at, r.sink
      FROM event e JOIN receipt r ON r.bucket = e.bucket AND r.seq = e.seq WHERE e.schedule = ? AND e.key = ?
      ORDER BY r.id
      """
    ).all(identity.schedule, identity.key) {
      EventStep(
        at: $0.time(7),
        kind: .receipt(
          outcome: try Outcome(stored: $0.int64(0)), code: $0.text(1), detail: $0.text(2), externalID: $0.text(3),
          attempt: $0.int32(4), hop: $0.int32(5), startedAt: $0.optionalTime(6)),
        sink: sinks[$0.int64(8)] ?? "")
    }
  }
}

extension EventStep {
  fileprivate var rank: Int {
    switch kind {
    case .row: 0
    case .claimed: 1
    case .receipt: 2
    }
  }
}
