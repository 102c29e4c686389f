import CPostgreSQL
import Store

/// Writes rows into `COPY … FROM STDIN (FORMAT binary)`, a chunk at a time: its memory does not grow with the rows.
final class CopyWriter {
  /// Rows are sent when so many bytes of them wait.
  static let chunkBytes = 128 << 10
  private static let signature: [UInt8] = Array("PGCOPY\n".utf8) + [0xff] + Array("\r\n".utf8) + [0]

  private unowned let session: PostgresSession
  private var buffer: [UInt8] = []
  /// Fields that the present row still lacks.
  private var missing = 0
  /// How many rows were begun.
  private(set) var rows = 0

  init(_ session: PostgresSession) {
    self.session = session
    buffer.reserveCapacity(Self.chunkBytes + 4_096)
    buffer += Self.signature
    // No flags, no extension of the header.
    buffer.append(bigEndian: Int32(0))
    buffer.append(bigEndian: Int32(0))
  }

  /// Begins a row of so many fields; then each is written, in the order of the statement's columns.
  func row(_ fields: Int16) throws(StoreError) {
    try checkRow()
    if buffer.count >= Self.chunkBytes { try send() }
    rows += 1
    missing = Int(fields)
    buffer.append(bigEndian: fields)
  }

  /// A `bigint`.
  func write(_ value: Int64) throws(StoreError) { try write(word: UInt64(bitPattern: value)) }

  /// A `double precision`.
  func write(_ value: Double) throws(StoreError) { try write(word: value.bitPattern) }

  /// A length of 8 and the bytes, in one piece: imports pass here by the million.
  private func write(word: UInt64) throws(StoreError) {
    try begin(8)
    let cell = (
      UInt32(8).bigEndian, UInt32(truncatingIfNeeded: word >> 32).bigEndian, UInt32(truncatingIfNeeded: word).bigEndian
    )
    withUnsafeBytes(of: cell) { buffer.append(contentsOf: $0) }
  }

  /// A `text`.
  func write(_ value: String) throws(StoreError) {
    var value = value
    try begin(value.utf8.count)
    let isStorable = value.withUTF8 { bytes in
      buffer.append(bigEndian: Int32(bytes.count))
      buffer.append(contentsOf: bytes)
      return !bytes.contains(0)
    }
    guard isStorable else {
      throw StoreError(
        .invalid, "a text holds the character U+0000, which PostgreSQL cannot store (row \(rows) of a COPY)")
    }
  }

  /// A `bytea`.
  func write(_ value: [UInt8]) throws(StoreError) {
    try begin(value.count)
    buffer.append(bigEndian: Int32(value.count))
    buffer.append(contentsOf: value)
  }

  /// NULL.
  func writeNull() throws(StoreError) {
    try begin(0)
    buffer.append(bigEndian: Int32(-1))
  }

  /// A `bigint` or NULL.
  func write(_ value: Int64?) throws(StoreError) {
    if let value { try write(value) } else { try writeNull() }
  }

  /// A `text` or NULL.
  func write(_ value: String?) throws(StoreError) {
    if let value { try write(value) } else { try writeNull() }
  }

  private func begin(_ bytes: Int) throws(StoreError) {
    guard missing > 0 else { throw StoreError(.invalid, "row \(rows) of a COPY has more fields than it said") }
    guard bytes <= ParameterList.maximumBytes else {
      throw StoreError(.invalid, "a value is larger than \(ParameterList.maximumBytes >> 20) MiB")
    }
    missing -= 1
  }

  private func checkRow() throws(StoreError) {
    guard missing == 0 else { throw StoreError(.invalid, "row \(rows) of a COPY has fewer fields than it said") }
  }

  fileprivate func finish() throws(StoreError) {
    try checkRow()
    buffer.append(bigEndian: Int16(-1))
    try send()
  }

  private func send() throws(StoreError) {
    let raw = try session.connected()
    session.startClock()
    while true {
      let code = buffer.withUnsafeBytes { bytes in
        PQputCopyData(raw, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(clamping: bytes.count))
      }
      if code == 1 { break }
      guard code == 0 else { throw session.lose() }
      _ = try session.wait(writing: true)
    }
    buffer.removeAll(keepingCapacity: true)
    // libpq would keep what the socket does not take.
    try session.flush()
  }
}

extension PostgresSession {
  /// Runs `COPY … FROM STDIN (FORMAT binary)` with the rows that `body` writes; answers how many there were. What `body`
  /// throws undoes all of them.
  @discardableResult
  func copyIn(_ sql: String, _ body: (CopyWriter) throws -> Void) throws -> Int {
    try beginIfPending()
    let isAlone = transactionStatus == PQTRANS_IDLE
    guard case .copyIn = try startCopy(sql) else {
      giveUp()
      throw StoreError(.invalid, "this is no COPY … FROM STDIN: \(sql)")
    }
    let writer = CopyWriter(self)
    do {
      try body(writer)
      try writer.finish()
    } catch {
      if isUsable { try abandonCopy() }
      throw error
    }
    do throws(StoreError) {
      try endCopy(nil)
      return try lastResult().changes
    } catch {
      throw isAlone && !isUsable ? Self.inDoubt(error) : error
    }
  }

  /// Sends a COPY statement; answers what the server wants next.
  func startCopy(_ sql: String) throws(StoreError) -> Answer {
    let raw = try connected()
    startClock()
    guard PQsendQuery(raw, sql) == 1 else { throw lose() }
    try flush()
    guard let result = try nextResult() else { throw lose() }
    let answer = Self.answer(result)
    guard case .failed(let error) = answer else { return answer }
    while !error.isLost, let more = try nextResult() { PQclear(more) }
    throw fail(error)
  }

  private func endCopy(_ reason: String?) throws(StoreError) {
    let raw = try connected()
    startClock()
    while true {
      let code = PQputCopyEnd(raw, reason)
      if code == 1 { return }
      guard code == 0 else { throw lose() }
      _ = try wait(writing: true)
    }
  }

  private func abandonCopy() throws(StoreError) {
    try endCopy("the rows were not complete")
    do throws(StoreError) {
      _ = try lastResult()
    } catch {
      // The server says that the COPY was abandoned.
      if !isUsable { throw error }
    }
  }
}
