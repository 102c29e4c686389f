import Store

extension Session {
  /// Where relays stand, as plain numbers: as in a store whose rows are numbered in the order of their commits.
  ///
  /// A cursor of numbers and no transactions says the same in both backends, as moved rows keep their numbers and count as
  /// of transaction 0. One with transactions comes to the number before the lowest row that is still to be relayed. Where
  /// transactions were committed in another order than that of their rows' numbers, and a relay stands between them,
  /// something may be relayed once more; nothing is left out.
  ///
  /// - Parameter given: the greatest numbers given, by table.
  package func plainRelays(_ given: [String: Int64]) throws -> [(namespace: Int64, kind: Int64, cursor: String)] {
    try query("SELECT namespace, kind, cursor FROM relay").all {
      (namespace: $0.int64(0), kind: $0.int64(1), cursor: $0.text(2))
    }.map { ($0.namespace, $0.kind, try plain(ChangeCursor($0.cursor), given).text) }
  }

  private func plain(_ cursor: ChangeCursor, _ given: [String: Int64]) throws -> ChangeCursor {
    var plain = cursor
    if cursor.users.transaction != 0 {
      let next = try lowest(WatchOrder("t", number: "t.id", dialect), "domain_event", after: cursor.users)
      plain.users = WatchPlace(number: next.map { $0 - 1 } ?? given["domain_event"] ?? 0)
    }
    if cursor.begun.transaction != 0 {
      // Of a bucket the cursor says which is next: it is not over yet.
      let number = cursor.begun.number
      let before = WatchPlace(transaction: cursor.begun.transaction, number: number == .min ? number : number - 1)
      let order = WatchOrder("t", number: dialect.order(ofBucket: "t.id"), dialect)
      let next = try lowest(order, "bucket", after: before)
      plain.begun = WatchPlace(number: next ?? (given["bucket"] ?? 0) + 1)
      if next != number { plain.begunRow = -1 }
    }
    if cursor.ended.transaction != 0 {
      let next = try lowest(WatchOrder("t", number: "t.id", dialect), "receipt", after: cursor.ended)
      plain.ended = WatchPlace(number: next.map { $0 - 1 } ?? given["receipt"] ?? 0)
    }
    return plain
  }

  /// The lowest number of the rows after a place.
  private func lowest(_ order: WatchOrder, _ table: String, after place: WatchPlace) throws -> Int64? {
    try query("SELECT min(\(order.number)) FROM \(table) t WHERE (\(order.transaction), \(order.number)) > (?1, ?2)")
      .first(place.transaction, place.number) { $0.optionalInt64(0) } ?? nil
  }

  /// Lets relays begin after all that is in the store, what this transaction wrote included.
  package func endRelays() throws {
    var end = try endCursor()
    if dialect.commitOrder != nil {
      let own = try query("SELECT pg_current_xact_id()::text::bigint").only { $0.int64(0) }
      end.users = WatchPlace(transaction: own, number: .max)
      end.begun = end.users
      end.ended = end.users
    }
    try query("UPDATE relay SET cursor = ?").run(end.text)
  }
}
