import Glibc
import Store

/// A backup on its way to its name: under another name until it is whole and on the disk, and for its owner's eyes only.
struct BackupFile: ~Copyable {
  let descriptor: Int32
  private let path: String
  private let temporary: String

  /// - Throws: `.alreadyExists` when there is a file of that name; `.unavailable` when none can be made.
  init(path: String) throws(StoreError) {
    guard access(path, F_OK) != 0 else { throw Self.exists(path) }
    let temporary = "\(path).partial-\(getpid())"
    let descriptor = Glibc.open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Self.failure("make", path) }
    self.descriptor = descriptor
    self.path = path
    self.temporary = temporary
  }

  deinit {
    close(descriptor)
    unlink(temporary)
  }

  /// Gives it its name, when it is on the disk.
  consuming func publish() throws(StoreError) {
    guard fsync(descriptor) == 0 else { throw Self.failure("write", path) }
    // Unlike a renaming, a link never replaces what somebody else made meanwhile.
    guard link(temporary, path) == 0 else { throw errno == EEXIST ? Self.exists(path) : Self.failure("name", path) }
    unlink(temporary)
    let folder = Glibc.open(Self.folder(path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { throw Self.failure("open the folder of", path) }
    defer { close(folder) }
    guard fsync(folder) == 0 else { throw Self.failure("write the folder of", path) }
  }

  /// Opens one for reading.
  static func open(reading path: String) throws(StoreError) -> Int32 {
    let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("open", path) }
    return descriptor
  }

  private static func folder(_ path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static func exists(_ path: String) -> StoreError {
    StoreError(.alreadyExists, "\(path) exists; a backup replaces nothing")
  }

  private static func failure(_ verb: String, _ path: String) -> StoreError {
    let code = errno
    return StoreError(
      code == ENOSPC ? .full : .unavailable, "cannot \(verb) \(path): \(String(cString: strerror(code)))")
  }
}
