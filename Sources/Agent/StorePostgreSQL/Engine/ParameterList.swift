import CPostgreSQL
import Store

/// A statement's parameters in binary form, one after another in one buffer.
struct ParameterList {
  /// Bytes of all parameters together: PostgreSQL takes less than 1 GiB in a message.
  static let maximumBytes = 256 << 20
  /// What the protocol can count.
  static let maximumCount = 65_535

  private struct Span {
    var start = 0
    /// -1 for NULL.
    var length: Int32 = -1
    var type: Oid = PostgresType.unknown
  }

  private var buffer: [UInt8] = []
  private var spans: [Span] = []

  init() {}

  init(_ values: [PostgresValue]) throws(StoreError) {
    for (index, value) in values.enumerated() { try bind(value, at: index) }
  }

  var count: Int { spans.count }

  /// The type of the parameter at a place from 0; 0 when it is NULL.
  func type(_ place: Int) -> Oid { spans[place].type }

  mutating func removeAll() {
    buffer.removeAll(keepingCapacity: buffer.capacity < 65_536)
    spans.removeAll(keepingCapacity: true)
  }

  mutating func bind(_ value: PostgresValue, at place: Int) throws(StoreError) {
    switch value {
    case .null: try bindNull(at: place)
    case .int64(let value): try bind(value, at: place)
    case .double(let value): try bind(value, at: place)
    case .text(let value): try bind(value, at: place)
    case .bytes(let value): try bind(value, at: place)
    case .array(let value): try bind(value, at: place)
    }
  }

  mutating func bindNull(at place: Int) throws(StoreError) {
    try set(Span(), at: place)
  }

  mutating func bind(_ value: Int64, at place: Int) throws(StoreError) {
    try set(Span(start: buffer.count, length: 8, type: PostgresType.int8), at: place)
    buffer.append(bigEndian: value)
  }

  mutating func bind(_ value: Double, at place: Int) throws(StoreError) {
    try set(Span(start: buffer.count, length: 8, type: PostgresType.float8), at: place)
    buffer.append(bigEndian: value.bitPattern)
  }

  mutating func bind(_ value: String, at place: Int) throws(StoreError) {
    var value = value
    let start = buffer.count
    let hasNUL = value.withUTF8 { bytes in
      buffer.append(contentsOf: bytes)
      return bytes.contains(0)
    }
    guard !hasNUL else { throw Self.nul(place) }
    try set(Span(start: start, length: Int32(clamping: buffer.count - start), type: PostgresType.text), at: place)
  }

  mutating func bind(_ value: [UInt8], at place: Int) throws(StoreError) {
    try set(Span(start: buffer.count, length: Int32(clamping: value.count), type: PostgresType.bytea), at: place)
    buffer.append(contentsOf: value)
  }

  mutating func bind(_ value: PostgresArray, at place: Int) throws(StoreError) {
    guard !value.hasNUL else { throw Self.nul(place) }
    let header = value.header
    let span = Span(start: buffer.count, length: Int32(clamping: header.count + value.body.count), type: value.type)
    try set(span, at: place)
    buffer.append(contentsOf: header)
    buffer.append(contentsOf: value.body)
  }

  private static func nul(_ place: Int) -> StoreError {
    StoreError(.invalid, "a text holds the character U+0000, which PostgreSQL cannot store (parameter \(place + 1))")
  }

  private mutating func set(_ span: Span, at place: Int) throws(StoreError) {
    guard (0..<Self.maximumCount).contains(place) else {
      throw StoreError(.invalid, "a statement has more than \(Self.maximumCount) parameters")
    }
    guard span.start + Int(max(span.length, 0)) <= Self.maximumBytes else {
      throw StoreError(.invalid, "a statement's parameters are larger than \(Self.maximumBytes >> 20) MiB")
    }
    while spans.count <= place { spans.append(Span()) }
    spans[place] = span
  }

  /// What libpq's calls take: how many, the values' addresses, their lengths and their formats, all binary.
  func withPointers<Result>(
    _ body: (
      Int32, UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?
    ) -> Result
  ) -> Result {
    guard !spans.isEmpty else { return body(0, nil, nil, nil) }
    // An address that is not null tells an empty value from NULL.
    let empty: StaticString = ""
    return buffer.withUnsafeBytes { bytes in
      let base = bytes.baseAddress ?? UnsafeRawPointer(empty.utf8Start)
      let values = spans.map { span -> UnsafePointer<CChar>? in
        span.length < 0 ? nil : (base + span.start).assumingMemoryBound(to: CChar.self)
      }
      let lengths = spans.map { max($0.length, 0) }
      let formats = [Int32](repeating: 1, count: spans.count)
      return body(Int32(spans.count), values, lengths, formats)
    }
  }
}
