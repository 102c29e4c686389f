import SwiftProtobuf

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// Frames on a stream socket: four bytes of length, least significant first, then the message (`runner.proto`).
final class FrameSocket: @unchecked Sendable {
  // Unchecked: one thread reads; writers hold the lock.
  /// Largest frame, in bytes.
  static let maximumBytes = 16 * 1_024 * 1_024
  private static let bufferBytes = 256 * 1_024
  /// How long the other side may leave a frame unread before it counts as gone.
  static let writeLimitSeconds = 5

  enum Failure: Error {
    /// The other side ended the connection.
    case closed
    /// It sent what is no frame, or took none for too long.
    case broken(String)
  }

  private let descriptor: Int32
  private let writing = Monitor([UInt8]())
  private var buffer = [UInt8](repeating: 0, count: bufferBytes)
  private var start = 0
  private var end = 0

  /// Takes over a socket.
  init(_ descriptor: Int32) {
    self.descriptor = descriptor
    var limit = timeval(tv_sec: Self.writeLimitSeconds, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
  }

  deinit { close(descriptor) }

  /// Ends the connection for both sides; a reader wakes up.
  func shutDown() { shutdown(descriptor, Int32(SHUT_RDWR)) }

  /// Sends a message; any thread.
  func write(_ message: some SwiftProtobuf.Message) throws(Failure) {
    let failure = writing.withLock { frame -> Failure? in
      do {
        let body: [UInt8] = try message.serializedBytes()
        guard body.count <= Self.maximumBytes else { return .broken("a frame of \(body.count) bytes") }
        frame.removeAll(keepingCapacity: body.count < Self.bufferBytes)
        for shift in [0, 8, 16, 24] { frame.append(UInt8(truncatingIfNeeded: body.count >> shift)) }
        frame.append(contentsOf: body)
        return send(frame)
      } catch { return .broken("a message could not be written: \(error)") }
    }
    if let failure { throw failure }
  }

  private func send(_ frame: [UInt8]) -> Failure? {
    frame.withUnsafeBytes { bytes -> Failure? in
      var done = 0
      while done < bytes.count {
        guard let base = bytes.baseAddress else { return nil }
        let sent = Glibc.send(descriptor, base + done, bytes.count - done, Int32(MSG_NOSIGNAL))
        if sent < 0, errno == EINTR { continue }
        if sent < 0, errno == EAGAIN { return .broken("it left a frame unread for \(Self.writeLimitSeconds) s") }
        guard sent > 0 else { return .closed }
        done += sent
      }
      return nil
    }
  }

  /// The next message; waits for it. One thread only.
  func read<M: SwiftProtobuf.Message>(_ type: M.Type) throws(Failure) -> M {
    try fill(4)
    let length = (0..<4).reduce(0) { $0 | Int(buffer[start + $1]) << (8 * $1) }
    guard length <= Self.maximumBytes else { throw .broken("it sent a frame of \(length) bytes") }
    start += 4
    try fill(length)
    defer { start += length }
    do {
      return try M(serializedBytes: Array(buffer[start..<start + length]))
    } catch { throw .broken("it sent a frame that cannot be read") }
  }

  /// Waits until so many bytes are in the buffer.
  private func fill(_ count: Int) throws(Failure) {
    guard end - start < count else { return }
    if start > 0 {
      buffer.withUnsafeMutableBytes { bytes in
        bytes.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
      }
      (start, end) = (0, end - start)
    }
    if buffer.count < count { buffer += [UInt8](repeating: 0, count: count - buffer.count) }
    if count <= Self.bufferBytes, buffer.count > Self.bufferBytes, end < Self.bufferBytes {
      buffer = Array(buffer[..<Self.bufferBytes])
    }
    while end < count {
      let got = buffer.withUnsafeMutableBytes { bytes in
        recv(descriptor, bytes.baseAddress?.advanced(by: end), bytes.count - end, 0)
      }
      if got < 0, errno == EINTR { continue }
      guard got > 0 else { throw .closed }
      end += got
    }
  }
}
