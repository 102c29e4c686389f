/// SQL that reads the rows of a watched table in the order of their commits. Places are two numbers, in the parameters
/// `?1` (transaction) and `?2` (row).
struct WatchOrder {
  /// The table's alias.
  let table: String
  /// The expression for a row's number.
  let number: String
  private let order: TransactionOrder?

  init(_ table: String, number: String, _ dialect: any SQLDialect) {
    self.table = table
    self.number = number
    order = dialect.commitOrder
  }

  /// The expression for the transaction that wrote a row; 0 where numbers alone say the order.
  var transaction: String { order.map { "\(table).\($0.column)" } ?? "0" }

  /// What `ORDER BY` takes.
  var sorted: String { order == nil ? number : "\(transaction), \(number)" }

  /// Holds for rows after the place that nothing still to be committed can come before.
  var isAfter: String {
    guard let order else { return "\(number) > ?2" }
    return "(\(transaction), \(number)) > (?1, ?2) AND \(transaction) < \(order.oldestOpen)"
  }

  /// Holds for rows that stand no later than that of another alias.
  func isUpTo(_ other: WatchOrder) -> String {
    order == nil
      ? "\(number) <= \(other.number)"
      : "(\(transaction), \(number)) <= (\(other.transaction), \(other.number))"
  }
}

/// A row's place in the order of commits.
struct WatchPlace: Hashable {
  var transaction: Int64 = 0
  var number: Int64 = 0
}

extension Session {
  /// The end of a watched table: what is committed from now on comes after it.
  /// - Parameter newest: the highest number that a row has, where numbers alone say the order.
  func endPlace(newest: () throws -> Int64) throws -> WatchPlace {
    guard let order = dialect.commitOrder else { return WatchPlace(number: try newest()) }
    let oldestOpen = try query("SELECT \(order.oldestOpen)").only { $0.int64(0) }
    return WatchPlace(transaction: oldestOpen - 1, number: .max)
  }
}
