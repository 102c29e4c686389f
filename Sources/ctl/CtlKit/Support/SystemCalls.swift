#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Calls of the C library under names that methods do not hide, and one way to say each on every system.
enum SystemCalls {
  static func input(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
    read(descriptor, buffer.baseAddress, buffer.count)
  }

  static func output(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    write(descriptor, bytes.baseAddress, bytes.count)
  }

  static func end(_ descriptor: Int32) { _ = close(descriptor) }

  /// Lets a signal pass by the process, so that a source sees it; or puts the standard action back.
  static func ignore(_ number: Int32) { _ = signal(number, SIG_IGN) }
  static func heed(_ number: Int32) { _ = signal(number, SIG_DFL) }

  static var streamSocket: Int32 {
    #if canImport(Glibc)
      Int32(SOCK_STREAM.rawValue)
    #else
      SOCK_STREAM
    #endif
  }
}
