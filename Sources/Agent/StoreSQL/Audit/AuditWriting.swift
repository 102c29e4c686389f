package import EventModel
package import Store

extension Session {
  /// One record for a call: of a single change its name, of a batch how many there were. The digest covers every
  /// change's action, resource, effect and new revision, in order. See ``AuditRecord/isPooled`` for what has one of its own.
  package func audit(_ actor: Actor, _ changes: [Applied], now: Timestamp) throws {
    let done = changes.filter { $0.result.effect != .unchanged }
    for change in done where !change.record.isPooled {
      try insert(change.record, actor, count: 1, lines: [change.line], now: now)
    }
    let pooled = done.filter(\.record.isPooled)
    guard let first = pooled.first else { return }
    let record = pooled.count == 1 ? first.record : AuditRecord("batch", "")
    try insert(record, actor, count: pooled.count, lines: pooled.map(\.line), now: now)
  }

  func audit(_ actor: Actor, _ record: AuditRecord, count: Int = 1, now: Timestamp) throws {
    try insert(record, actor, count: count, lines: ["\(record.action) \(record.resource)\n"], now: now)
  }

  /// An event's name in the audit: its schedule's, and the key unless it is a one-off's, which its caller made up.
  package func auditName(of event: EventIdentity) throws -> String {
    let found = try query(
      "SELECT n.name, s.is_one_off FROM schedule s JOIN namespace n ON n.id = s.namespace WHERE s.number = ?"
    ).first(event.schedule) { (namespace: $0.text(0), isOneOff: $0.bool(1)) }
    guard let found else { return "schedule#\(event.schedule.rawValue)" }
    let schedule = AuditRecord.schedule(found.namespace, event.schedule)
    return found.isOneOff ? schedule : "\(schedule)/\(event.key)"
  }

  /// A transaction's last writes: whoever comes after waits for the chain's row, and must not hold what this one still
  /// wants.
  private func insert(_ draft: AuditRecord, _ actor: Actor, count: Int, lines: [String], now: Timestamp) throws {
    var record = draft
    if let schedule = record.schedule, record.person == nil { record.person = try person(of: schedule) }
    let place = try chainPlace(dialect.chain)
    let stored = StoredAudit(
      id: try dialect.nextAudit(in: self), place: place, record, actor, count: count,
      digest: "sha256:\(AuditHash.sha256(lines))", at: now)
    try insert(stored)
    try query("UPDATE audit_chain SET number = ?, hash = ? WHERE agent = ?").run(
      stored.number, stored.hash, stored.agent)
    try dialect.wrote(audit: stored.id, hash: stored.hash, now: now, in: self)
  }

  private func insert(_ audit: StoredAudit) throws {
    try query(
      """
      INSERT INTO audit (id, agent, number, at, actor, action, resource, count, digest, schedule, person, reason,
        old_values, new_values, salt, content, previous, hash)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """
    ).run(
      audit.id, audit.agent, audit.number, audit.at, audit.actor, audit.action, audit.resource, audit.count,
      audit.digest, audit.schedule, audit.person, audit.reason, audit.before, audit.after, audit.salt, audit.content,
      audit.previous, audit.hash)
  }

  /// The user whom a schedule is of.
  func person(of schedule: ScheduleNumber) throws -> Int64? {
    try query("SELECT user FROM schedule WHERE number = ?").first(schedule) { $0.optionalInt64(0) } ?? nil
  }
}

// MARK: - Chains

extension Session {
  /// The chain of records that were there before chains were. An agent of that name goes on with it, which does no harm.
  package static let earlierChain = "earlier"
  private static let recordsPerStep = 1_000

  /// The end of a chain, which is this transaction's until it ends.
  private func chainPlace(_ agent: String) throws -> ChainPlace {
    if let place = try lockedPlace(agent) { return place }
    try query("INSERT INTO audit_chain (agent, number, hash) VALUES (?, 0, '') ON CONFLICT (agent) DO NOTHING")
      .run(agent)
    guard let place = try lockedPlace(agent) else { throw StoreError(.corrupt, "an audit chain's row vanished") }
    return place
  }

  private func lockedPlace(_ agent: String) throws -> ChainPlace? {
    try query("SELECT number, hash FROM audit_chain WHERE agent = ?\(dialect.forUpdate)").first(agent) {
      ChainPlace(agent: agent, number: $0.int64(0), hash: $0.text(1))
    }
  }

  /// Copies where the agent's chain stands, with the renewal of its lease: a chain whose end is cut off since then no longer
  /// has what its anchor names. An anchor that does not hold any more stays as it is, until somebody looks.
  func anchorChain(now: Timestamp) throws {
    try query(
      """
      INSERT INTO audit_anchor (agent, number, hash, at)
      SELECT c.agent, c.number, c.hash, ?1 FROM audit_chain c LEFT JOIN audit_anchor a ON a.agent = c.agent
      WHERE c.agent = ?2 AND c.number > 0 AND (a.agent IS NULL OR a.number < c.number AND EXISTS (
        SELECT 1 FROM audit r WHERE r.agent = a.agent AND r.number = a.number AND r.hash = a.hash))
      ON CONFLICT (agent) DO UPDATE SET number = excluded.number, hash = excluded.hash, at = excluded.at
      """
    ).run(now, dialect.chain)
  }

  /// Puts records that are in no chain into one of their own: those of a version before, in a migration or out of an old
  /// backup.
  package func chainEarlierRecords() throws {
    var place = try chainPlace(Self.earlierChain)
    while true {
      let records = try query(
        "SELECT \(StoredAudit.columns) FROM audit t WHERE t.agent = '' AND t.number = 0 ORDER BY t.id LIMIT ?"
      ).all(Self.recordsPerStep, read: StoredAudit.init)
      for var record in records {
        record.person = try record.schedule.flatMap { try person(of: ScheduleNumber(rawValue: $0)) }
        record.append(to: place)
        place = ChainPlace(agent: record.agent, number: record.number, hash: record.hash)
        try query(
          """
          UPDATE audit SET agent = ?, number = ?, person = ?, salt = ?, content = ?, previous = ?, hash = ? WHERE id = ?
          """
        ).run(
          record.agent, record.number, record.person, record.salt, record.content, record.previous, record.hash,
          record.id)
      }
      if records.count < Self.recordsPerStep { break }
    }
    if place.number == 0 {
      try query("DELETE FROM audit_chain WHERE agent = ?").run(Self.earlierChain)
    } else {
      try query("UPDATE audit_chain SET number = ?, hash = ? WHERE agent = ?").run(
        place.number, place.hash, place.agent)
    }
  }

  /// Leaves no words and no values about a person; what the chain needs stays.
  func emptyAudit(ofPerson number: Int64) throws {
    try query(
      """
      UPDATE audit SET reason = '', old_values = '', new_values = '', salt = '' WHERE person = ? AND person IS NOT NULL
      """
    ).run(number)
  }
}
