import Glibc
import Subprocess
import Synchronization
import SystemPackage

/// An agent that runs as a child process.
public final class AgentRun: Sendable {
  /// Its home.
  public let home: AgentHome
  /// Its process id.
  public let processID: Int32
  /// When it was started.
  public let startedAt: ContinuousClock.Instant
  private let sendSignal: @Sendable (Signal) throws -> Void
  private let wasSignalled = Mutex(false)

  fileprivate init(
    home: AgentHome, processID: Int32, startedAt: ContinuousClock.Instant,
    sendSignal: @escaping @Sendable (Signal) throws -> Void
  ) {
    self.home = home
    self.processID = processID
    self.startedAt = startedAt
    self.sendSignal = sendSignal
  }

  /// Asks it to drain and end (SIGTERM).
  public func terminate() throws { try signal(.terminate) }

  /// Ends it where it stands (SIGKILL).
  public func kill() throws { try signal(.kill) }

  /// Stops it where it stands (SIGSTOP), so that it hears and does nothing.
  public func stand() throws(HarnessError) { try send(SIGSTOP) }

  /// Lets it go on (SIGCONT).
  public func goOn() throws(HarnessError) { try send(SIGCONT) }

  private func send(_ number: Int32) throws(HarnessError) {
    guard Glibc.kill(processID, number) == 0 else {
      throw HarnessError(.system, "the agent did not take signal \(number): errno \(errno)")
    }
  }

  /// The same as ``AgentHome/metric(_:)``, of which a value must be there.
  public func metric(_ name: String) async throws -> Double {
    guard let value = await home.metric(name) else {
      throw HarnessError(.notMeasured, "the agent shows no metric \(name)")
    }
    return value
  }

  private func signal(_ signal: Signal) throws {
    wasSignalled.withLock { $0 = true }
    try sendSignal(signal)
  }

  fileprivate func stopIfRunning() throws {
    guard !wasSignalled.withLock({ $0 }) else { return }
    try terminate()
  }

  /// Waits until `/readyz` answers 200.
  public func waitUntilReady(within limit: Duration = .seconds(30), every interval: Duration = .milliseconds(10))
    async throws
  {
    do {
      try await eventually("ready", within: limit, every: interval) {
        guard Glibc.kill(self.processID, 0) == 0 else {
          throw HarnessError(.failed, "the agent ended before it was ready")
        }
        return await LoopbackHTTP.get("/readyz", port: self.home.opsPort)?.status == 200
      }
    } catch {
      let answer = await LoopbackHTTP.get("/readyz", port: home.opsPort)?.body ?? "no answer"
      throw HarnessError(
        .failed, "the agent is not ready (\(answer)); its log ends: \(home.log.suffix(2_000))", cause: error)
    }
  }

  /// Calls its control API.
  public func control<Result: Sendable>(_ body: (Control) async throws -> Result) async throws -> Result {
    try await Control.connect(socket: home.socket, body)
  }

  /// A line of `/proc/PID/status` that counts kB, such as `RssAnon`, in bytes.
  public func memoryBytes(_ name: String) throws(HarnessError) -> Int {
    guard let file = fopen("/proc/\(processID)/status", "r") else {
      throw HarnessError(.notMeasured, "the agent's /proc status cannot be read")
    }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    while fgets(&line, Int32(line.count), file) != nil {
      let words = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        .split { $0 == " " || $0 == "\t" || $0 == "\n" }
      if words.first == "\(name):", words.count >= 2, let kilobytes = Int(words[1]) { return kilobytes * 1_024 }
    }
    throw HarnessError(.notMeasured, "/proc/\(processID)/status has no \(name)")
  }
}

extension AgentHome {
  /// How long an agent that was asked to stop may take before it is killed.
  public static let stopLimit = Duration.seconds(40)

  /// Starts the agent, runs `body`, asks the agent to stop unless `body` signalled it, and waits for its end.
  /// - Returns: what `body` returned, and the agent's exit code (128 + signal when a signal ended it).
  public func run<Result: Sendable>(
    _ settings: [String] = [], _ body: @Sendable (AgentRun) async throws -> Result
  ) async throws -> (result: Result, exitCode: Int32) {
    let log = try FileDescriptor.open(
      FilePath("\(folder.path)/agent.log"), .writeOnly, options: [.create, .append],
      permissions: [.ownerRead, .ownerWrite])
    var options = PlatformOptions()
    options.teardownSequence = [.send(signal: .kill, allowedDurationToNextStep: .seconds(1))]
    let arguments = ["run", "--config", configurationFile] + settings.flatMap { ["--set", $0] }
    let watchdog = Mutex<Task<Void, any Error>?>(nil)
    defer { watchdog.withLock { $0?.cancel() } }
    let startedAt = ContinuousClock().now
    let outcome = try await Subprocess.run(
      .path(FilePath(programs.agent)), arguments: Arguments(arguments), environment: Tool.childEnvironment([:]),
      platformOptions: options, input: .none, output: .discarded,
      error: .fileDescriptor(log, closeAfterSpawningProcess: true)
    ) { execution in
      let agent = AgentRun(
        home: self, processID: execution.processIdentifier.value, startedAt: startedAt,
        sendSignal: { try execution.send(signal: $0) })
      let result = try await body(agent)
      try agent.stopIfRunning()
      let task = Task {
        try await ContinuousClock().sleep(for: Self.stopLimit)
        try execution.send(signal: .kill)
      }
      watchdog.withLock { $0 = task }
      return result
    }
    return (outcome.closureResult, Tool.exitCode(outcome.terminationStatus))
  }

  /// Starts the agent, waits until it is ready, runs `body`, and stops it; it must end with exit code 0.
  public func runReady<Result: Sendable>(
    _ settings: [String] = [], _ body: @Sendable (AgentRun) async throws -> Result
  ) async throws -> Result {
    let (result, exitCode) = try await run(settings) { agent in
      try await agent.waitUntilReady()
      return try await body(agent)
    }
    guard exitCode == 0 else {
      throw HarnessError(.failed, "the agent ended with \(exitCode); its log ends: \(log.suffix(2_000))")
    }
    return result
  }
}
