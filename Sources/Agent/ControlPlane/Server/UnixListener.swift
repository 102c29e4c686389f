import Glibc
import Synchronization

/// A listening Unix socket of mode 0600, and the lock beside it that keeps a second agent away.
///
/// The lock is a file `PATH.lock` under `flock(2)`: it goes with the process, however that ends, so that a socket left
/// behind can be told from one in use. The file stays; removing it would let two agents lock two files of one name.
final class UnixListener: Sendable {
  /// Longest path, in bytes: `sun_path` less its terminating zero (unix(7)).
  static let maximumPathBytes = 107
  private static let backlog: Int32 = 128

  let path: String
  private let lock: Int32
  private let state: Mutex<State>

  private struct State {
    /// The listening descriptor, until somebody takes it.
    var descriptor: Int32?
    var isClosed = false
  }

  /// Takes the lock, removes a socket that a dead agent left behind, and listens.
  init(path: String) throws(ControlPlaneError) {
    guard (1...Self.maximumPathBytes).contains(path.utf8.count), path.hasPrefix("/"), !path.utf8.contains(0) else {
      throw ControlPlaneError(
        .invalidConfiguration,
        "the socket's path must be absolute and at most \(Self.maximumPathBytes) bytes long, not \"\(path)\"")
    }
    try SocketFolder.prepare(for: path)
    let lock = try Self.lock(path)
    do throws(ControlPlaneError) {
      try Self.removeStale(path)
      state = Mutex(State(descriptor: try Self.listen(path)))
    } catch {
      Glibc.close(lock)
      throw error
    }
    self.path = path
    self.lock = lock
  }

  deinit { close() }

  /// Hands the listening descriptor over; who takes it closes it. Nil the second time.
  func takeDescriptor() -> Int32? {
    state.withLock { state in
      defer { state.descriptor = nil }
      return state.descriptor
    }
  }

  /// Removes the socket and lets go of the lock. Calling it again does nothing.
  func close() {
    state.withLock { state in
      guard !state.isClosed else { return }
      state.isClosed = true
      if let descriptor = state.descriptor { Glibc.close(descriptor) }
      state.descriptor = nil
      unlink(path)
      Glibc.close(lock)
    }
  }

  private static func lock(_ path: String) throws(ControlPlaneError) -> Int32 {
    let file = path + ".lock"
    let descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw systemError("open \(file)") }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let number = errno
      Glibc.close(descriptor)
      if number == EWOULDBLOCK {
        throw ControlPlaneError(.inUse, "another agent serves \(path): it holds \(file)")
      }
      throw systemError("flock \(file)", number)
    }
    return descriptor
  }

  /// Under the lock: a socket that nobody answers on is removed, anything else is left alone.
  private static func removeStale(_ path: String) throws(ControlPlaneError) {
    var status = stat()
    guard lstat(path, &status) == 0 else {
      if errno == ENOENT { return }
      throw systemError("lstat \(path)")
    }
    guard status.st_mode & S_IFMT == S_IFSOCK else {
      throw ControlPlaneError(.invalidConfiguration, "\(path) exists, and is no socket")
    }
    guard try !answers(path) else {
      throw ControlPlaneError(.inUse, "another program serves \(path), without holding its lock")
    }
    guard unlink(path) == 0 else { throw systemError("unlink \(path)") }
  }

  private static func answers(_ path: String) throws(ControlPlaneError) -> Bool {
    let probe = try makeSocket()
    defer { Glibc.close(probe) }
    // EAGAIN: somebody listens, with a full queue.
    return withAddress(path) { connect(probe, $0, $1) } == 0 || errno == EAGAIN
  }

  private static func listen(_ path: String) throws(ControlPlaneError) -> Int32 {
    let descriptor = try makeSocket()
    var isBound = false
    do throws(ControlPlaneError) {
      // On Linux the socket file gets the mode that its descriptor has (unix(7), "Pathname socket ownership and
      // permissions"): no moment at which others could connect, and no umask changed for the whole process.
      guard fchmod(descriptor, 0o600) == 0 else { throw systemError("fchmod") }
      guard withAddress(path, { bind(descriptor, $0, $1) }) == 0 else { throw systemError("bind \(path)") }
      isBound = true
      try checkMode(path)
      guard Glibc.listen(descriptor, backlog) == 0 else { throw systemError("listen \(path)") }
      return descriptor
    } catch {
      if isBound { unlink(path) }
      Glibc.close(descriptor)
      throw error
    }
  }

  private static func checkMode(_ path: String) throws(ControlPlaneError) {
    var status = stat()
    guard lstat(path, &status) == 0 else { throw systemError("lstat \(path)") }
    guard status.st_mode & 0o077 == 0, status.st_uid == geteuid() else {
      throw ControlPlaneError(.unsafeFolder, "\(path) could not be made private: its file system has no modes")
    }
  }

  private static func makeSocket() throws(ControlPlaneError) -> Int32 {
    let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
    let descriptor = socket(AF_UNIX, type, 0)
    guard descriptor >= 0 else { throw systemError("socket") }
    return descriptor
  }

  private static func withAddress(
    _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32 {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix(maximumPathBytes)) }
    let size = socklen_t(MemoryLayout<sockaddr_un>.size)
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, size) }
    }
  }
}

/// The folder that a socket is in.
enum SocketFolder {
  /// Makes the folder, mode 0700, if there is none; refuses one in which others could replace the socket.
  static func prepare(for path: String) throws(ControlPlaneError) {
    guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else { return }
    let folder = String(path[..<slash])
    if mkdir(folder, 0o700) != 0, errno != EEXIST { throw systemError("mkdir \(folder)") }
    var status = stat()
    guard stat(folder, &status) == 0 else { throw systemError("stat \(folder)") }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      throw ControlPlaneError(.invalidConfiguration, "\(folder) is no folder")
    }
    let othersMayWrite = status.st_mode & 0o022 != 0
    guard !othersMayWrite || status.st_mode & S_ISVTX != 0 else {
      throw ControlPlaneError(
        .unsafeFolder, "others may write to \(folder), and could replace the socket: take their right away (chmod go-w)"
      )
    }
  }
}

private func systemError(_ call: String, _ number: Int32 = errno) -> ControlPlaneError {
  ControlPlaneError(.system, "\(call): \(String(cString: strerror(number))) [errno \(number)]")
}
