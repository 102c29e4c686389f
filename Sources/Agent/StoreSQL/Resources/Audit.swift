package import EventModel
package import Store

/// What an audit record says. Users, schedules and events go by the store's numbers: their ids may be somebody's address,
/// and records outlive the person.
package struct AuditRecord: Hashable {
  var action: String
  var resource: String
  /// Why, as a person said; erasing the schedule's person empties it.
  var reason = ""
  /// The schedule that the reason is about.
  var schedule: ScheduleNumber?

  package init(_ action: String, _ resource: String, reason: String = "", schedule: ScheduleNumber? = nil) {
    self.action = action
    self.resource = resource
    self.reason = reason
    self.schedule = schedule
  }

  package static func user(_ namespace: String, _ number: Int64) -> String { "\(namespace)/user#\(number)" }

  package static func schedule(_ namespace: String, _ number: ScheduleNumber) -> String {
    "\(namespace)/schedule#\(number.rawValue)"
  }
}

/// A change that was made, and what the audit says of it.
package struct Applied {
  package var result: ChangeResult
  var record: AuditRecord

  package init(_ result: ChangeResult, _ record: AuditRecord) {
    self.result = result
    self.record = record
  }

  fileprivate var line: String {
    "\(record.action) \(record.resource) \(result.effect.rawValue) \(result.revision)\n"
  }
}

extension Session {
  /// One record for a call: of a single change its name, of a batch how many there were. The digest covers every
  /// change's action, resource, effect and new revision, in order. What has a reason has a record of its own.
  package func audit(_ actor: Actor, _ changes: [Applied], now: Timestamp) throws {
    let done = changes.filter { $0.result.effect != .unchanged }
    let plain = done.filter(\.record.reason.isEmpty)
    for change in done where !change.record.reason.isEmpty {
      try insert(change.record, actor, count: 1, lines: [change.line], now: now)
    }
    guard let first = plain.first else { return }
    let record = plain.count == 1 ? first.record : AuditRecord("batch", "")
    try insert(record, actor, count: plain.count, lines: plain.map(\.line), now: now)
  }

  func audit(_ actor: Actor, _ record: AuditRecord, now: Timestamp) throws {
    try insert(record, actor, count: 1, lines: ["\(record.action) \(record.resource)\n"], now: now)
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

  private func insert(_ record: AuditRecord, _ actor: Actor, count: Int, lines: [String], now: Timestamp) throws {
    let digest = Digest.fnv1a(lines)
    let number = try query(
      """
      INSERT INTO audit (at, actor, action, resource, count, digest, schedule, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      RETURNING id
      """
    ).only(now, actor.name, record.action, record.resource, count, digest, record.schedule, record.reason) {
      $0.int64(0)
    }
    try dialect.wrote(audit: number, digest: digest, now: now, in: self)
  }
}

/// A short sum of an audit record's lines: it finds an accident or a mix-up, not a forger.
private enum Digest {
  static func fnv1a(_ lines: [String]) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for line in lines {
      for byte in line.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    }
    let digits = String(hash, radix: 16)
    return "fnv1a:" + String(repeating: "0", count: 16 - digits.count) + digits
  }
}
