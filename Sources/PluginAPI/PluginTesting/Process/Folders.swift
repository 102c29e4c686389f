#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// Folders for what plugins write while they are checked.
enum Folders {
  /// How deep a plugin's own folders are removed.
  private static let maximumDepth = 8

  /// Makes one; nil, with `errno`, when that fails.
  static func make() -> String? {
    let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(base)/carillon-check-XXXXXX".utf8CString)
    return template.withUnsafeMutableBufferPointer { buffer in
      mkdtemp(buffer.baseAddress.unsafelyUnwrapped).map { String(cString: $0) }
    }
  }

  /// Removes it with all that is in it; links are removed, not followed.
  static func remove(_ folder: String, depth: Int = 0) {
    guard depth < maximumDepth, let stream = opendir(folder) else { return }
    var names: [(name: String, isFolder: Bool)] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append((name, Int32(entry.pointee.d_type) == Int32(DT_DIR))) }
    }
    closedir(stream)
    for (name, isFolder) in names {
      if isFolder { remove("\(folder)/\(name)", depth: depth + 1) } else { unlink("\(folder)/\(name)") }
    }
    rmdir(folder)
  }
}
