#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// How an agent must end, and what it must have left.
struct HostEnding: Sendable {
  /// Longest log of an agent that kept to its bounds, in bytes: one plugin's 500 lines at once and 100 a second, of 4 KiB,
  /// for a trial's time.
  private static let longestLogBytes = 8 * 1_024 * 1_024

  let agent: HostAgent
  let folder: HostFolder
  let secret: String
  /// How long it may take to end.
  let limit: Duration

  /// Ends it, unless it has ended; answers what is wrong.
  func faults(_ known: HostAgent.End?) async -> [String] {
    var faults: [String] = []
    if known == nil { faults += await end() }
    let told = HostTold(HostFolder.lines(folder.told))
    for process in told.processes.sorted() where process != agent.pid && HostFigures.isLeft(process) {
      faults.append("process \(process), which the plugin ran in or started, outlived the agent")
      kill(process, SIGKILL)
    }
    return faults + logFaults()
  }

  private func end() async -> [String] {
    agent.terminate()
    let end = try? await HostWait.value(within: limit) { agent.end() }
    guard let end else {
      agent.destroy()
      return ["the agent did not end within \(limit) of SIGTERM"]
    }
    return end == .exited(0) ? [] : ["the agent \(end.words) when it was asked to end"]
  }

  private func logFaults() -> [String] {
    let bytes = HostFolder.bytes(folder.log, limit: Self.longestLogBytes + 1)
    var faults: [String] = []
    if bytes.count > Self.longestLogBytes { faults.append("the log is longer than \(Self.longestLogBytes) bytes") }
    let isPlain = bytes.allSatisfy { $0 == UInt8(ascii: "\n") || ($0 >= 0x20 && $0 != 0x7f) }
    if !isPlain || String(validating: bytes, as: UTF8.self) == nil {
      faults.append("the log has control characters, or is no UTF-8")
    }
    let text = String(decoding: bytes, as: UTF8.self)
    if text.contains(secret) { faults.append("a secret is in the log") }
    let strange = text.split(separator: "\n").first { !$0.hasPrefix("time=") }
    if let strange { faults.append("the log has a line that is not the agent's: \(Excerpt.of(String(strange)))") }
    return faults
  }
}
