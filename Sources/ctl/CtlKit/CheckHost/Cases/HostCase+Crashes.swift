extension HostCase {
  private static let again = "go on, count what was under way as unknown, and try again with the same key"
  private static let refuse = "go on, and let the system refuse it"

  /// Ends of the process.
  static let crashes: [HostCase] = [
    isolated("crash", "reads memory that is not there", again, .again),
    isolated("abort", "calls abort", again, .again),
    isolated("exit", "calls exit(0)", again, .again),
    isolated("thread-exit", "ends the host's thread inside deliver", again, .again),
    isolated("stack-overflow", "overflows its stack", again, .again),
    isolated("heap-corruption", "overwrites the heap around its blocks", again, .again),
    isolated("spin", "never returns from deliver, and uses a processor", again, .again, isSlow: true),
    isolated("freeze", "stops its own process (SIGSTOP)", again, .again, isSlow: true),
    HostCase(
      name: "dies-each-time", attack: "crashes on every attempt",
      duty: "put it into quarantine, let its deliveries wait, and go on", kind: .deliveries(.any), places: [.process],
      isQuarantined: true),
  ]

  /// What a plugin can do to its process, and to others.
  static let system: [HostCase] = [
    isolated("closes-descriptors", "closes every descriptor of its process", again, .any),
    isolated("replaces-wire", "puts /dev/zero in the place of its connection to the agent", again, .any),
    isolated("garbage-on-wire", "writes random bytes to its connection to the agent", again, .any),
    isolated("endless-frame", "announces 4 GiB on its connection to the agent", again, .any),
    isolated("false-frame", "writes a frame that is no message to its connection to the agent", again, .any),
    isolated("fork-bomb", "starts processes as fast as it can", refuse, .any, ["made": 0]),
    isolated("other-program", "runs other programs", refuse, .any, ["executed": 0, "spawned": 0]),
    isolated("memory-bomb", "uses all the memory that it gets", refuse, .any, ["all": 0]),
    isolated("thread-bomb", "starts 2,000 threads and keeps them", refuse, .any),
    isolated("file-bomb", "opens files until it gets none", refuse, .any, ["all": 0]),
    isolated("signals-agent", "sends SIGTERM, SIGSTOP and SIGKILL to the agent", refuse, .any, ["sent": 0]),
    isolated(
      "traces-agent", "attaches to the agent as a debugger, and writes into its memory", refuse, .any, ["done": 0]),
    isolated("changes-process", "changes folder, umask, environment and limits of its process", "go on", .any),
    isolated("ignores-signals", "ignores every signal, and calls itself init", "end its process with its own", .any),
    isolated("output-flood", "writes 32 MiB of random bytes to standard output and error", "keep a bounded part", .any),
  ]

  private static func isolated(
    _ name: String, _ attack: String, _ duty: String, _ ending: Ending, _ answers: [String: Int] = [:],
    isSlow: Bool = false
  ) -> HostCase {
    HostCase(
      name: name, attack: attack, duty: duty, kind: .deliveries(ending), places: [.process], answers: answers,
      isSlow: isSlow)
  }
}
