import CPostgreSQL
import Store

/// The rows of one statement, in binary. Rows and columns count from 0.
final class PostgresResult {
  private let raw: OpaquePointer
  /// How many rows there are.
  let rows: Int
  /// How many columns there are.
  let columns: Int
  private let types: UnsafeMutablePointer<Oid>
  /// Where a value turned out not to be what was asked for.
  private let misread: (String) -> Void

  /// Takes over a result of libpq.
  init(_ raw: OpaquePointer, misread: @escaping (String) -> Void) {
    self.raw = raw
    self.misread = misread
    rows = Int(PQntuples(raw))
    columns = Int(PQnfields(raw))
    types = .allocate(capacity: max(columns, 1))
    for column in 0..<columns { (types + column).initialize(to: PQftype(raw, Int32(column))) }
  }

  deinit {
    types.deallocate()
    PQclear(raw)
  }

  /// What the server said it did: `INSERT 0 5`, `COMMIT`.
  var tag: String { PQcmdStatus(raw).map { String(cString: $0) } ?? "" }

  /// How many rows were inserted, changed or deleted; 0 for a query.
  var changes: Int {
    let tag = tag
    // "SELECT 5" counts what was read.
    guard !tag.hasPrefix("SELECT"), let last = tag.split(separator: " ").last else { return 0 }
    return Int(last) ?? 0
  }

  func isNull(_ row: Int, _ column: Int) -> Bool { PQgetisnull(raw, Int32(row), Int32(column)) != 0 }

  /// An integer; 0 for NULL.
  func int64(_ row: Int, _ column: Int) -> Int64 {
    guard let (value, length) = value(row, column) else { return 0 }
    switch (types[column], length) {
    case (PostgresType.int8, 8), (PostgresType.xid8, 8): return value.bigEndian(Int64.self)
    case (PostgresType.int4, 4): return Int64(value.bigEndian(Int32.self))
    case (PostgresType.oid, 4): return Int64(value.bigEndian(UInt32.self))
    case (PostgresType.int2, 2): return Int64(value.bigEndian(Int16.self))
    case (PostgresType.bool, 1): return value.load(as: UInt8.self) == 0 ? 0 : 1
    case (PostgresType.numeric, _):
      if let whole = Numeric(value, length).whole { return whole }
    default: break
    }
    misread("an integer was read from column \(column + 1), whose type is \(types[column])")
    return 0
  }

  func optionalInt64(_ row: Int, _ column: Int) -> Int64? { isNull(row, column) ? nil : int64(row, column) }

  /// A double; 0 for NULL.
  func double(_ row: Int, _ column: Int) -> Double {
    guard let (value, length) = value(row, column) else { return 0 }
    switch (types[column], length) {
    case (PostgresType.float8, 8): return Double(bitPattern: value.bigEndian(UInt64.self))
    case (PostgresType.float4, 4): return Double(Float(bitPattern: value.bigEndian(UInt32.self)))
    case (PostgresType.numeric, _): return Numeric(value, length).double
    default: return Double(int64(row, column))
    }
  }

  /// The bytes of a text or of bytes; they are valid as long as the result is. Empty for NULL.
  func bytes(_ row: Int, _ column: Int) -> UnsafeBufferPointer<UInt8> {
    guard let (value, length) = value(row, column) else { return UnsafeBufferPointer(start: nil, count: 0) }
    let start = value.assumingMemoryBound(to: UInt8.self)
    switch types[column] {
    case PostgresType.text, PostgresType.bytea, PostgresType.varchar, PostgresType.bpchar, PostgresType.name,
      PostgresType.json, PostgresType.unknown, 705:
      return UnsafeBufferPointer(start: start, count: length)
    case PostgresType.jsonb where length > 0:
      // The first byte is the format's version.
      return UnsafeBufferPointer(start: start + 1, count: length - 1)
    default:
      misread("a text was read from column \(column + 1), whose type is \(types[column])")
      return UnsafeBufferPointer(start: nil, count: 0)
    }
  }

  /// A text; empty for NULL.
  func text(_ row: Int, _ column: Int) -> String { String(decoding: bytes(row, column), as: UTF8.self) }

  func optionalText(_ row: Int, _ column: Int) -> String? { isNull(row, column) ? nil : text(row, column) }

  /// What came over the connection, whatever its type.
  func rawText(_ row: Int, _ column: Int) -> String {
    guard let (value, length) = value(row, column) else { return "" }
    return String(decoding: UnsafeRawBufferPointer(start: value, count: length), as: UTF8.self)
  }

  private func value(_ row: Int, _ column: Int) -> (UnsafeRawPointer, Int)? {
    guard row < rows, column < columns else {
      misread("column \(column + 1) of row \(row + 1) was read from \(columns) columns and \(rows) rows")
      return nil
    }
    let length = PQgetlength(raw, Int32(row), Int32(column))
    // Only what is empty may be NULL.
    if length == 0, isNull(row, column) { return nil }
    guard let value = PQgetvalue(raw, Int32(row), Int32(column)) else { return nil }
    return (UnsafeRawPointer(value), Int(length))
  }
}
