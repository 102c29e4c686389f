import Store
package import StoreSQL

extension Session {
  /// The greatest number that each numbered table has given, by table.
  package func sqliteNumbers() throws -> [String: Int64] {
    var numbers: [String: Int64] = [:]
    for table in ["namespace", "subscription", "template", "agent"] {
      numbers[table] = try query("SELECT max(id) FROM \(table)").first { $0.int64(0) } ?? 0
    }
    let counted = try query("SELECT name, seq FROM sqlite_sequence").all { ($0.text(0), $0.int64(1)) }
    for (table, number) in counted { numbers[table] = number }
    numbers["receipt"] = try maximumReceipt()
    return numbers
  }

  /// Sets from where tables are numbered.
  package func setSQLiteNumbers(_ numbers: [String: Int64]) throws {
    let counted = try query(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%'"
    ).all { $0.text(0) }
    for table in counted {
      guard let number = numbers[table], number > 0 else { continue }
      try query("DELETE FROM sqlite_sequence WHERE name = ?").run(table)
      try query("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)").run(table, number)
    }
    try setCounter(.receiptFloor, numbers["receipt"] ?? 0)
  }
}
