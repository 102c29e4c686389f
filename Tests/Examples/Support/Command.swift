import Foundation

/// A program that was run to its end.
struct Finished {
  var status: Int32
  var output: String
  var errors: String

  var lines: [String] { output.split(separator: "\n").map(String.init) }
}

/// A program with its output in files, so that no pipe is ever full.
final class Command {
  let process = Process()
  private let folder: TemporaryFolder
  private var output: URL { folder.url.appendingPathComponent("output") }
  private var errors: URL { folder.url.appendingPathComponent("errors") }

  init(_ program: String, _ arguments: [String], environment: [String: String] = [:]) throws {
    folder = try TemporaryFolder()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
  }

  /// Starts it.
  func start() throws {
    for file in [output, errors] { try Data().write(to: file) }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
  }

  /// What it has written so far, in whole lines.
  func linesSoFar() throws -> [String] {
    let text = try String(contentsOf: output, encoding: .utf8)
    guard let end = text.lastIndex(of: "\n") else { return [] }
    return text[..<end].split(separator: "\n").map(String.init)
  }

  /// Waits for its end without holding a thread of Swift's pool.
  func finish() async throws -> Finished {
    let process = process
    await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
      Thread.detachNewThread {
        process.waitUntilExit()
        continuation.resume()
      }
    }
    defer { folder.remove() }
    return Finished(
      status: process.terminationStatus, output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
      errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self))
  }

  /// Runs a program to its end.
  static func run(
    _ program: String, _ arguments: [String], environment: [String: String] = [:]
  ) async throws -> Finished {
    let command = try Command(program, arguments, environment: environment)
    try command.start()
    return try await command.finish()
  }
}

/// Waits until something holds, at most so long. False: it does not.
func eventually(within limit: Duration = .seconds(20), _ holds: () throws -> Bool) async throws -> Bool {
  let end = ContinuousClock.now + limit
  while ContinuousClock.now < end {
    if try holds() { return true }
    try await Task.sleep(for: .milliseconds(5))
  }
  return try holds()
}
