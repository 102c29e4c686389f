import CPostgreSQL
import Store

/// A column of values for one set-based statement, in PostgreSQL's binary form: `unnest($1::bigint[])`.
///
/// Values are encoded as they are appended, so that rows need not be turned into columns first.
struct PostgresArray: Sendable {
  /// What the elements are.
  enum Element: Sendable {
    case int64
    case double
    case text
    case bytes
  }

  /// What the elements are.
  let element: Element
  /// How many there are.
  private(set) var count: Int32 = 0
  private(set) var hasNull = false
  /// Each element: its length, -1 for NULL, and its bytes.
  private(set) var body: [UInt8] = []
  /// A text among them holds a NUL character.
  private(set) var hasNUL = false

  /// An empty column. `capacity` is how many elements are expected.
  init(_ element: Element, capacity: Int = 0) {
    self.element = element
    body.reserveCapacity(capacity * (element == .int64 || element == .double ? 12 : 24))
  }

  mutating func append(_ value: Int64) {
    appendWord(UInt64(bitPattern: value))
  }

  mutating func append(_ value: Double) {
    appendWord(value.bitPattern)
  }

  /// A length of 8 and the bytes, in one piece: rows pass here by the hundred thousand.
  @inline(__always)
  private mutating func appendWord(_ word: UInt64) {
    count += 1
    let cell = (
      UInt32(8).bigEndian, UInt32(truncatingIfNeeded: word >> 32).bigEndian, UInt32(truncatingIfNeeded: word).bigEndian
    )
    withUnsafeBytes(of: cell) { body.append(contentsOf: $0) }
  }

  mutating func append(_ value: String) {
    count += 1
    var value = value
    value.withUTF8 { bytes in
      if bytes.contains(0) { hasNUL = true }
      body.append(bigEndian: Int32(clamping: bytes.count))
      body.append(contentsOf: bytes)
    }
  }

  mutating func append(_ value: [UInt8]) {
    count += 1
    body.append(bigEndian: Int32(clamping: value.count))
    body.append(contentsOf: value)
  }

  mutating func appendNull() {
    count += 1
    hasNull = true
    body.append(bigEndian: Int32(-1))
  }

  mutating func append(_ value: Int64?) { if let value { append(value) } else { appendNull() } }
  mutating func append(_ value: String?) { if let value { append(value) } else { appendNull() } }
  mutating func append(_ value: Double?) { if let value { append(value) } else { appendNull() } }
  mutating func append(_ value: [UInt8]?) { if let value { append(value) } else { appendNull() } }

  var type: Oid {
    switch element {
    case .int64: PostgresType.int8Array
    case .double: PostgresType.float8Array
    case .text: PostgresType.textArray
    case .bytes: PostgresType.byteaArray
    }
  }

  private var elementType: Oid {
    switch element {
    case .int64: PostgresType.int8
    case .double: PostgresType.float8
    case .text: PostgresType.text
    case .bytes: PostgresType.bytea
    }
  }

  /// Number of dimensions, whether there are NULLs, the elements' type; then the dimension: its size and lower bound.
  var header: [UInt8] {
    var header: [UInt8] = []
    header.append(bigEndian: Int32(count == 0 ? 0 : 1))
    header.append(bigEndian: Int32(hasNull ? 1 : 0))
    header.append(bigEndian: elementType)
    guard count > 0 else { return header }
    header.append(bigEndian: count)
    header.append(bigEndian: Int32(1))
    return header
  }
}
