import EventModel
import Store
import StorePostgreSQL
import StoreSQL
import StoreSQLite

/// Reads all of a store inside one snapshot or transaction, table by table.
struct Exporter {
  let session: Session
  /// Told of every so many rows.
  var progress: (_ table: String, _ rows: Int) -> Void = { _, _ in }

  /// Writes all of it.
  func write(to writer: inout BackupWriter, version: String, takenAt: Timestamp) throws -> BackupTrailer {
    try writer.begin(try header(version: version, takenAt: takenAt))
    var sums: [String: TableSum] = [:]
    for table in MovedTable.all {
      try writer.begin(table)
      var sum = TableSum()
      try rows(of: table) { row in
        sum.add(row)
        try writer.write(row)
        report(table, sum)
      }
      try writer.endTable()
      sums[table.name] = sum
    }
    let trailer = BackupTrailer(tables: sums, ledger: try ledger())
    try writer.end(trailer)
    return trailer
  }

  /// The same sums, and nothing is written.
  /// - Parameter tables: with the columns that count.
  func sums(of tables: [MovedTable] = MovedTable.all) throws -> BackupTrailer {
    var sums: [String: TableSum] = [:]
    for table in tables {
      var sum = TableSum()
      try rows(of: table) { row in
        sum.add(row)
        report(table, sum)
      }
      sums[table.name] = sum
    }
    return BackupTrailer(tables: sums, ledger: try ledger())
  }

  private func report(_ table: MovedTable, _ sum: TableSum) {
    if sum.rows.isMultiple(of: StoreMove.rowsPerReport) { progress(table.name, sum.rows) }
  }

  private func ledger() throws -> LedgerSums {
    LedgerSums(try session.check(from: Timestamp(microseconds: 0), to: Timestamp(microseconds: .max)))
  }

  private func header(version: String, takenAt: Timestamp) throws -> BackupHeader {
    let oldest = try session.query("SELECT min(minute) FROM bucket").first { $0.int64(0) } ?? 0
    guard oldest >= 0 else { throw StoreError(.failedPrecondition, "a bucket is of a minute before 1970") }
    let days = try session.query("SELECT DISTINCT minute / \(BucketNumber.dayLength) FROM bucket").all { $0.int64(0) }
    return BackupHeader(
      version: version, store: session.isPostgres ? "postgresql" : "sqlite", takenAt: takenAt.microseconds,
      days: days.sorted(), numbers: try numbers())
  }

  private func rows(of table: MovedTable, _ body: (Row) throws -> Void) throws {
    var row = Row()
    if table.name == "relay" {
      try relays(&row, body)
    } else if session.isPostgres {
      try session.copyOut(table.select(isPlain: false)) { count, field in
        row.removeAll()
        for index in 0..<count { try row.append(field(index)) }
        try body(row)
      }
    } else {
      try sqliteRows(of: table, &row, body)
    }
  }

  private func sqliteRows(of table: MovedTable, _ row: inout Row, _ body: (Row) throws -> Void) throws {
    let statement = try session.database.statement(table.select(isPlain: true))
    defer { statement.reset() }
    while try statement.step() {
      row.removeAll()
      for (index, column) in table.columns.enumerated() {
        let place = Int32(clamping: index)
        if statement.isNull(place) {
          guard column.name != table.bucket else { throw orphan(table) }
          row.appendNull()
          continue
        }
        switch column.kind {
        case .integer: row.append(statement.int64(place))
        case .real: row.append(statement.double(place))
        case .text: try row.append(UnsafeRawBufferPointer(statement.bytes(place)))
        }
      }
      try body(row)
    }
  }

  /// Few, and with cursors that say the same in both backends.
  private func relays(_ row: inout Row, _ body: (Row) throws -> Void) throws {
    for relay in try session.plainRelays(try numbers()) {
      row.removeAll()
      row.append(relay.namespace)
      row.append(relay.kind)
      var cursor = relay.cursor
      try cursor.withUTF8 { try row.append(UnsafeRawBufferPointer($0)) }
      try body(row)
    }
  }

  private func numbers() throws -> [String: Int64] {
    session.isPostgres ? try session.postgresNumbers() : try session.sqliteNumbers()
  }

  private func orphan(_ table: MovedTable) -> StoreError {
    StoreError(.corrupt, "a row of the table \(table.name) is of a bucket that is not there")
  }
}

extension MovedTable {
  /// Reads its rows with buckets' numbers as PostgreSQL has them.
  /// - Parameter isPlain: whether the numbers in the table are plain.
  func select(isPlain: Bool) -> String {
    let isInBucket = isPlain && bucket != nil && name != "bucket"
    let columns = columns.map { column in
      guard isPlain, column.name == bucket else { return "t.\(column.name)" }
      return isInBucket
        ? BucketNumber.sql(minute: "b.minute", number: "b.id") : BucketNumber.sql(minute: "t.minute", number: "t.id")
    }
    let join = isInBucket ? " LEFT JOIN bucket b ON b.id = t.\(bucket ?? "")" : ""
    let condition = condition.map { " WHERE \($0)" } ?? ""
    return "SELECT \(columns.joined(separator: ", ")) FROM \(name) t\(join)\(condition)"
  }
}
