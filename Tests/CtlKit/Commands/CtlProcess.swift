import Foundation
import Synchronization

/// The real `ctl`, for what only a process of its own can show. Its pipes are read by threads of their own, which block.
final class CtlProcess: Sendable {
  private let arguments: [String]
  private let socket: String
  private let process = Mutex<Process?>(nil)
  private let told = Mutex("")
  private let times = Mutex<(start: ContinuousClock.Instant, end: ContinuousClock.Instant)>((.now, .now))
  private let output: AsyncStream<String>
  private let pieces: AsyncStream<String>.Continuation
  private let ended: AsyncStream<Int32>
  private let ending: AsyncStream<Int32>.Continuation

  init(_ arguments: [String], socket: String) {
    (self.arguments, self.socket) = (arguments, socket)
    (output, pieces) = AsyncStream.makeStream()
    (ended, ending) = AsyncStream.makeStream()
  }

  /// What it wrote to standard error; all of it once it has ended.
  var errors: String { told.withLock { $0 } }

  /// How long it ran, once it has ended.
  var elapsed: Duration { times.withLock { $0.end - $0.start } }

  /// Starts it; what it writes first.
  func firstOutput() async throws -> String {
    let process = Process()
    let (pipe, failures) = (Pipe(), Pipe())
    process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
      .appending(path: "ctl")
    process.arguments = arguments
    process.environment = ["CARILLON_SOCKET": socket, "HOME": "/nowhere"]
    (process.standardOutput, process.standardError) = (pipe, failures)
    times.withLock { $0.start = .now }
    try process.run()
    self.process.withLock { $0 = process }
    Self.read(pipe, take: { self.pieces.yield($0) }, end: { self.pieces.finish() })
    Self.read(failures, take: { text in self.told.withLock { $0 += text } }, end: { self.finish() })
    for await text in output { return text }
    return ""
  }

  private static func read(
    _ pipe: Pipe, take: @Sendable @escaping (String) -> Void, end: @Sendable @escaping () -> Void
  ) {
    let handle = pipe.fileHandleForReading
    Thread.detachNewThread {
      while true {
        let data = handle.availableData
        guard !data.isEmpty else { return end() }
        take(String(decoding: data, as: UTF8.self))
      }
    }
  }

  private func finish() {
    guard let process = process.withLock({ $0 }) else { return }
    process.waitUntilExit()
    times.withLock { $0.end = .now }
    // By signal: as a shell says it.
    ending.yield(process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus)
  }

  /// As Ctrl-C does.
  func interrupt() { process.withLock { $0?.interrupt() } }

  /// Waits for its end, and answers its exit status.
  func end() async -> Int32 {
    for await _ in output {}
    for await status in ended { return status }
    return -1
  }
}
