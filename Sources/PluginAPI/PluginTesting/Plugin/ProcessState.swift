import CPluginTesting

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// What belongs to the whole process, and what a plugin must leave as it is.
struct ProcessState: Equatable {
  var workingFolder: String
  var umask: mode_t
  var locale: String
  var handlers: [Int32: UInt]
  var blocked: [Int32]
  var environment: [String]

  /// How it is now.
  static func now() -> ProcessState {
    let mask = Glibc.umask(0)
    _ = Glibc.umask(mask)
    return ProcessState(
      workingFolder: folder(), umask: mask, locale: setlocale(LC_ALL, nil).map { String(cString: $0) } ?? "",
      handlers: handlersNow(), blocked: blockedNow(), environment: environmentNow())
  }

  /// What differs, in words; empty when nothing does.
  func changes(to other: ProcessState) -> [String] {
    var found: [String] = []
    if workingFolder != other.workingFolder { found.append("the working folder became \(other.workingFolder)") }
    if umask != other.umask { found.append("the umask became \(String(other.umask, radix: 8))") }
    if locale != other.locale { found.append("the locale became \(other.locale)") }
    for (signal, handler) in other.handlers where handlers[signal] != handler {
      found.append("signal \(signal) (\(SignalName.of(signal))) is handled by somebody else")
    }
    if blocked != other.blocked { found.append("the signals that the calling thread blocks are others") }
    let added = Set(other.environment).symmetricDifference(environment)
    if !added.isEmpty {
      found.append("the environment was changed: \(added.sorted().prefix(3).joined(separator: ", "))")
    }
    return found
  }

  /// How many threads there are.
  static var threads: Int { entries("/proc/self/task").count }
  /// Which descriptors are open.
  static var descriptors: Set<String> { Set(entries("/proc/self/fd")) }
  /// Bytes that malloc gave out.
  static var heapBytes: Int { Int(clamping: carillon_testing_heap_bytes()) }
  /// Bytes of memory in use.
  static var residentBytes: Int {
    guard let file = fopen("/proc/self/statm", "re") else { return 0 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    guard fgets(&line, 256, file) != nil else { return 0 }
    let words = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self).split(
      separator: " ")
    return words.count > 1 ? (Int(words[1]) ?? 0) * 4_096 : 0
  }

  /// Whether it has started a process: one that is there, one that ended and nobody waited for, or one that somebody
  /// waited for, which the kernel then has on this process's account.
  static var hasStartedProcesses: Bool {
    var info = siginfo_t()
    if waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 { return true }
    var usage = rusage()
    getrusage(RUSAGE_CHILDREN.rawValue, &usage)
    return usage.ru_minflt > 0 || usage.ru_maxrss > 0
  }

  private static func entries(_ folder: String) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    let own = "\(dirfd(stream))"
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if !name.hasPrefix("."), name != own { names.append(name) }
    }
    return names
  }

  private static func folder() -> String {
    guard let path = getcwd(nil, 0) else { return "" }
    defer { free(path) }
    return String(cString: path)
  }

  private static func handlersNow() -> [Int32: UInt] {
    var found: [Int32: UInt] = [:]
    for signal in 1...Int32(31) {
      var action = sigaction()
      guard sigaction(signal, nil, &action) == 0 else { continue }
      found[signal] = UInt(bitPattern: unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self))
    }
    return found
  }

  private static func blockedNow() -> [Int32] {
    var mask = sigset_t()
    pthread_sigmask(SIG_BLOCK, nil, &mask)
    return (1...Int32(31)).filter { sigismember(&mask, $0) == 1 }
  }

  private static func environmentNow() -> [String] {
    var found: [String] = []
    var place = environ
    while let text = place.pointee {
      found.append(String(cString: text))
      place += 1
    }
    return found
  }
}

/// Signals as people know them.
enum SignalName {
  private static let names: [Int32: String] = [
    SIGABRT: "SIGABRT", SIGALRM: "SIGALRM", SIGBUS: "SIGBUS", SIGCHLD: "SIGCHLD", SIGFPE: "SIGFPE", SIGHUP: "SIGHUP",
    SIGILL: "SIGILL", SIGINT: "SIGINT", SIGKILL: "SIGKILL", SIGPIPE: "SIGPIPE", SIGQUIT: "SIGQUIT", SIGSEGV: "SIGSEGV",
    SIGTERM: "SIGTERM", SIGTRAP: "SIGTRAP", SIGUSR1: "SIGUSR1", SIGUSR2: "SIGUSR2", SIGXCPU: "SIGXCPU",
    SIGXFSZ: "SIGXFSZ", SIGSYS: "SIGSYS",
  ]

  static func of(_ signal: Int32) -> String { names[signal] ?? "signal \(signal)" }
}
