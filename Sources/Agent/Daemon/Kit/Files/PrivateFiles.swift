import Glibc

/// Writes small files whole: who reads one sees the old or the new content, never a part, also after a crash.
enum PrivateFiles {
  /// Whose a file is; nil: whoever runs this.
  struct Owner: Hashable, Sendable {
    var user: uid_t
    var group: gid_t
  }

  /// Makes a file, unless there is one.
  /// - Returns: false when there was one, which stays as it is.
  static func make(_ path: String, _ text: String, mode: mode_t, owner: Owner? = nil) throws(FileError) -> Bool {
    let temporary = try write(beside: path, text, mode, owner)
    defer { unlink(temporary) }
    // A link, unlike a rename, never takes the place of what is there.
    guard link(temporary, path) == 0 else {
      if errno == EEXIST { return false }
      throw .call("cannot be made")
    }
    try settle(path)
    return true
  }

  /// Puts a file into the place of another, with that one's mode and owner unless they are given.
  static func replace(_ path: String, _ text: String, mode: mode_t? = nil, owner: Owner? = nil) throws(FileError) {
    var status = stat()
    let isThere = stat(path, &status) == 0
    let temporary = try write(
      beside: path, text, mode ?? (isThere ? status.st_mode & 0o777 : 0o600),
      owner ?? (isThere && geteuid() == 0 ? Owner(user: status.st_uid, group: status.st_gid) : nil))
    guard rename(temporary, path) == 0 else {
      let error = FileError.call("cannot be replaced")
      unlink(temporary)
      throw error
    }
    try settle(path)
  }

  /// Makes a folder, unless there is one.
  /// - Returns: false when there was one.
  static func makeFolder(_ path: String, mode: mode_t, owner: Owner? = nil) throws(FileError) -> Bool {
    guard mkdir(path, mode) == 0 else {
      var status = stat()
      if errno == EEXIST, stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { return false }
      throw .call("cannot be made")
    }
    if let owner, chown(path, owner.user, owner.group) != 0 { throw .call("cannot be given to its owner") }
    return true
  }

  /// Makes the folders above a path that are not there, for whoever runs this alone.
  static func makeParents(of path: String) throws(FileError) {
    var folder = ""
    for part in path.split(separator: "/").dropLast() {
      folder += "/\(part)"
      if access(folder, F_OK) != 0 { _ = try makeFolder(folder, mode: 0o700) }
    }
  }

  private static func write(
    beside path: String, _ text: String, _ mode: mode_t, _ owner: Owner?
  ) throws(FileError) -> String {
    let temporary = "\(path).\(UInt64.random(in: .min ... .max))"
    let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard file >= 0 else { throw .call("cannot be made") }
    defer { close(file) }
    do throws(FileError) {
      if let owner, fchown(file, owner.user, owner.group) != 0 { throw .call("cannot be given to its owner") }
      // Not left to the umask, which could only take from it.
      guard fchmod(file, mode) == 0 else { throw .call("cannot be given its mode") }
      try write(text, to: file)
      guard fsync(file) == 0 else { throw .call("cannot be written") }
      return temporary
    } catch {
      unlink(temporary)
      throw error
    }
  }

  private static func write(_ text: String, to file: Int32) throws(FileError) {
    let bytes = Array(text.utf8)
    var start = 0
    while start < bytes.count {
      let written = bytes[start...].withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { throw .call("cannot be written") }
      start += written
    }
  }

  /// The folder's entry must be durable too (fsync(2)).
  private static func settle(_ path: String) throws(FileError) {
    let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .call("its folder cannot be opened") }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw .call("its folder cannot be written") }
  }
}
