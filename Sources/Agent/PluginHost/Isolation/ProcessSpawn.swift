#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// Starts `carillon-runner` as a child: a session of its own, no descriptor of the agent's but those it is meant to have.
enum ProcessSpawn {
  /// What came of it.
  struct Child {
    var pid: pid_t
    /// The agent's end of the protocol's socket.
    var socket: Int32
    /// What the process writes to its standard output and error.
    var output: Int32
  }

  /// Where the child finds the protocol's socket and the plugin.
  private static let socketNumber: Int32 = 3
  private static let imageNumber: Int32 = 4
  /// Descriptors are moved above these first, so that none is overwritten before it was moved.
  private static let firstFree: Int32 = 16

  /// Starts the program.
  /// - Parameter libraries: where the plugin's own libraries are looked for besides the system's folders.
  /// - Throws: `.failed`, naming the program.
  static func start(_ program: String, image: Int32, libraries: String) throws(PluginHostError) -> Child {
    var opened: [Int32] = []
    defer { for descriptor in opened { close(descriptor) } }
    func fail(_ what: String, _ code: Int32 = errno) -> PluginHostError {
      PluginHostError(.failed, "\(program) cannot be started: \(what): \(String(cString: strerror(code)))")
    }
    var pair: [Int32] = [-1, -1]
    guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC, 0, &pair) == 0 else { throw fail("socketpair") }
    opened += pair
    var pipe: [Int32] = [-1, -1]
    guard Glibc.pipe(&pipe) == 0 else { throw fail("pipe") }
    opened += pipe
    for descriptor in pipe { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
    let null = Glibc.open("/dev/null", O_RDONLY | O_CLOEXEC)
    guard null >= 0 else { throw fail("/dev/null") }
    opened.append(null)
    var moved: [Int32] = []
    for descriptor in [null, pipe[1], pair[1], image] {
      let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, firstFree)
      guard copy >= 0 else { throw fail("descriptors") }
      opened.append(copy)
      moved.append(copy)
    }
    let pid = try spawn(program, moved, libraries)
    opened.removeAll { $0 == pair[0] || $0 == pipe[0] }
    return Child(pid: pid, socket: pair[0], output: pipe[0])
  }

  private static func spawn(
    _ program: String, _ moved: [Int32], _ libraries: String
  ) throws(PluginHostError) -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (from, to) in [
      (moved[0], 0), (moved[1], 1), (moved[1], 2), (moved[2], socketNumber), (moved[3], imageNumber),
    ] as [(Int32, Int32)] { posix_spawn_file_actions_adddup2(&actions, from, to) }
    GNU.closeFrom(&actions, imageNumber + 1)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    let newSession: Int32 = 0x80  // POSIX_SPAWN_SETSID
    posix_spawnattr_setflags(
      &attributes, Int16(newSession | Int32(POSIX_SPAWN_SETSIGMASK) | Int32(POSIX_SPAWN_SETSIGDEF)))
    var pid: pid_t = 0
    let environment = ["LANG=C.UTF-8", "PATH=/usr/local/bin:/usr/bin:/bin", "LD_LIBRARY_PATH=\(libraries)"]
    let status = withStrings([program]) { arguments in
      withStrings(environment) { posix_spawn(&pid, program, &actions, &attributes, arguments, $0) }
    }
    guard status == 0 else {
      throw PluginHostError(.failed, "\(program) cannot be started: \(String(cString: strerror(status)))")
    }
    return pid
  }

  private static func withStrings<R>(
    _ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> R
  ) -> R {
    var pointers = texts.map { strdup($0) }
    defer { for pointer in pointers { free(pointer) } }
    pointers.append(nil)
    return body(pointers)
  }

  /// Ends a process and what it has started, and waits for it. On a thread of the host's.
  /// - Returns: how it ended, for people.
  static func end(_ pid: pid_t) -> String {
    kill(-pid, SIGKILL)
    kill(pid, SIGKILL)
    return reap(pid)
  }

  /// Waits for a process's end; answers how it ended, for people.
  static func reap(_ pid: pid_t) -> String {
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0 { guard errno == EINTR else { return "it was gone already" } }
    let signal = status & 0x7f
    guard signal != 0 else { return "it ended with code \((status >> 8) & 0xff)" }
    return "it was ended by signal \(signal) (\(name(signal)))"
  }

  private static func name(_ signal: Int32) -> String {
    switch signal {
    case SIGSEGV: "SIGSEGV, a bad memory access"
    case SIGABRT: "SIGABRT, it gave up"
    case SIGBUS: "SIGBUS, a bad memory access"
    case SIGILL: "SIGILL, a trap"
    case SIGTRAP: "SIGTRAP, a trap"
    case SIGFPE: "SIGFPE, an arithmetic error"
    case SIGKILL: "SIGKILL"
    case SIGSYS: "SIGSYS, a system call that it may not make"
    default: strsignal(signal).map { String(cString: $0) } ?? "unknown"
    }
  }
}
