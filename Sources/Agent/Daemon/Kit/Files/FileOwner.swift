import Glibc

/// The process's surroundings.
enum Surroundings {
  /// An environment variable that is set and not empty.
  static func value(of name: String) -> String? {
    guard let value = getenv(name), value.pointee != 0 else { return nil }
    return String(cString: value)
  }
}

/// Whose files are.
enum FileOwner {
  /// Longest entry of the system's user database, in bytes.
  private static let entryBytes = 64 * 1_024

  /// A user of this machine by name; nil for nil.
  static func named(_ name: String?) throws(SetupError) -> PrivateFiles.Owner? {
    guard let name else { return nil }
    guard geteuid() == 0 else { throw SetupError("--owner: root alone can give files away") }
    var entry = passwd()
    var found: UnsafeMutablePointer<passwd>?
    var buffer = [CChar](repeating: 0, count: entryBytes)
    guard getpwnam_r(name, &entry, &buffer, buffer.count, &found) == 0, found != nil else {
      throw SetupError("--owner: this machine has no user \"\(name)\"")
    }
    return PrivateFiles.Owner(user: entry.pw_uid, group: entry.pw_gid)
  }
}
