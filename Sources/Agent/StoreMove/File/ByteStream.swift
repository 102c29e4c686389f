import Crypto
import Glibc
import Store

/// Writes bytes to a descriptor in large pieces, and sums them up. Memory: one piece.
struct ByteSink: ~Copyable {
  static let pieceBytes = 256 << 10

  private let descriptor: Int32
  private var buffer: [UInt8] = []
  private var hash = SHA256()
  /// How many bytes were written in all.
  private(set) var count = 0

  /// - Parameter descriptor: stays open; -1: nothing is written.
  init(_ descriptor: Int32) {
    self.descriptor = descriptor
    buffer.reserveCapacity(Self.pieceBytes)
  }

  mutating func write(_ bytes: [UInt8]) throws(StoreError) {
    count += bytes.count
    buffer.append(contentsOf: bytes)
    if buffer.count >= Self.pieceBytes { try flush() }
  }

  mutating func write(_ number: UInt32) throws(StoreError) {
    try write(withUnsafeBytes(of: number.bigEndian) { Array($0) })
  }

  /// The sum of all that was written before.
  mutating func writeSum() throws(StoreError) {
    try flush()
    let sum = Array(hash.finalize())
    buffer.append(contentsOf: sum)
    count += sum.count
    try flush()
  }

  private mutating func flush() throws(StoreError) {
    hash.update(data: buffer)
    var sent = 0
    while descriptor >= 0, sent < buffer.count {
      let count = buffer.withUnsafeBytes { bytes in
        let rest = UnsafeRawBufferPointer(rebasing: bytes[sent...])
        return Self.put(descriptor, rest)
      }
      if count > 0 { sent += count } else if errno != EINTR { throw Self.failure(errno) }
    }
    buffer.removeAll(keepingCapacity: true)
  }

  /// `send` says no SIGPIPE to a socket whose reader has gone; files know no `send`.
  private static func put(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    let count = send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
    return count < 0 && errno == ENOTSOCK ? Glibc.write(descriptor, bytes.baseAddress, bytes.count) : count
  }

  private static func failure(_ code: Int32) -> StoreError {
    if code == EPIPE { return StoreError(.unavailable, "the other side ended", cause: StreamCut()) }
    return StoreError(
      code == ENOSPC || code == EDQUOT || code == EFBIG ? .full : .unavailable,
      "the backup cannot be written: \(String(cString: strerror(code)))")
  }
}

/// Reads bytes from a descriptor in large pieces, and sums them up. Memory: one piece, or what is asked for at once.
struct ByteSource: ~Copyable {
  private let descriptor: Int32
  private var buffer: [UInt8] = []
  private var start = 0
  private var hash = SHA256()

  /// - Parameter descriptor: stays open.
  init(_ descriptor: Int32) {
    self.descriptor = descriptor
  }

  /// Exactly so many bytes.
  /// - Throws: `.corrupt` when there are fewer.
  mutating func read(_ count: Int) throws(StoreError) -> [UInt8] {
    let bytes = try take(count)
    hash.update(data: bytes)
    return bytes
  }

  mutating func readNumber() throws(StoreError) -> UInt32 {
    try read(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
  }

  /// Reads the sum at the end, and holds it against what was read before.
  /// - Throws: `.corrupt` when it is another one, or when something follows it.
  mutating func readSum() throws(StoreError) {
    let found = Array(hash.finalize())
    guard try take(SHA256.byteCount) == found else {
      throw StoreError(.corrupt, "the backup is damaged: its checksum is another one than that of its content")
    }
    var hasMore = start < buffer.count
    if !hasMore { hasMore = try fill() }
    guard !hasMore else { throw StoreError(.corrupt, "the backup is damaged: something follows its end") }
  }

  private mutating func take(_ count: Int) throws(StoreError) -> [UInt8] {
    while buffer.count - start < count {
      guard try fill() else {
        throw StoreError(.corrupt, "the backup ends too early: it is cut off", cause: StreamCut())
      }
    }
    defer { start += count }
    return Array(buffer[start..<start + count])
  }

  /// Reads some more; false at the end.
  private mutating func fill() throws(StoreError) -> Bool {
    buffer.removeFirst(start)
    start = 0
    let old = buffer.count
    buffer.append(contentsOf: repeatElement(0, count: ByteSink.pieceBytes))
    var count = -1
    repeat {
      count = buffer.withUnsafeMutableBytes {
        Glibc.read(descriptor, $0.baseAddress?.advanced(by: old), ByteSink.pieceBytes)
      }
    } while count < 0 && errno == EINTR
    let code = errno
    buffer.removeLast(ByteSink.pieceBytes - max(count, 0))
    guard count >= 0 else {
      throw StoreError(.unavailable, "the backup cannot be read: \(String(cString: strerror(code)))")
    }
    return count > 0
  }
}

/// The stream between two stores ended before its end: the reason is on the other side.
struct StreamCut: Error {}
