import EventModel
import Store
import StorePostgreSQL
import StoreSQL
import StoreSQLite

/// Writes all of a backup into an empty store, inside one transaction: all of it or nothing.
struct Importer {
  let session: Session
  /// Told of every so many rows.
  var progress: (_ table: String, _ rows: Int) -> Void = { _, _ in }

  /// Before every real transaction's number: rows that were moved stand in the order of their own numbers.
  private static let movedTransaction: Int64 = 0

  /// Reads the tables, and holds what is in the store then against what the backup says it had.
  /// - Throws: `.corrupt` when it is another.
  func read(_ reader: inout BackupReader) throws -> BackupTrailer {
    for table in Self.seeded { try session.query("DELETE FROM \(table)").run() }
    var tables: [MovedTable] = []
    while let table = try reader.nextTable() {
      guard !tables.contains(where: { $0.name == table.name }) else { throw Row.malformed }
      try read(table, &reader)
      tables.append(table)
    }
    let trailer = try reader.end()
    try check(tables, trailer)
    return trailer
  }

  /// Reads all of it again.
  private func check(_ tables: [MovedTable], _ trailer: BackupTrailer) throws {
    let exporter = Exporter(session: session, progress: { progress("check of \($0)", $1) })
    let found = try exporter.sums(of: tables)
    for table in tables where found.tables[table.name] != trailer.tables[table.name] {
      let (rows, wanted) = (found.tables[table.name]?.rows ?? 0, trailer.tables[table.name]?.rows ?? 0)
      throw StoreError(
        .corrupt,
        "the copy of the table \(table.name) is not as the original: \(rows) rows, not \(wanted), or other values")
    }
    guard found.ledger == trailer.ledger else {
      throw StoreError(.corrupt, "the copy's ledger is not as the original's: \(found.ledger), not \(trailer.ledger)")
    }
  }

  /// Tables that have rows in a new store, or in one that an agent was once started on.
  static let seeded = ["meta", "namespace", "queue", "queue_alias", "agent", "zone_rules"]

  /// - Throws: `.failedPrecondition` when the store has anything in it that an agent alone does not make.
  func requireEmpty() throws {
    for table in MovedTable.all where !Self.seeded.contains(table.name) {
      guard try !session.query("SELECT 1 FROM \(table.name) LIMIT 1").exists() else {
        throw StoreError(
          .failedPrecondition, "the store is not empty: it has rows in the table \(table.name); nothing was changed")
      }
    }
  }

  /// Sets from where the store's tables are numbered.
  func setNumbers(_ numbers: [String: Int64]) throws {
    if session.isPostgres { try session.setPostgresNumbers(numbers) } else { try session.setSQLiteNumbers(numbers) }
  }

  private func read(_ table: MovedTable, _ reader: inout BackupReader) throws {
    var rows = 0
    func count() {
      rows += 1
      if rows.isMultiple(of: StoreMove.rowsPerReport) { progress(table.name, rows) }
    }
    let extra = extraColumns(table)
    let names = table.columns.map(\.name) + extra.map(\.name)
    if session.isPostgres {
      try session.copyIn(table.name, names) { writer in
        try reader.rows(of: table) { row in
          try writer.row(fields: names.count)
          for index in table.columns.indices { try Self.write(row, index, table.columns[index].kind, writer) }
          for column in extra { try column.value(row).write(writer) }
          count()
        }
      }
    } else {
      let places = Array(repeating: "?", count: names.count).joined(separator: ", ")
      let insert = try session.database.statement(
        "INSERT INTO \(table.name) (\(names.joined(separator: ", "))) VALUES (\(places))")
      try reader.rows(of: table) { row in
        for index in table.columns.indices { try bind(row, index, table, insert) }
        for (offset, column) in extra.enumerated() {
          try column.value(row).bind(insert, Int32(clamping: table.columns.count + offset + 1))
        }
        while try insert.step() {}
        count()
      }
    }
  }

  private func bind(_ row: Row, _ index: Int, _ table: MovedTable, _ statement: any SQLStatement) throws {
    let place = Int32(clamping: index + 1)
    guard !row.isNull(index) else { return try statement.bindNull(at: place) }
    let column = table.columns[index]
    switch column.kind {
    case .integer:
      let value = try row.integer(index) ?? 0
      try statement.bind(column.name == table.bucket ? BucketNumber.order(value) : value, at: place)
    case .real: try statement.bind(try row.real(index) ?? 0, at: place)
    case .text: try statement.bind(try row.text(index) ?? "", at: place)
    }
  }

  private static func write(_ row: Row, _ index: Int, _ kind: MovedTable.Kind, _ writer: RowWriter) throws {
    switch kind {
    case _ where row.isNull(index): try writer.writeNull()
    case .integer: try writer.write(try row.integer(index) ?? 0)
    case .real: try writer.write(try row.real(index) ?? 0)
    case .text: try writer.write(try row.text(index) ?? "")
    }
  }
}

// MARK: - What each store makes for itself

extension Importer {
  private enum Value {
    case number(Int64)
    case bytes([UInt8])

    func write(_ writer: RowWriter) throws {
      switch self {
      case .number(let number): try writer.write(number)
      case .bytes(let bytes): try writer.write(bytes)
      }
    }

    func bind(_ statement: any SQLStatement, _ place: Int32) throws {
      switch self {
      case .number(let number): try statement.bind(number, at: place)
      case .bytes(let bytes): try statement.bind(bytes, at: place)
      }
    }
  }

  private struct Extra {
    var name: String
    var value: (Row) throws -> Value
  }

  /// Columns that are not moved. A closed bucket's rows are all settled; an open one's are noted at the end.
  private func extraColumns(_ table: MovedTable) -> [Extra] {
    var columns: [Extra] = []
    if table.name == "bucket", let closed = table.index(of: "closed_at"), let count = table.index(of: "count") {
      columns.append(
        Extra(name: "settled") { row in
          let rows = try row.integer(count) ?? 0
          guard (0...Int64(LedgerLimits.eventsPerBucket)).contains(rows) else { throw Row.malformed }
          return .bytes(row.isNull(closed) ? [] : RowSet.all(Int(rows)).bytes)
        })
    }
    if session.isPostgres, table.local.contains("xid") {
      columns.append(Extra(name: "xid") { _ in .number(Self.movedTransaction) })
    }
    return columns
  }
}
