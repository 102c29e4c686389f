import Glibc

/// What can be said of a path without opening it.
enum FileFacts {
  /// Whether there is anything, a link to nowhere included.
  static func isThere(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0
  }

  /// An absolute path for one that may be relative to the working directory; `.` and empty parts are left out.
  static func absolute(_ path: String) -> String {
    var parts: [Substring] = []
    if !path.hasPrefix("/"), let folder = getcwd(nil, 0) {
      parts = String(cString: folder).split(separator: "/")
      free(folder)
    }
    parts += path.split(separator: "/").filter { $0 != "." }
    return "/" + parts.joined(separator: "/")
  }
}
