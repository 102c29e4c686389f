import CPostgreSQL
import Store

/// One row of `COPY … TO STDOUT (FORMAT binary)`; valid until the next one. Fields count from 0.
struct CopyRow {
  private let start: UnsafeRawPointer
  /// Where each field's bytes begin, and how many there are; -1 for NULL.
  private let fields: [(offset: Int, length: Int)]

  fileprivate init(_ start: UnsafeRawPointer, _ fields: [(offset: Int, length: Int)]) {
    self.start = start
    self.fields = fields
  }

  /// How many fields there are.
  var count: Int { fields.count }

  func isNull(_ field: Int) -> Bool { fields[field].length < 0 }

  /// An integer of any width, or a truth value; nil for NULL.
  /// - Throws: `.corrupt` for anything else.
  func int64(_ field: Int) throws(StoreError) -> Int64? {
    let (offset, length) = fields[field]
    switch length {
    case -1: return nil
    case 8: return start.bigEndian(Int64.self, at: offset)
    case 4: return Int64(start.bigEndian(Int32.self, at: offset))
    case 2: return Int64(start.bigEndian(Int16.self, at: offset))
    case 1: return start.load(fromByteOffset: offset, as: UInt8.self) == 0 ? 0 : 1
    default: throw StoreError(.corrupt, "field \(field + 1) of a COPY is no integer")
    }
  }

  /// A `double precision`; nil for NULL.
  func double(_ field: Int) throws(StoreError) -> Double? {
    let (offset, length) = fields[field]
    if length < 0 { return nil }
    guard length == 8 else { throw StoreError(.corrupt, "field \(field + 1) of a COPY is no double") }
    return Double(bitPattern: start.bigEndian(UInt64.self, at: offset))
  }

  /// The bytes of a text or of bytes; nil for NULL.
  func bytes(_ field: Int) -> UnsafeRawBufferPointer? {
    let (offset, length) = fields[field]
    return length < 0 ? nil : UnsafeRawBufferPointer(start: start + offset, count: length)
  }

  /// A text; nil for NULL.
  func text(_ field: Int) -> String? { bytes(field).map { String(decoding: $0, as: UTF8.self) } }
}

extension PostgresSession {
  private static let copyHeaderBytes = 11 + 4 + 4

  /// Runs `COPY … TO STDOUT (FORMAT binary)` and reads its rows one by one: its memory does not grow with them. When
  /// `body` throws, the connection is given up, and with it the transaction.
  func copyOut(_ sql: String, _ body: (CopyRow) throws -> Void) throws {
    try beginIfPending()
    guard case .copyOut = try startCopy(sql) else {
      giveUp()
      throw StoreError(.invalid, "this is no COPY … TO STDOUT: \(sql)")
    }
    var isFirst = true
    do {
      while let message = try nextCopyData() {
        defer { PQfreemem(message.start) }
        try Self.rows(UnsafeRawBufferPointer(start: message.start, count: message.count), isFirst, body)
        isFirst = false
      }
    } catch {
      giveUp()
      throw error
    }
    _ = try lastResult()
  }

  private func nextCopyData() throws(StoreError) -> (start: UnsafeMutablePointer<CChar>, count: Int)? {
    let raw = try connected()
    startClock()
    while true {
      var start: UnsafeMutablePointer<CChar>?
      switch PQgetCopyData(raw, &start, 1) {
      case 0:
        _ = try wait()
        if PQconsumeInput(raw) == 0 { throw lose() }
      case -1: return nil
      case let count where count > 0:
        guard let start else { throw lose() }
        return (start, Int(count))
      default: throw lose()
      }
    }
  }

  /// The rows of one message: the protocol has one in each, behind the header in the first.
  private static func rows(
    _ message: UnsafeRawBufferPointer, _ isFirst: Bool, _ body: (CopyRow) throws -> Void
  ) throws {
    guard let start = message.baseAddress else { return }
    var offset = 0
    if isFirst {
      guard message.count >= copyHeaderBytes else { throw malformed }
      offset = copyHeaderBytes + Int(start.bigEndian(UInt32.self, at: copyHeaderBytes - 4))
    }
    while offset < message.count {
      guard offset + 2 <= message.count else { throw malformed }
      let count = start.bigEndian(Int16.self, at: offset)
      if count < 0 { return }
      offset += 2
      let fields = try fields(Int(count), message, start, &offset)
      try body(CopyRow(start, fields))
    }
  }

  private static func fields(
    _ count: Int, _ message: UnsafeRawBufferPointer, _ start: UnsafeRawPointer, _ offset: inout Int
  ) throws(StoreError) -> [(offset: Int, length: Int)] {
    var fields: [(offset: Int, length: Int)] = []
    fields.reserveCapacity(count)
    for _ in 0..<count {
      guard offset + 4 <= message.count else { throw malformed }
      let length = Int(start.bigEndian(Int32.self, at: offset))
      offset += 4
      guard length >= -1, offset + max(length, 0) <= message.count else { throw malformed }
      fields.append((offset, length))
      offset += max(length, 0)
    }
    return fields
  }

  private static let malformed = StoreError(.corrupt, "the database's COPY is not in the binary form")
}
