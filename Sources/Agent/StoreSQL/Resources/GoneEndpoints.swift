import EventModel
import Store

/// Users' addresses that sinks send nothing to any more. A row names the user, not the address.
extension Session {
  private static let goneColumns = "g.sink, u.name, g.digest, g.reason, g.since"
  private static let goneTables = "gone_endpoint g JOIN user u ON u.id = g.user"

  /// All of them.
  func goneEndpoints() throws -> [GoneEndpoint] {
    try query("SELECT \(Self.goneColumns) FROM \(Self.goneTables) ORDER BY g.sink, g.user").all(read: Self.read)
  }

  /// Those of a sink, by user.
  func goneEndpoints(_ namespace: String, sink name: String, _ page: PageRequest) throws -> Page<GoneEndpoint> {
    try Paging.check(page)
    guard let sink = try self.namespace(namespace).flatMap({ try findSink($0, namespace, name) }) else {
      throw StoreError.missing("sink", name)
    }
    let found = try query(
      "SELECT \(Self.goneColumns) FROM \(Self.goneTables) WHERE g.sink = ? AND u.name > ? ORDER BY u.name LIMIT ?"
    ).all(sink.number, page.token, page.size + 1, read: Self.read)
    return Paging.page(found, page, token: \.userID)
  }

  private static func read(_ columns: Columns) -> GoneEndpoint {
    GoneEndpoint(
      sink: SinkNumber(rawValue: columns.int64(0)), userID: columns.text(1), digest: columns.int64(2),
      reason: columns.text(3), schedule: ScheduleNumber(rawValue: 0), since: columns.time(4))
  }

  /// Notes addresses that are gone. Of a sink or a user that was deleted meanwhile nothing is noted.
  func giveUp(_ endpoints: [GoneEndpoint], now: Timestamp) throws {
    guard !endpoints.isEmpty else { return }
    var records: [AuditRecord] = []
    for endpoint in endpoints {
      let found = try query(
        """
        SELECT n.name || '/' || k.name, s.user FROM sink k JOIN namespace n ON n.id = k.namespace, schedule s
        WHERE k.number = ? AND k.is_deleted = 0 AND s.number = ? AND s.user IS NOT NULL
        """
      ).first(endpoint.sink, endpoint.schedule) { (sink: $0.text(0), user: $0.int64(1)) }
      guard let found else { continue }
      try query(
        """
        INSERT INTO gone_endpoint (sink, user, digest, reason, since) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (sink, user) DO UPDATE SET digest = excluded.digest, reason = excluded.reason, since = excluded.since
        """
      ).run(endpoint.sink, found.user, endpoint.digest, endpoint.reason, now)
      try note(.sinkDisabled, sink: endpoint.sink, detail: "a user's address: \(endpoint.reason)", now: now)
      records.append(
        AuditRecord("endpoint.disable", "\(found.sink)/user#\(found.user)", person: found.user))
    }
    try bump(.routingRevision)
    for record in records { try audit(.agent, record, now: now) }
  }

  /// Sends to a user's address again.
  func enableEndpoint(
    _ namespace: String, sink name: String, user: String
  ) throws -> (result: ChangeResult, number: Int64) {
    let home = try self.namespace(namespace)
    guard let home, let sink = try findSink(home, namespace, name) else { throw StoreError.missing("sink", name) }
    guard let number = try userNumber(home, user) else { throw StoreError.missing("user", user) }
    let count = try query("DELETE FROM gone_endpoint WHERE sink = ? AND user = ?").run(sink.number, number)
    guard count > 0 else {
      return (ChangeResult(effect: .unchanged, revision: sink.revision), number)
    }
    try bump(.routingRevision)
    return (ChangeResult(effect: .updated, revision: sink.revision), number)
  }

  /// Leaves nothing of a user who is deleted: of addresses, and of digests that were not sent.
  func forget(user: Int64) throws {
    try query("DELETE FROM gone_endpoint WHERE user = ?").run(user)
    try query("DELETE FROM digest_item WHERE digest IN (SELECT id FROM digest WHERE user = ?)").run(user)
    try query("DELETE FROM digest WHERE user = ?").run(user)
  }
}
