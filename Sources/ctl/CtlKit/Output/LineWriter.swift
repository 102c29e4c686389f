import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Where text goes: standard output, standard error, or a test.
protocol TextSink: Sendable {
  /// Takes text as it is.
  func write(_ text: String)
  /// Hands on what was gathered.
  func flush()
}

extension TextSink {
  /// Takes a line without its end.
  func line(_ text: String) { write(text + "\n") }
}

/// Writes to a file descriptor from any thread, much at a time.
final class DescriptorWriter: TextSink {
  /// Bytes gathered before they are written without being asked.
  static let flushBytes = 64 * 1024

  private let descriptor: Int32
  private let isBuffered: Bool
  private let pending = Mutex<[UInt8]>([])

  init(descriptor: Int32, isBuffered: Bool) {
    self.descriptor = descriptor
    self.isBuffered = isBuffered
  }

  func write(_ text: String) {
    pending.withLock { bytes in
      bytes.append(contentsOf: text.utf8)
      if !isBuffered || bytes.count >= Self.flushBytes { drain(&bytes) }
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
      // The disk is full or the terminal is gone: nobody is left to tell. (A closed pipe ends the process by SIGPIPE.)
      guard written > 0 else { break }
      start += written
    }
    bytes.removeAll(keepingCapacity: true)
  }

  private static func put(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    SystemCalls.output(descriptor, bytes)
  }
}
