import EventModel
import Store

extension Session {
  static let sinkColumns = """
    k.name, k.plugin, k.configuration, k.address_kind, k.in_flight, k.on_unknown, k.disabled_reason, k.number,
    k.revision, k.limits
    """

  func readSink(_ columns: Columns, namespace: String) throws -> Sink {
    Sink(
      namespace: namespace, name: columns.text(0), plugin: columns.text(1), configurationJSON: columns.text(2),
      addressKind: columns.optionalText(3), maximumInFlight: columns.int32(4),
      onUnknown: try Sink.OnUnknown(stored: columns.int64(5)), limits: try Self.limits(columns.text(9)),
      disabledReason: columns.optionalText(6),
      number: SinkNumber(rawValue: columns.int64(7)), revision: columns.int64(8))
  }

  /// Usual limits are stored as none, so that a later version's usual ones hold for them.
  private static func limits(_ text: String) throws -> SinkLimits {
    text == "{}" ? SinkLimits() : try JSONText.value(SinkLimits.self, text)
  }

  private static func text(_ limits: SinkLimits) throws -> String {
    limits == SinkLimits() ? "{}" : try JSONText.text(limits)
  }

  func findSink(_ namespace: Int64, _ name: String, _ sink: String) throws -> Sink? {
    try query("SELECT \(Self.sinkColumns) FROM sink k WHERE k.namespace = ? AND k.name = ? AND k.is_deleted = 0")
      .first(namespace, sink) { try readSink($0, namespace: name) }
  }

  func allSinks() throws -> [Sink] {
    try query(
      """
      SELECT \(Self.sinkColumns), n.name FROM sink k JOIN namespace n ON n.id = k.namespace
      WHERE k.is_deleted = 0 ORDER BY k.number
      """
    ).all { try readSink($0, namespace: $0.text(10)) }
  }

  func put(_ draft: Sink, _ precondition: Precondition) throws -> ChangeResult {
    try draft.check()
    let namespace = try makeNamespace(draft.namespace)
    let found = try findSink(namespace, draft.namespace, draft.name)
    try precondition.check(put: found?.revision, "sink \"\(draft.name)\"")
    guard let found else {
      try query(
        """
        INSERT INTO sink (namespace, name, plugin, configuration, address_kind, in_flight, on_unknown, disabled_reason,
          limits, revision)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1)
        """
      ).run(
        namespace, draft.name, draft.plugin, draft.configurationJSON, draft.addressKind, draft.maximumInFlight,
        draft.onUnknown.code, draft.disabledReason, try Self.text(draft.limits))
      try bump(.routingRevision)
      return ChangeResult(effect: .created, revision: 1)
    }
    var wanted = draft
    wanted.number = found.number
    wanted.revision = found.revision
    guard wanted != found else { return ChangeResult(effect: .unchanged, revision: found.revision) }
    try query(
      """
      UPDATE sink SET plugin = ?, configuration = ?, address_kind = ?, in_flight = ?, on_unknown = ?,
        disabled_reason = ?, limits = ?, revision = revision + 1 WHERE number = ?
      """
    ).run(
      draft.plugin, draft.configurationJSON, draft.addressKind, draft.maximumInFlight, draft.onUnknown.code,
      draft.disabledReason, try Self.text(draft.limits), found.number)
    try bump(.routingRevision)
    return ChangeResult(effect: .updated, revision: found.revision + 1)
  }

  /// The row stays, marked: history and earlier routing revisions name it.
  func deleteSink(_ namespace: String, _ name: String, _ precondition: Precondition) throws -> ChangeResult {
    let found = try self.namespace(namespace).flatMap { try findSink($0, namespace, name) }
    let revision = try precondition.check(delete: found?.revision, "sink \"\(name)\"")
    if let found {
      let user = try query("SELECT name FROM subscription WHERE sink = ? AND until IS NULL LIMIT 1")
        .first(found.number) { $0.text(0) }
      if let user {
        throw StoreError(.failedPrecondition, "sink \"\(name)\" is used by subscription \"\(user)\"")
      }
      let template = try query("SELECT name FROM template WHERE sink = ? AND sink <> 0 LIMIT 1").first(found.number) {
        $0.text(0)
      }
      if let template {
        throw StoreError(.failedPrecondition, "sink \"\(name)\" is named by template \"\(template)\"")
      }
      try query("UPDATE sink SET is_deleted = 1, configuration = '{}' WHERE number = ?").run(found.number)
      try query("DELETE FROM gone_endpoint WHERE sink = ?").run(found.number)
      // What waited in them is not sent, as whatever else waits for a deleted sink.
      try query("DELETE FROM digest_item WHERE digest IN (SELECT id FROM digest WHERE sink = ?)").run(found.number)
      try query("DELETE FROM digest WHERE sink = ?").run(found.number)
      try bump(.routingRevision)
    }
    return ChangeResult(effect: .deleted, revision: revision)
  }

  func disableSink(_ number: SinkNumber, reason: String, now: Timestamp) throws {
    let name = try query(
      """
      SELECT n.name || '/' || k.name FROM sink k JOIN namespace n ON n.id = k.namespace
      WHERE k.number = ? AND k.is_deleted = 0
      """
    ).first(number) { $0.text(0) }
    guard let name else { throw StoreError(.notFound, "there is no sink number \(number.rawValue)") }
    try query("UPDATE sink SET disabled_reason = ?, revision = revision + 1 WHERE number = ?").run(reason, number)
    try bump(.routingRevision)
    try note(.sinkDisabled, sink: number, detail: reason, now: now)
    var record = AuditRecord("sink.disable", name)
    record.after = try auditText(AuditFields(["disabled_reason": .text(reason)]))
    try audit(.agent, record, now: now)
  }
}
