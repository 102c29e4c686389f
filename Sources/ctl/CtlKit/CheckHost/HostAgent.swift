#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The agent under check, as a child process.
struct HostAgent: Sendable {
  /// The first descriptor that a child does not get, and how many after it are closed for certain.
  private static let closed: Range<Int32> = 3..<512

  /// How a child ended.
  enum End: Sendable, Equatable {
    case exited(Int32)
    case killed(signal: Int32)

    /// For people.
    var words: String {
      switch self {
      case .exited(let status): "ended with \(status)"
      case .killed(let signal): "was ended by signal \(signal)"
      }
    }
  }

  /// Its number.
  let pid: pid_t

  /// Starts it on a folder.
  /// - Parameter secret: what it has in its environment for the healthy sink.
  static func start(_ program: String, _ folder: HostFolder, secret: String) throws(CtlError) -> HostAgent {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 2, folder.log, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    for descriptor in closed { posix_spawn_file_actions_addclose(&actions, descriptor) }
    // Threads of the pool that this runs on block signals, and a child would inherit that.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    let own = Surroundings.current.environment
    let environment =
      ["PATH", "HOME", "LD_LIBRARY_PATH", "TMPDIR", "LANG"].compactMap { name in own[name].map { "\(name)=\($0)" } }
      + ["SWIFT_BACKTRACE=enable=no", "\(HostFolder.secretName)=\(secret)"]
    var pid: pid_t = 0
    let code = withStrings([program, "run", "--config", folder.configuration]) { arguments in
      withStrings(environment) { posix_spawn(&pid, program, &actions, &attributes, arguments, $0) }
    }
    guard code == 0 else {
      throw CtlError(.failed, "\(Excerpt.of(program)) cannot be started: \(String(cString: strerror(code)))")
    }
    return HostAgent(pid: pid)
  }

  private static func withStrings<R>(
    _ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> R
  ) -> R {
    let pointers = texts.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    return body(pointers)
  }

  /// How it ended; nil while it runs. It is answered once: then there is no such process any more.
  func end() -> End? {
    var status: Int32 = 0
    guard waitpid(pid, &status, WNOHANG) == pid else { return nil }
    let signal = status & 0x7f
    return signal == 0 ? .exited((status >> 8) & 0xff) : .killed(signal: signal)
  }

  /// Asks it to end.
  func terminate() { kill(pid, SIGTERM) }

  /// Ends it, and waits for that.
  func destroy() {
    kill(pid, SIGKILL)
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0, errno == EINTR {}
  }
}
