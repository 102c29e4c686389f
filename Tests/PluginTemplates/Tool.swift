import Foundation

/// Where the sources and the built programs are.
enum Place {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../..")
    .standardizedFileURL
  static let ctl = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    .appending(path: "ctl").path

  /// Whether a program is on the path.
  static func has(_ program: String) -> Bool {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
      .contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(program)") }
  }
}

/// A folder of one test's own.
struct Scratch {
  let url: URL
  var path: String { url.path }

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "carillon-templates-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: url, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
  }

  func remove() { try? FileManager.default.removeItem(at: url) }

  func text(_ path: String) throws -> String { try String(contentsOf: url.appending(path: path), encoding: .utf8) }

  func write(_ text: String, to path: String) throws {
    try Data(text.utf8).write(to: url.appending(path: path))
  }
}

/// What a program did.
struct Outcome {
  var status: Int32
  var output: String
  var errors: String
}

/// Runs programs to their end. Their output goes through files: nothing waits for a pipe.
struct Tool {
  let scratch: Scratch
  var environment: [String: String] = [:]

  /// Runs a program of the path in a folder below the scratch folder.
  func callAsFunction(_ arguments: String..., in folder: String = "") async throws -> Outcome {
    try await run(arguments, in: folder)
  }

  func run(_ arguments: [String], in folder: String = "") async throws -> Outcome {
    let id = UUID().uuidString
    let files = ["out", "err"].map { scratch.url.appending(path: ".\(id).\($0)") }
    for file in files { try Data().write(to: file) }
    defer { for file in files { try? FileManager.default.removeItem(at: file) } }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments
    process.currentDirectoryURL = folder.isEmpty ? scratch.url : scratch.url.appending(path: folder)
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, own in own }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: files[0])
    process.standardError = try FileHandle(forWritingTo: files[1])
    let status: Int32 = try await withCheckedThrowingContinuation { continuation in
      process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
      do { try process.run() } catch { continuation.resume(throwing: error) }
    }
    let texts = try files.map { try String(decoding: Data(contentsOf: $0), as: UTF8.self) }
    return Outcome(status: status, output: texts[0], errors: texts[1])
  }
}
