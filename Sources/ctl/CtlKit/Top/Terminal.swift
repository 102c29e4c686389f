import Dispatch
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The person's terminal while a screen is shown: keys come one by one, and it is put back as it was when that ends.
final class Terminal: Sendable {
  struct Size: Sendable, Equatable {
    var columns: Int
    var rows: Int

    /// What a terminal has that does not say.
    static let standard = Size(columns: 80, rows: 24)
  }

  /// What the terminal tells.
  enum Event: Sendable {
    case key(Key)
    case resized
    /// Somebody asked the program to end, or the terminal is gone.
    case ended
    /// It was in the background, and must be drawn anew.
    case resumed
  }

  /// The alternate screen without a cursor, and back.
  private static let enterScreen = "\u{1B}[?1049h\u{1B}[?25l"
  private static let leaveScreen = "\u{1B}[0m\u{1B}[?25h\u{1B}[?1049l"
  private static let maxInputBytes = 1_024

  let events: AsyncStream<Event>
  private let continuation: AsyncStream<Event>.Continuation
  private let input: Int32
  private let output: any TextSink
  private let outputDescriptor: Int32
  /// How the terminal was.
  private let original = Mutex<termios?>(nil)

  private init(input: Int32, output: any TextSink, outputDescriptor: Int32) {
    self.input = input
    self.output = output
    self.outputDescriptor = outputDescriptor
    (events, continuation) = AsyncStream.makeStream(of: Event.self, bufferingPolicy: .bufferingNewest(1_000))
  }

  /// Takes the terminal over for as long as `body` runs.
  static func use<Result: Sendable>(
    _ around: Surroundings, outputDescriptor: Int32 = STDOUT_FILENO, _ body: (Terminal) async throws -> Result
  ) async throws -> Result {
    let terminal = Terminal(input: around.inputDescriptor, output: around.output, outputDescriptor: outputDescriptor)
    terminal.enter()
    let sources = terminal.listen()
    defer {
      for source in sources { source.cancel() }
      terminal.leave()
    }
    return try await body(terminal)
  }

  /// Its size now.
  var size: Size {
    var size = winsize()
    guard ioctl(outputDescriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
      return .standard
    }
    return Size(columns: Int(size.ws_col), rows: Int(size.ws_row))
  }

  /// Shows lines from the top; what was there goes.
  func draw(_ lines: [String]) {
    // Line by line over what is there: clearing first would flicker.
    output.write("\u{1B}[H" + lines.map { $0 + "\u{1B}[K" }.joined(separator: "\r\n") + "\u{1B}[J")
    output.flush()
  }

  private func enter() {
    var mode = termios()
    if tcgetattr(input, &mode) == 0 {
      original.withLock { [mode] in $0 = $0 ?? mode }
      // Keys at once and unseen; control-C still interrupts.
      mode.c_lflag &= ~tcflag_t(ICANON | ECHO)
      tcsetattr(input, TCSANOW, &mode)
    }
    output.write(Self.enterScreen)
    output.flush()
  }

  private func restore() {
    output.write(Self.leaveScreen)
    output.flush()
    original.withLock { mode in
      if var mode { tcsetattr(input, TCSANOW, &mode) }
    }
  }

  private func leave() {
    restore()
    continuation.finish()
    for number in [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH] { SystemCalls.heed(number) }
  }

  private func listen() -> [any DispatchSourceProtocol] {
    var sources = [SIGINT, SIGTERM, SIGHUP, SIGQUIT].map { number in
      on(number) { [continuation] in continuation.yield(.ended) }
    }
    sources.append(on(SIGWINCH) { [continuation] in continuation.yield(.resized) })
    sources.append(on(SIGTSTP) { [weak self] in self?.suspend() })
    sources.append(
      on(SIGCONT) { [weak self] in
        self?.enter()
        self?.continuation.yield(.resumed)
      })
    let keys = DispatchSource.makeReadSource(fileDescriptor: input, queue: .global())
    keys.setEventHandler { [weak self] in self?.readKeys() }
    keys.resume()
    sources.append(keys)
    return sources
  }

  private func on(_ number: Int32, _ body: @escaping @Sendable () -> Void) -> any DispatchSourceProtocol {
    // The default action must not come before the source sees the signal.
    SystemCalls.ignore(number)
    let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
    source.setEventHandler(handler: body)
    source.resume()
    return source
  }

  /// Control-Z: the shell gets its terminal as it was.
  private func suspend() {
    restore()
    kill(getpid(), SIGSTOP)
  }

  private func readKeys() {
    var buffer = [UInt8](repeating: 0, count: Self.maxInputBytes)
    let count = buffer.withUnsafeMutableBytes { SystemCalls.input(input, $0) }
    if count > 0 {
      for key in Key.read(buffer.prefix(count)) { continuation.yield(.key(key)) }
    } else if count == 0 || (errno != EINTR && errno != EAGAIN) {
      continuation.yield(.ended)
    }
  }
}
