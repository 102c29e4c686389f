#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A folder that is made with everything in it, or not at all.
enum NewFolder {
  /// Makes it; the folder above must be there.
  /// - Parameter files: path below the folder and text of each.
  /// - Throws: `.conflict` when something of this name is there, else what the system says.
  static func make(_ path: String, files: [(path: String, text: String)]) throws(CtlError) {
    guard mkdir(path, 0o755) == 0 else {
      let code = errno
      if code == EEXIST { throw CtlError(.conflict, "\(Excerpt.of(path)) exists already; nothing was written") }
      throw fault(path, code)
    }
    var made = [path]
    do throws(CtlError) {
      for file in files {
        for end in file.path.indices where file.path[end] == "/" {
          let folder = "\(path)/\(file.path[..<end])"
          guard !made.contains(folder) else { continue }
          guard mkdir(folder, 0o755) == 0 else { throw fault(folder, errno) }
          made.append(folder)
        }
        made.append("\(path)/\(file.path)")
        try write(file.text, to: "\(path)/\(file.path)")
      }
    } catch {
      // Only what was made here goes: `remove` takes no folder that somebody put something into meanwhile.
      for path in made.reversed() { _ = remove(path) }
      throw error
    }
  }

  private static func write(_ text: String, to path: String) throws(CtlError) {
    let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw fault(path, errno) }
    defer { close(file) }
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { SystemCalls.output(file, $0) }
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { throw fault(path, errno) }
      rest = rest.dropFirst(written)
    }
  }

  private static func fault(_ path: String, _ code: Int32) -> CtlError {
    CtlError(.failed, "cannot make \(Excerpt.of(path)): \(String(cString: strerror(code)))")
  }
}
