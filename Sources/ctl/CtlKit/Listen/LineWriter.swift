import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// Writes whole lines to a file descriptor from any thread, many lines at a time.
final class LineWriter: Sendable {
  /// Bytes gathered before they are written without being asked.
  static let flushBytes = 64 * 1024

  private let descriptor: Int32
  private let pending = Mutex<[UInt8]>([])

  init(descriptor: Int32) { self.descriptor = descriptor }

  func write(_ line: String) {
    pending.withLock { bytes in
      bytes.append(contentsOf: line.utf8)
      bytes.append(Byte.lineFeed)
      if bytes.count >= Self.flushBytes { drain(&bytes) }
    }
  }

  func flush() {
    pending.withLock { if !$0.isEmpty { drain(&$0) } }
  }

  private func drain(_ bytes: inout [UInt8]) {
    var start = 0
    while start < bytes.count {
      let written = bytes[start...].withUnsafeBytes { Self.put(descriptor, $0) }
      if written < 0, errno == EINTR { continue }
      // The reader is gone (EPIPE) or the disk is full: nobody is left to tell.
      guard written > 0 else { break }
      start += written
    }
    bytes.removeAll(keepingCapacity: true)
  }

  private static func put(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    #if canImport(Glibc)
      Glibc.write(descriptor, bytes.baseAddress, bytes.count)
    #else
      Musl.write(descriptor, bytes.baseAddress, bytes.count)
    #endif
  }
}
