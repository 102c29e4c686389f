import EventModel
import Store

extension Session {
  /// Begins and ends relays as the subscriptions in force name topics: with the change of a subscription, in its
  /// transaction.
  func updateRelays(_ namespace: Int64) throws {
    let wanted = try Set(
      query("SELECT DISTINCT event_type FROM subscription WHERE namespace = ? AND until IS NULL").all(namespace) {
        DomainEvent.Kind(rawValue: $0.text(0))
      }.compactMap(\.self))
    let present = try Set(
      query("SELECT kind FROM relay WHERE namespace = ?").all(namespace) {
        try DomainEvent.Kind(stored: $0.int64(0))
      })
    for kind in present.subtracting(wanted) {
      try query("DELETE FROM relay WHERE namespace = ? AND kind = ?").run(namespace, kind.code)
    }
    guard !wanted.isSubset(of: present) else { return }
    let end = try endCursor().text
    for kind in wanted.subtracting(present) {
      try query("INSERT INTO relay (namespace, kind, cursor) VALUES (?, ?, ?)").run(namespace, kind.code, end)
    }
  }

  func relays() throws -> [Relay] {
    try query(
      "SELECT n.name, y.kind, y.cursor FROM relay y JOIN namespace n ON n.id = y.namespace ORDER BY n.name, y.kind"
    ).all {
      Relay(namespace: $0.text(0), kind: try DomainEvent.Kind(stored: $0.int64(1)), cursor: $0.text(2))
    }
  }

  func advance(_ relay: Relay, to cursor: String) throws -> Bool {
    _ = try ChangeCursor(cursor)
    guard let namespace = try self.namespace(relay.namespace) else { return false }
    return try query("UPDATE relay SET cursor = ? WHERE namespace = ? AND kind = ? AND cursor = ?")
      .run(cursor, namespace, relay.kind.code, relay.cursor) == 1
  }
}
