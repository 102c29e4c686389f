import FoundationEssentials

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What a command has around it. A test puts its own in place.
public struct Surroundings: Sendable {
  var environment: [String: String]
  var output: any TextSink
  var errors: any TextSink
  /// The descriptor behind `-`.
  var inputDescriptor: Int32
  var isOutputTerminal: Bool
  var isErrorTerminal: Bool
  /// Whether somebody is there who can answer a question.
  var isInputTerminal = false
  /// Milliseconds since 1970.
  var now: @Sendable () -> Int64

  /// Those of the command that runs.
  @TaskLocal static var current = Surroundings.process()

  /// Those of the process.
  public static func process() -> Surroundings {
    Surroundings(
      environment: ProcessInfo.processInfo.environment,
      output: DescriptorWriter(descriptor: STDOUT_FILENO, isBuffered: true),
      errors: DescriptorWriter(descriptor: STDERR_FILENO, isBuffered: false), inputDescriptor: STDIN_FILENO,
      isOutputTerminal: isatty(STDOUT_FILENO) == 1, isErrorTerminal: isatty(STDERR_FILENO) == 1,
      isInputTerminal: isatty(STDIN_FILENO) == 1, now: { wallClockMilliseconds() })
  }

  private static func wallClockMilliseconds() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
  }
}
