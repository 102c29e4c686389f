#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// What the kernel says about a process's memory (proc(5), `statm`).
enum ProcessMemory {
  /// Memory in use, in bytes; nil for a process that is gone.
  static func resident(_ pid: Int32) -> Int64? {
    let file = open("/proc/\(pid)/statm", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var buffer = [UInt8](repeating: 0, count: 256)
    let got = read(file, &buffer, buffer.count)
    guard got > 0 else { return nil }
    let fields = buffer[..<got].split(separator: UInt8(ascii: " "))
    guard fields.count > 1, let pages = Int64(String(decoding: fields[1], as: UTF8.self)) else { return nil }
    return pages * Int64(sysconf(Int32(_SC_PAGESIZE)))
  }
}
