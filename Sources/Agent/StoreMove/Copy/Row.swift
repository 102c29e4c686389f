import Crypto
import Store

/// One row: its fields in the order of the table's columns, each as a length and its bytes, big-endian; -1 is NULL. That is
/// also PostgreSQL's binary form: a `bigint` has 8 bytes, a `double precision` its bit pattern, a text its UTF-8.
struct Row {
  /// The longest field.
  static let maximumField = 64 << 20
  /// The longest row.
  static let maximumBytes = 128 << 20

  private(set) var bytes: [UInt8] = []
  private var fields: [(offset: Int, length: Int)] = []

  mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    fields.removeAll(keepingCapacity: true)
  }

  /// How many fields it has.
  var count: Int { fields.count }

  // MARK: Writing

  mutating func append(_ field: UnsafeRawBufferPointer?) throws(StoreError) {
    guard let field else { return appendNull() }
    guard field.count <= Self.maximumField else {
      throw StoreError(.invalid, "a value has \(field.count) bytes; the most is \(Self.maximumField)")
    }
    begin(field.count)
    bytes.append(contentsOf: field)
  }

  mutating func append(_ value: Int64) {
    begin(8)
    withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func append(_ value: Double) { append(Int64(bitPattern: value.bitPattern)) }

  mutating func appendNull() {
    fields.append((bytes.count + 4, -1))
    withUnsafeBytes(of: Int32(-1).bigEndian) { bytes.append(contentsOf: $0) }
  }

  private mutating func begin(_ length: Int) {
    withUnsafeBytes(of: Int32(clamping: length).bigEndian) { bytes.append(contentsOf: $0) }
    fields.append((bytes.count, length))
  }

  // MARK: Reading

  /// Reads a row of so many fields from the beginning of some bytes; answers how many bytes it has, or nil when they are
  /// not all there.
  mutating func read(_ source: ArraySlice<UInt8>, fields count: Int) throws(StoreError) -> Int? {
    removeAll()
    var offset = source.startIndex
    for _ in 0..<count {
      guard offset + 4 <= source.endIndex else { return nil }
      let length = Int(Int32(bitPattern: source[offset..<offset + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }))
      guard (-1...Self.maximumField).contains(length) else { throw Self.malformed }
      offset += 4
      guard offset + max(length, 0) <= source.endIndex else { return nil }
      fields.append((offset - source.startIndex, length))
      offset += max(length, 0)
    }
    bytes.append(contentsOf: source[..<offset])
    return offset - source.startIndex
  }

  func isNull(_ field: Int) -> Bool { fields[field].length < 0 }

  /// An integer; nil for NULL.
  func integer(_ field: Int) throws(StoreError) -> Int64? {
    let (offset, length) = fields[field]
    if length < 0 { return nil }
    guard length == 8 else { throw Self.malformed }
    return Int64(bitPattern: bytes[offset..<offset + 8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
  }

  /// A double; nil for NULL.
  func real(_ field: Int) throws(StoreError) -> Double? {
    try integer(field).map { Double(bitPattern: UInt64(bitPattern: $0)) }
  }

  /// A text; nil for NULL.
  func text(_ field: Int) throws(StoreError) -> String? {
    let (offset, length) = fields[field]
    if length < 0 { return nil }
    guard let text = String(validating: bytes[offset..<offset + length], as: UTF8.self) else { throw Self.malformed }
    return text
  }

  static let malformed = StoreError(.corrupt, "a row of the backup is not in the form it should have")
}

/// How many rows a table has, and a sum over them that does not depend on their order: equal for equal tables.
struct TableSum: Hashable, Sendable, Codable {
  /// How many rows.
  var rows = 0
  /// Halves of the rows' SHA-256, added up without carry over.
  var first: UInt64 = 0
  var second: UInt64 = 0

  mutating func add(_ row: Row) {
    rows += 1
    SHA256.hash(data: row.bytes).withUnsafeBytes { digest in
      first &+= UInt64(bigEndian: digest.loadUnaligned(as: UInt64.self))
      second &+= UInt64(bigEndian: digest.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    }
  }
}
