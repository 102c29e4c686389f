import Glibc

/// What tells one state of a file from another without reading it.
struct FileStamp: Sendable, Hashable {
  let device: UInt64
  let inode: UInt64
  let sizeBytes: Int64
  let modifiedSeconds: Int64
  let modifiedNanoseconds: Int64

  init(_ status: stat) {
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
    sizeBytes = Int64(status.st_size)
    modifiedSeconds = Int64(status.st_mtim.tv_sec)
    modifiedNanoseconds = Int64(status.st_mtim.tv_nsec)
  }
}

/// The module's only input: bounded reads of regular files, and the listing of the zone folder.
enum ZoneFiles {
  /// A zone's file has some 4 KiB.
  static let largestZoneFileBytes = 256 * 1024
  /// Enough for the first line of `tzdata.zi`.
  static let versionBytes = 256
  /// A full folder with `posix` and `right` has some 1,800.
  static let mostFolderEntries = 20_000

  /// The file's bytes, at most `limit`, and its stamp when they were read; nil when there is no such regular file.
  /// `mayBeLonger` cuts off what is beyond the limit instead of refusing it.
  static func read(
    _ path: String, limit: Int, mayBeLonger: Bool = false
  ) throws(CivilTimeError) -> (bytes: [UInt8], stamp: FileStamp)? {
    // Not blocking: a named pipe in place of a file must not hang the caller.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      if isAbsence(errno) { return nil }
      throw failure("open", path)
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw failure("fstat", path) }
    guard status.st_mode & S_IFMT == S_IFREG else { return nil }
    guard status.st_size <= limit || mayBeLonger else {
      throw CivilTimeError(.limitExceeded, "\(quoted(path)) is larger than \(limit) bytes, the most for a zone file")
    }
    // A file that grows or shrinks meanwhile has another stamp afterwards, so that a reload reads it again.
    var bytes = [UInt8](repeating: 0, count: min(limit, max(0, Int(status.st_size))))
    var length = 0
    while length < bytes.count {
      let count = bytes.withUnsafeMutableBytes { buffer in
        Glibc.read(descriptor, buffer.baseAddress?.advanced(by: length), buffer.count - length)
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw failure("read", path) }
      if count == 0 { break }
      length += count
    }
    return (Array(bytes.prefix(length)), FileStamp(status))
  }

  /// The stamp of the regular file that the path leads to; nil when there is none.
  static func stamp(_ path: String) throws(CivilTimeError) -> FileStamp? {
    var status = stat()
    guard stat(path, &status) == 0 else {
      if isAbsence(errno) { return nil }
      throw failure("stat", path)
    }
    return status.st_mode & S_IFMT == S_IFREG ? FileStamp(status) : nil
  }

  static func requireFolder(_ path: String) throws(CivilTimeError) {
    var status = stat()
    guard stat(path, &status) == 0 else { throw failure("stat", path) }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      throw CivilTimeError(.inputOutput, "time zone folder \(quoted(path)) is not a folder")
    }
  }

  /// The names of all zones in a folder, in order: files that begin as compiled zones do, under names that zones
  /// may have. Folders reached by a link are left out, as are the copies in `posix` and `right`.
  static func zoneNames(in folder: String) throws(CivilTimeError) -> [String] {
    var names: [String] = []
    var pending: [(path: String, prefix: String, depth: Int)] = [(folder, "", 1)]
    var entries = 0
    while let (path, prefix, depth) = pending.popLast() {
      for entry in try entryNames(in: path) where ZoneName.isPart(entry.utf8) {
        entries += 1
        guard entries <= mostFolderEntries else {
          throw CivilTimeError(.limitExceeded, "\(quoted(folder)) has more than \(mostFolderEntries) entries")
        }
        let name = prefix + entry
        let entryPath = path + "/" + entry
        if isFolder(entryPath) {
          if depth < ZoneName.mostParts, !ZoneName.repeatedFolders.contains(name) {
            pending.append((entryPath, name + "/", depth + 1))
          }
        } else if !ZoneName.machineSettings.contains(name), try isZoneFile(entryPath) {
          names.append(name)
        }
      }
    }
    return names.sorted()
  }

  private static func isZoneFile(_ path: String) throws(CivilTimeError) -> Bool {
    try read(path, limit: TZifReader.magic.count, mayBeLonger: true)?.bytes == TZifReader.magic
  }

  private static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  private static func entryNames(in folder: String) throws(CivilTimeError) -> [String] {
    guard let stream = opendir(folder) else { throw failure("opendir", folder) }
    defer { closedir(stream) }
    var names: [String] = []
    while names.count <= mostFolderEntries {
      errno = 0
      guard let entry = readdir(stream) else { break }
      // The name runs on from the start of `d_name` to a zero byte.
      let offset = MemoryLayout<dirent>.offset(of: \.d_name) ?? 0
      let start = UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: CChar.self)
      names.append(String(cString: start))
    }
    guard errno == 0 || names.count > mostFolderEntries else { throw failure("readdir", folder) }
    return names
  }

  private static func isAbsence(_ number: Int32) -> Bool {
    number == ENOENT || number == ENOTDIR || number == ENXIO
  }

  private static func failure(_ call: String, _ path: String) -> CivilTimeError {
    let cause = SystemCallError(call: call, number: errno)
    return CivilTimeError(.inputOutput, "cannot read \(quoted(path))", cause: cause)
  }
}

/// The system's words for an error number.
func systemMessage(_ number: Int32) -> String {
  let longest = 128
  return withUnsafeTemporaryAllocation(of: CChar.self, capacity: longest) { buffer in
    guard let start = buffer.baseAddress, strerror_r(number, start, longest) == 0 else { return "error \(number)" }
    return String(cString: start)
  }
}
