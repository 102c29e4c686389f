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

  private typealias CloseFrom = @convention(c) (UnsafeMutableRawPointer, Int32) -> Int32

  private static let closeFrom = dlsym(nil, "posix_spawn_file_actions_addclosefrom_np")
    .map { unsafeBitCast($0, to: CloseFrom.self) }
  private static let setName = dlsym(nil, "pthread_setname_np").map { unsafeBitCast($0, to: NameThread.self) }
  private static let create = dlsym(nil, "memfd_create").map { unsafeBitCast($0, to: MemoryFile.self) }

  /// Names the calling thread, for people who look at it in `top`; the kernel's bound is 15 bytes.
  static func nameThread(_ name: String) {
    _ = setName?(pthread_self(), String(decoding: name.utf8.prefix(15), as: UTF8.self))
  }

  /// Has a child that is started close every descriptor from this one on. The agent's own close by themselves; this is
  /// for those that a library opened without saying so.
  static func closeFrom(_ actions: inout posix_spawn_file_actions_t, _ first: Int32) {
    _ = closeFrom?(&actions, first)
  }

  /// A file in memory that can be sealed, closed on exec; negative, with `errno`, when there is none.
  static func memoryFile(_ name: String) -> Int32 {
    let closeOnExec: UInt32 = 1  // MFD_CLOEXEC
    let allowsSealing: UInt32 = 2  // MFD_ALLOW_SEALING
    guard let create else {
      errno = ENOSYS
      return -1
    }
    return create(name, closeOnExec | allowsSealing)
  }

  /// Seals a file in memory: its bytes, its length and the seals stay as they are. False, with `errno`, when it cannot.
  static func seal(_ file: Int32) -> Bool {
    let addSeals: Int32 = 1_033  // F_ADD_SEALS
    let all: Int32 = 1 | 2 | 4 | 8  // F_SEAL_SEAL, F_SEAL_SHRINK, F_SEAL_GROW, F_SEAL_WRITE
    return fcntl(file, addSeals, all) == 0
  }
}
