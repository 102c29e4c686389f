import Foundation
import Synchronization

/// The real `ctl`, for what only a process of its own can show.
final class CtlProcess: Sendable {
  private let process = Mutex(Process())
  private let told = Mutex("")
  private let output: AsyncStream<Data>
  private let ended: AsyncStream<Int32>

  /// Prepares it; it begins with the first look at what it says.
  init(_ arguments: [String], socket: String) {
    let (pipe, failures) = (Pipe(), Pipe())
    let (output, pieces) = AsyncStream<Data>.makeStream()
    let (ended, end) = AsyncStream<Int32>.makeStream()
    (self.output, self.ended) = (output, ended)
    pipe.fileHandleForReading.readabilityHandler = { handle in
      let data = handle.availableData
      guard data.isEmpty else {
        pieces.yield(data)
        return
      }
      handle.readabilityHandler = nil
      pieces.finish()
    }
    process.withLock { process in
      process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        .appending(path: "ctl")
      process.arguments = arguments
      process.environment = ["CARILLON_SOCKET": socket, "HOME": "/nowhere"]
      (process.standardOutput, process.standardError) = (pipe, failures)
      // By signal: as a shell says it.
      process.terminationHandler = { process in
        end.yield(process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus)
      }
    }
    failures.fileHandleForReading.readabilityHandler = { [weak self] handle in
      let data = handle.availableData
      if data.isEmpty { handle.readabilityHandler = nil }
      self?.told.withLock { $0 += String(decoding: data, as: UTF8.self) }
    }
  }

  /// What it wrote to standard error so far.
  var errors: String { told.withLock { $0 } }

  /// Starts it; what it writes first.
  func firstOutput() async throws -> String {
    try process.withLock { try $0.run() }
    for await data in output { return String(decoding: data, as: UTF8.self) }
    return ""
  }

  /// As Ctrl-C does.
  func interrupt() { process.withLock { $0.interrupt() } }

  /// Waits for its end, and answers its exit status.
  func end() async -> Int32 {
    for await _ in output {}
    for await status in ended { return status }
    return -1
  }
}
