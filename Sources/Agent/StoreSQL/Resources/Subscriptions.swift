import EventModel
import Store

extension Session {
  static let subscriptionColumns = "t.name, t.event_type, k.name, t.filter, t.revision, t.id, t.sink, t.options"
  static let subscriptionTables = "subscription t JOIN sink k ON k.number = t.sink"

  func readSubscription(_ columns: Columns, namespace: String) throws -> Subscription {
    let options = try SubscriptionOptions(stored: columns.text(7))
    return Subscription(
      namespace: namespace, id: columns.text(0), eventType: columns.text(1), sink: columns.text(2),
      filter: try JSONText.map(columns.text(3)), condition: try options.condition.map { try Condition($0) },
      quietHours: options.quietHours, digest: options.digest, revision: columns.int64(4))
  }

  private func find(_ namespace: Int64, _ name: String, _ id: String) throws
    -> (row: Int64, sink: SinkNumber, subscription: Subscription)?
  {
    try query(
      """
      SELECT \(Self.subscriptionColumns) FROM \(Self.subscriptionTables)
      WHERE t.namespace = ? AND t.name = ? AND t.until IS NULL
      """
    ).first(namespace, id) {
      ($0.int64(5), SinkNumber(rawValue: $0.int64(6)), try readSubscription($0, namespace: name))
    }
  }

  func put(_ draft: Subscription, _ precondition: Precondition) throws -> ChangeResult {
    try draft.check()
    let namespace = try makeNamespace(draft.namespace)
    let found = try find(namespace, draft.namespace, draft.id)
    try precondition.check(put: found?.subscription.revision, "subscription \"\(draft.id)\"")
    guard let sink = try findSink(namespace, draft.namespace, draft.sink) else {
      throw ModelError(field: "sink", "there is no sink \"\(draft.sink)\"")
    }
    var wanted = draft
    wanted.revision = found?.subscription.revision ?? 0
    if let found, wanted == found.subscription, sink.number == found.sink {
      return ChangeResult(effect: .unchanged, revision: wanted.revision)
    }
    let routing = try bump(.routingRevision)
    if let found { try end(found.row, routing) }
    try query(
      """
      INSERT INTO subscription (namespace, name, event_type, sink, filter, options, revision, since)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      """
    ).run(
      namespace, draft.id, draft.eventType, sink.number, try JSONText.map(draft.filter),
      try SubscriptionOptions(draft).stored(), wanted.revision + 1, routing)
    try updateRelays(namespace)
    return ChangeResult(effect: found == nil ? .created : .updated, revision: wanted.revision + 1)
  }

  func deleteSubscription(_ namespace: String, _ id: String, _ precondition: Precondition) throws -> ChangeResult {
    let home = try self.namespace(namespace)
    let found = try home.flatMap { try find($0, namespace, id) }
    let revision = try precondition.check(delete: found?.subscription.revision, "subscription \"\(id)\"")
    if let found { try end(found.row, try bump(.routingRevision)) }
    if let home { try updateRelays(home) }
    return ChangeResult(effect: .deleted, revision: revision)
  }

  private func end(_ row: Int64, _ routing: Int64) throws {
    try query("UPDATE subscription SET until = ? WHERE id = ?").run(routing, row)
  }

  func routing(revision: Int64?) throws -> Routing {
    let newest = try counter(.routingRevision)
    let wanted = revision ?? newest
    guard (1...newest).contains(wanted) else {
      throw StoreError(.notFound, "there is no routing revision \(wanted); the newest is \(newest)")
    }
    let routes = try query(
      """
      SELECT \(Self.subscriptionColumns), n.name FROM \(Self.subscriptionTables)
      JOIN namespace n ON n.id = t.namespace
      WHERE t.since <= ? AND (t.until IS NULL OR t.until > ?) ORDER BY t.namespace, t.name
      """
    ).all(wanted, wanted) {
      Routing.Route(
        subscription: try readSubscription($0, namespace: $0.text(8)), sink: SinkNumber(rawValue: $0.int64(6)))
    }
    return Routing(revision: wanted, routes: routes)
  }
}

/// What a subscription says beside its filter, as its row keeps it.
private struct SubscriptionOptions: Codable {
  var condition: String?
  var quietHours: QuietHours?
  var digest: DigestRules?

  init(_ subscription: Subscription) {
    condition = subscription.condition?.text
    quietHours = subscription.quietHours
    digest = subscription.digest
  }

  init(stored text: String) throws { self = try JSONText.value(Self.self, text) }

  func stored() throws -> String { try JSONText.text(self) }
}
