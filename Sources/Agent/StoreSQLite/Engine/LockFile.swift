import Store

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Keeps a second process away from a store: an exclusive `flock` on `<store>.lock`, which holds the owner's PID.
///
/// SQLite's own locks would let two agents take turns on one file; the ledger's rules would hold, but each agent's
/// corrected clock and group commits assume that it is alone. The kernel drops the lock with the process, however it ends.
final class LockFile: Sendable {
  private let descriptor: Int32

  init(path: String) throws(StoreError) {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw StoreError(.unavailable, "cannot open the lock file \(path): \(String(cString: strerror(errno)))")
    }
    guard Self.lock(descriptor) else {
      let code = errno
      let holder = Self.readHolder(descriptor)
      _ = Self.closeFile(descriptor)
      guard code == EWOULDBLOCK else {
        throw StoreError(.unavailable, "cannot lock \(path): \(String(cString: strerror(code)))")
      }
      throw StoreError(.locked, "the store is open in another process (PID \(holder)); its lock file is \(path)")
    }
    self.descriptor = descriptor
    try writeHolder(path)
  }

  /// A child that this program starts has a copy of the descriptor, and so the lock, until it runs a program of its own: one
  /// that was just given up may still be held for a moment.
  private static func lock(_ descriptor: Int32) -> Bool {
    for attempt in 0..<10 {
      if attempt > 0 { usleep(10_000) }
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
      guard errno == EWOULDBLOCK else { return false }
    }
    errno = EWOULDBLOCK
    return false
  }

  deinit {
    _ = Self.closeFile(descriptor)
  }

  private func writeHolder(_ path: String) throws(StoreError) {
    let text = Array("\(getpid())\n".utf8)
    guard ftruncate(descriptor, 0) == 0, pwrite(descriptor, text, text.count, 0) == text.count else {
      throw StoreError(
        errno == ENOSPC ? .full : .unavailable,
        "cannot write the lock file \(path): \(String(cString: strerror(errno)))")
    }
  }

  private static func readHolder(_ descriptor: Int32) -> String {
    var buffer = [UInt8](repeating: 0, count: 20)
    let count = pread(descriptor, &buffer, buffer.count, 0)
    let digits = buffer.prefix(max(count, 0)).prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    return digits.isEmpty ? "unknown" : String(decoding: digits, as: UTF8.self)
  }

  private static func closeFile(_ descriptor: Int32) -> Int32 { close(descriptor) }
}
