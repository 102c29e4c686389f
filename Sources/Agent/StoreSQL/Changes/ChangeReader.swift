import EventModel
import Store

extension Session {
  func changes(
    _ namespace: String, _ kinds: Set<DomainEvent.Kind>, after cursor: String, limit: Int
  ) throws -> Page<DomainEvent> {
    if cursor == "latest" { return Page(items: [], next: try endCursor().text) }
    let start = try ChangeCursor(cursor)
    guard (1...PageRequest.maximumSize).contains(limit) else {
      throw StoreError(ModelError(field: "limit", "must be 1 to \(PageRequest.maximumSize), not \(limit)"))
    }
    // A namespace is made with the first thing in it: then reading begins where it stood.
    guard let number = try self.namespace(namespace) else { return Page(items: [], next: start.text) }
    var reader = ChangeReader(
      session: self, namespace: namespace, number: number,
      kinds: kinds.isEmpty ? Set(DomainEvent.Kind.allCases) : kinds,
      limit: limit, cursor: start)
    try reader.readUsers()
    try reader.readBegun()
    try reader.readEnded()
    return Page(items: reader.items, next: reader.cursor.text)
  }
}

/// Reads one page of domain events, from one table after the other.
struct ChangeReader {
  /// The most rows of a table that one page looks at: other namespaces' are passed over.
  static let rowsPerPage = 10_000
  /// The most buckets that one page looks at; of up to 2,000 rows each.
  static let bucketsPerPage = 16

  let session: Session
  let namespace: String
  let number: Int64
  let kinds: Set<DomainEvent.Kind>
  let limit: Int
  var cursor: ChangeCursor
  var items: [DomainEvent] = []

  /// Event types whose events are no subject of domain events.
  static let topics = DomainEvent.Kind.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")

  /// What of a subject's schedule is told: the schedule's name, event type, test mark, the user's name.
  static let about = "s.name, s.event_type, s.is_test, u.name"

  func wants(_ wanted: DomainEvent.Kind...) -> Bool {
    items.count < limit && !kinds.isDisjoint(with: wanted)
  }

  /// What happened to users, and at sinks.
  mutating func readUsers() throws {
    guard
      wants(
        .userCreated, .userZoneChanged, .userDateChanged, .deadLetterCreated, .sinkCircuitOpened, .sinkDisabled)
    else { return }
    let order = WatchOrder("d", number: "d.id", session.dialect)
    try session.query(
      """
      SELECT \(order.transaction), d.id, d.namespace, d.kind, d.at, u.name, k.name, d.detail FROM domain_event d
        LEFT JOIN user u ON u.id = d.user LEFT JOIN sink k ON k.number = d.sink
      WHERE \(order.isAfter) ORDER BY \(order.sorted) LIMIT ?3
      """
    ).whileTrue(cursor.users.transaction, cursor.users.number, Self.rowsPerPage) { columns in
      cursor.users = WatchPlace(transaction: columns.int64(0), number: columns.int64(1))
      let kind = try DomainEvent.Kind(stored: columns.int64(3))
      guard columns.int64(2) == number, kinds.contains(kind) else { return true }
      items.append(
        DomainEvent(
          id: "\(kind.rawValue)-\(columns.int64(1))", kind: kind, namespace: namespace, at: columns.time(4),
          userID: columns.optionalText(5), sink: columns.optionalText(6), detail: columns.text(7)))
      return items.count < limit
    }
  }
}
