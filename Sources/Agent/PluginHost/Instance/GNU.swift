#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// Functions of the C library that its headers show only to programs that ask for GNU extensions, which Swift's module
/// of it does not. They are looked up by name.
enum GNU {
  private typealias NameThread = @convention(c) (pthread_t, UnsafePointer<CChar>) -> Int32
  private typealias MemoryFile = @convention(c) (UnsafePointer<CChar>, UInt32) -> Int32

  private static let setName = dlsym(nil, "pthread_setname_np").map { unsafeBitCast($0, to: NameThread.self) }
  private static let create = dlsym(nil, "memfd_create").map { unsafeBitCast($0, to: MemoryFile.self) }

  /// Names the calling thread, for people who look at it in `top`; the kernel's bound is 15 bytes.
  static func nameThread(_ name: String) {
    _ = setName?(pthread_self(), String(decoding: name.utf8.prefix(15), as: UTF8.self))
  }

  /// A file in memory, closed on exec; negative, with `errno`, when there is none.
  static func memoryFile(_ name: String) -> Int32 {
    let closeOnExec: UInt32 = 1  // MFD_CLOEXEC
    guard let create else {
      errno = ENOSYS
      return -1
    }
    return create(name, closeOnExec)
  }
}
