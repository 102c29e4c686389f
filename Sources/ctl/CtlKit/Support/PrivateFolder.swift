#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A folder that only its owner can look into.
enum PrivateFolder {
  /// Makes it, and those above it, where they are not there.
  static func make(_ path: String) throws(CtlError) {
    var made = ""
    for part in path.split(separator: "/") {
      made += "/\(part)"
      if mkdir(made, 0o700) != 0, errno != EEXIST, access(made, F_OK) != 0 {
        throw CtlError(.failed, "cannot make the folder \(made): \(String(cString: strerror(errno)))")
      }
    }
  }
}

extension PrivateFile {
  /// Puts a file with this content, readable by its owner alone, in the place of whatever is there; whole or not at all.
  static func replace(_ path: String, with content: String) throws(CtlError) {
    let temporary = "\(path).\(RandomKey.make().suffix(12))"
    let file = try PrivateFile(temporary)
    file.write(content)
    try file.close()
    do { try move(temporary, to: path) } catch {
      unlink(temporary)
      throw error
    }
  }

  static func move(_ path: String, to target: String) throws(CtlError) {
    guard rename(path, target) == 0 else {
      throw CtlError(.failed, "cannot replace \(target): \(String(cString: strerror(errno)))")
    }
  }
}
