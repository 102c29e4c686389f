import Dispatch
import Foundation
import PluginTesting

/// Where things are.
enum Place {
  static let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  static let root = tests.deletingLastPathComponent().deletingLastPathComponent()
  static let headers = root.appendingPathComponent("Sources/PluginAPI/CPluginAPI/include")
  /// Where the programs and our own plugins are built.
  static let built = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
  static let ctl = built.appendingPathComponent("ctl").path
  /// What runs single cases here: as `ctl` does, and started in a tenth of the time.
  static let caseProgram = built.appendingPathComponent("plugin-case").path
}

/// Plugins in C, compiled when a test asks for them.
enum Compiled {
  struct CompilerError: Error {
    var source: String
    var message: String
  }

  /// Compiles sources; answers the library's path in the folder.
  static func library(_ name: String, _ sources: [URL], in folder: URL, _ flags: [String] = []) async throws -> String {
    let library = folder.appendingPathComponent("lib\(name).so").path
    let arguments =
      [
        "cc", "-D_GNU_SOURCE", "-std=c11", "-Wall", "-Wextra", "-Werror", "-g", "-shared", "-fPIC",
        "-fvisibility=hidden",
      ]
      + ["-I\(Place.headers.path)"] + sources.map(\.path) + ["-o", library, "-pthread"] + flags
    let (status, output) = try await Command.run("/usr/bin/env", arguments)
    guard status == 0 else { throw CompilerError(source: name, message: output) }
    return library
  }

  /// One of the wrong ones.
  static func wrong(_ name: String, in folder: URL) async throws -> String {
    try await library(name, [Place.tests.appendingPathComponent("Wrong/\(name).c")], in: folder)
  }
}

/// A program that is run to its end.
enum Command {
  static func run(_ program: String, _ arguments: [String]) async throws -> (status: Int32, output: String) {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    (process.standardOutput, process.standardError) = (pipe, pipe)
    try process.run()
    return await withCheckedContinuation { continuation in
      // What is read blocks, and Swift's own threads must not.
      DispatchQueue.global().async {
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        continuation.resume(returning: (process.terminationStatus, String(decoding: data, as: UTF8.self)))
      }
    }
  }
}

/// Runs checks, a few at once: much of what they do is to wait.
enum Check {
  private static let queue: OperationQueue = {
    let queue = OperationQueue()
    queue.maxConcurrentOperationCount = max(2, ProcessInfo.processInfo.activeProcessorCount) * 3 / 2
    return queue
  }()

  static func run(_ file: String, _ change: (inout CheckOptions) -> Void = { _ in }) async -> CheckReport {
    var options = CheckOptions(file: file, seed: 1)
    options.program = Place.caseProgram
    change(&options)
    let chosen = options
    return await withCheckedContinuation { continuation in
      queue.addOperation { continuation.resume(returning: CheckRun(chosen).run()) }
    }
  }
}

/// A folder of one test's own.
enum TestFolder {
  static func with<R>(_ body: (URL) async throws -> R) async throws -> R {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("carillon-testing-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await body(folder)
  }
}

extension CheckReport {
  /// The cases that failed.
  var failed: [String] { results.filter { $0.status == .failed }.map(\.name) }

  /// What failed, and why, for a test's message.
  var faults: String {
    results.filter { $0.status == .failed }.map { "\($0.name): \($0.faults.joined(separator: "; "))" }
      .joined(separator: "\n")
  }

  /// What could not be tried.
  var untried: String { results.filter(\.isMissing).map { "\($0.name): \($0.reason)" }.joined(separator: "\n") }
}
