#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// This very program, run once more as a child, with the same input, output and environment.
public enum ChildProgram {
  /// How it ended.
  public enum End: Sendable, Equatable {
    /// By itself, with this status.
    case exited(Int32)
    /// By this signal.
    case killed(signal: Int32)
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
    var process: pid_t = 0
    // The link, not the path behind it: it works when the file was moved or replaced.
    let code = posix_spawn(&process, "/proc/self/exe", nil, nil, strings, environ)
    guard code == 0 else { throw DeskError("no process can be started: \(String(cString: strerror(code)))") }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 {
      guard errno == EINTR else { throw DeskError("the process is lost: \(String(cString: strerror(errno)))") }
    }
    let signal = status & 0x7F
    return signal == 0 ? .exited((status >> 8) & 0xFF) : .killed(signal: signal)
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
