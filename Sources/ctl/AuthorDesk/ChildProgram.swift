#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// This very program, run once more as a child, with the same input, output and environment.
public enum ChildProgram {
  /// How it ended.
  public enum End: Sendable, Equatable {
    /// When it was through, with this status.
    case exited(Int32)
    /// Before it was through: something in it ended the process, with this status.
    case left(Int32)
    /// By this signal.
    case killed(signal: Int32)
  }

  /// Names the descriptor on which a child says that it is through.
  private static let variable = "CARILLON_CHILD_END"

  /// Says, in the child, that it is through: what it ends with from here on is its own status. Elsewhere nothing.
  public static func isThrough() {
    guard let number = getenv(variable).flatMap({ Int32(String(cString: $0)) }) else { return }
    unsetenv(variable)
    var byte: UInt8 = 1
    _ = write(number, &byte, 1)
    close(number)
  }

  /// Runs it and waits: blocks the thread. Swift's own report of a crash, which takes seconds and tells of this program, is
  /// off unless the environment has SWIFT_BACKTRACE.
  /// - Parameter arguments: without the program's name.
  /// - Throws: when the system starts no process.
  public static func run(_ arguments: [String], name: String) throws(DeskError) -> End {
    var strings: [UnsafeMutablePointer<CChar>?] = ([name] + arguments).map { strdup($0) }
    strings.append(nil)
    defer { for string in strings { free(string) } }
    setenv("SWIFT_BACKTRACE", "enable=no", 0)
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else {
      throw DeskError("no process can be started: \(String(cString: strerror(errno)))")
    }
    defer { close(ends[0]) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
    var process: pid_t = 0
    let code = spawn(&process, strings, end: ends[1])
    close(ends[1])
    guard code == 0 else { throw DeskError("no process can be started: \(String(cString: strerror(code)))") }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 {
      guard errno == EINTR else { throw DeskError("the process is lost: \(String(cString: strerror(errno)))") }
    }
    let signal = status & 0x7F
    guard signal == 0 else { return .killed(signal: signal) }
    var byte: UInt8 = 0
    // Does not wait: what the child has started may hold the other end still.
    let isThrough = read(ends[0], &byte, 1) == 1
    return isThrough ? .exited((status >> 8) & 0xFF) : .left((status >> 8) & 0xFF)
  }

  /// Starts it, with the end of a pipe on which it says that it is through.
  private static func spawn(
    _ process: inout pid_t, _ strings: [UnsafeMutablePointer<CChar>?], end: Int32
  ) -> Int32 {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    // Onto itself: only so it stays open in the child.
    posix_spawn_file_actions_adddup2(&actions, end, end)
    setenv(variable, "\(end)", 1)
    defer { unsetenv(variable) }
    // The link, not the path behind it: it works when the file was moved or replaced.
    return posix_spawn(&process, "/proc/self/exe", &actions, nil, strings, environ)
  }

  /// A signal as people write it: SIGSEGV.
  public static func signalName(_ number: Int32) -> String {
    let known: [Int32: String] = [
      SIGSEGV: "SIGSEGV", SIGABRT: "SIGABRT", SIGBUS: "SIGBUS", SIGFPE: "SIGFPE", SIGILL: "SIGILL",
      SIGTRAP: "SIGTRAP", SIGKILL: "SIGKILL", SIGTERM: "SIGTERM", SIGINT: "SIGINT", SIGSYS: "SIGSYS",
    ]
    return known[number] ?? "signal \(number)"
  }
}
