import Store
package import StoreSQL

/// What a bucket's number is made of, for stores whose numbers are plain.
package enum BucketNumber {
  /// The number without the day.
  package static func order(_ number: Int64) -> Int64 { number & BucketDay.orderMask }
  /// A plain number with the day of a minute, as SQL; the minute is 1970 or later.
  package static func sql(minute: String, number: String) -> String {
    "((\(minute) / \(BucketDay.length)) << \(BucketDay.orderBits)) | \(number)"
  }
  /// The greatest plain number.
  package static let greatest = BucketDay.orderMask
  /// A day in microseconds.
  package static let dayLength = BucketDay.length
}

/// A row that is written with COPY; its fields are written in the order of the columns.
package struct RowWriter {
  fileprivate let writer: CopyWriter

  /// Begins a row.
  package func row(fields: Int) throws { try writer.row(Int16(clamping: fields)) }
  /// A `bigint`.
  package func write(_ value: Int64) throws { try writer.write(value) }
  /// A `double precision`.
  package func write(_ value: Double) throws { try writer.write(value) }
  /// A `text`.
  package func write(_ value: String) throws { try writer.write(value) }
  /// A `bytea`.
  package func write(_ value: [UInt8]) throws { try writer.write(value) }
  /// NULL.
  package func writeNull() throws { try writer.writeNull() }
}

extension Session {
  /// Reads the rows of a query, one by one, in memory that does not grow with them; each field as its bytes in PostgreSQL's
  /// binary form, which are valid until the next row; nil for NULL.
  package func copyOut(_ sql: String, _ body: (_ fields: Int, _ bytes: (Int) -> UnsafeRawBufferPointer?) throws -> Void)
    throws
  {
    let session = try postgres
    let query = session.configuration.translate(sql)
    try session.copyOut("COPY (\(query)) TO STDOUT (FORMAT binary)") { row in try body(row.count) { row.bytes($0) } }
  }

  /// Writes rows into a table; answers how many.
  @discardableResult
  package func copyIn(_ table: String, _ columns: [String], _ body: (RowWriter) throws -> Void) throws -> Int {
    let session = try postgres
    let target = session.configuration.translate("\(table) (\(columns.joined(separator: ", ")))")
    return try session.copyIn("COPY \(target) FROM STDIN (FORMAT binary)") { try body(RowWriter(writer: $0)) }
  }

  /// Whether the store is PostgreSQL.
  package var isPostgres: Bool { database is PostgresDatabase }

  /// The greatest number that each numbered table has given, by table; 0 where it gave none.
  package func postgresNumbers() throws -> [String: Int64] {
    let session = try postgres
    var numbers: [String: Int64] = [:]
    for (table, sequence) in try sequences() {
      let answer = try session.execute("SELECT last_value, is_called FROM \(sequence)")
      numbers[table] = answer.int64(0, 0) - (answer.int64(0, 1) != 0 ? 0 : 1)
    }
    return numbers
  }

  /// Sets from where tables are numbered.
  package func setPostgresNumbers(_ numbers: [String: Int64]) throws {
    let session = try postgres
    for (table, sequence) in try sequences() {
      guard let number = numbers[table], number > 0 else { continue }
      try session.execute("SELECT setval($1::text::regclass, $2)", [.text(sequence), .int64(number)])
    }
  }

  /// The sequences of tables: those of identity columns, and the two that several transactions share.
  private func sequences() throws -> [(table: String, sequence: String)] {
    let rows = try postgres.execute(
      """
      SELECT c.relname::text, d.objid::regclass::text FROM pg_depend d
        JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S' JOIN pg_class c ON c.oid = d.refobjid
      WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'i'
        AND c.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = to_regclass('bucket'))
      """)
    let own = (0..<rows.rows).map { (rows.text($0, 0), rows.text($0, 1)) }
    return own + [("bucket", "bucket_number"), ("receipt", "receipt_number")]
  }
}
