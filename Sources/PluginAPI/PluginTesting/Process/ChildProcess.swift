import CPluginTesting

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// Runs one case in a child, and says how that ended.
struct ChildProcess {
  /// How it ended.
  struct Outcome: Sendable {
    /// What the child told, line by line.
    var lines: [String]
    /// What became of the process, when it did not end as it should: `crashed: signal 11 (SIGSEGV) in deliver`.
    var accident: String?
    /// Whether that was the end of its time.
    var isLate = false
    /// What it wrote to standard output and error, at most so much of it.
    var output: String
    var milliseconds: Int64
  }

  /// Longest output that is kept, in bytes.
  private static let maximumOutputBytes = 2_000

  /// The program to be run; it must call `CaseChild.runIfAsked`.
  let program: String
  /// How long all of a case may take, in milliseconds.
  let limit: Int64

  /// Runs it, and waits.
  func run(_ request: CheckRequest) -> Outcome {
    let start = Clock.monotonic
    var outcome = Outcome(lines: [], accident: nil, output: "", milliseconds: 0)
    let memory = carillon_testing_memory_file("carillon-check")
    let output = carillon_testing_memory_file("carillon-output")
    defer {
      close(memory)
      close(output)
    }
    guard memory >= 0, output >= 0, ftruncate(memory, off_t(SharedPage.bytes)) == 0,
      let page = SharedPage(descriptor: memory)
    else { return failed("no memory to share with a child: \(String(cString: strerror(errno)))") }
    defer { page.unmap() }
    guard page.put(request: request.text) else { return failed("the documents are too long") }
    guard let child = spawn(memory, output) else {
      return failed("\(program) cannot be run: \(String(cString: strerror(errno)))")
    }
    (outcome.accident, outcome.isLate) = wait(child, page, start)
    outcome.lines = page.report.split(separator: "\n").map(String.init)
    outcome.output = Self.text(of: output)
    outcome.milliseconds = (Clock.monotonic - start) / 1_000_000
    return outcome
  }

  private func failed(_ why: String) -> Outcome { Outcome(lines: [], accident: why, output: "", milliseconds: 0) }

  private func spawn(_ memory: Int32, _ output: Int32) -> pid_t? {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output, 1)
    posix_spawn_file_actions_adddup2(&actions, output, 2)
    // Far from 3, which the plugin's own files get.
    let descriptor: Int32 = 200
    posix_spawn_file_actions_adddup2(&actions, memory, descriptor)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // A group of its own, so that what the plugin starts ends with it, and Ctrl-C is not the plugin's.
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
    var child = pid_t()
    let status = Self.withStrings([program, CaseChild.mark, "\(descriptor)"]) { arguments in
      Self.withStrings(Self.environment) { environment in
        posix_spawn(&child, program, &actions, &attributes, arguments, environment)
      }
    }
    errno = status
    return status == 0 ? child : nil
  }

  /// The program's own, without a debugger's wish to catch crashes.
  private static var environment: [String] {
    var found = ["SWIFT_BACKTRACE=enable=no", "CARILLON_CHECK=check-secret"]
    var place = environ
    while let text = place.pointee {
      let line = String(cString: text)
      if !line.hasPrefix("SWIFT_BACKTRACE="), !line.hasPrefix("CARILLON_CHECK=") { found.append(line) }
      place += 1
    }
    return found
  }

  private static func withStrings<R>(
    _ texts: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> R
  ) -> R {
    var pointers = texts.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    return pointers.withUnsafeMutableBufferPointer { buffer in body(buffer.baseAddress.unsafelyUnwrapped) }
  }

  /// Waits for the end, or makes one; answers what was wrong with it, and whether that was the time it took.
  private func wait(_ child: pid_t, _ page: SharedPage, _ start: Int64) -> (accident: String?, isLate: Bool) {
    var status: Int32 = 0
    while true {
      let ended = waitpid(child, &status, WNOHANG)
      if ended == child {
        kill(-child, SIGKILL)  // what the plugin has left behind
        return (accident(status, page), false)
      }
      let now = Clock.monotonic
      let late = page.calls.first { now - $0.started > $0.limit }
      if late != nil || now - start > limit * 1_000_000 {
        kill(-child, SIGKILL)
        waitpid(child, &status, 0)
        if let late { return ("hung in \(late.name): no return within \(late.limit / 1_000_000) ms", true) }
        return ("took longer than \(limit) ms\(Self.place(page))", true)
      }
      Clock.pause(milliseconds: 3)
    }
  }

  private func accident(_ status: Int32, _ page: SharedPage) -> String? {
    let signal = status & 0x7f
    if signal != 0 { return "crashed: signal \(signal) (\(SignalName.of(signal)))\(Self.place(page))" }
    if page.report.hasSuffix("end\t\n") { return nil }
    return "ended the process: exit(\((status >> 8) & 0xff))\(Self.place(page))"
  }

  private static func place(_ page: SharedPage) -> String {
    let names = page.calls.map(\.name)
    if names.isEmpty { return " outside of every call, in a thread of the plugin's, or since memory was overwritten" }
    return " in \(names.prefix(4).joined(separator: ", "))"
  }

  private static func text(of output: Int32) -> String {
    var bytes = [UInt8](repeating: 0, count: maximumOutputBytes)
    let count = pread(output, &bytes, bytes.count, 0)
    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
  }
}
