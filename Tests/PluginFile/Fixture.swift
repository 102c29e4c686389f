import Foundation

@testable import PluginFile

/// Where things are.
enum Sources {
  /// This folder.
  static let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  /// The package's root.
  static let root = tests.deletingLastPathComponent().deletingLastPathComponent()
  /// The C headers.
  static let headers = root.appendingPathComponent("Sources/PluginAPI/CPluginAPI/include")
  /// What the build made: the plugins' libraries are beside the tests' program.
  static let products = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
}

/// A folder of one test's own.
struct TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("carillon-plugin-file-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  func remove() { try? FileManager.default.removeItem(at: url) }

  /// Writes a file; answers its path.
  func write(_ bytes: some Sequence<UInt8>, _ name: String = "plugin.so") throws -> String {
    let file = url.appendingPathComponent(name)
    try Data(bytes).write(to: file)
    return file.path
  }

  static func with<Answer>(_ body: (TemporaryFolder) async throws -> Answer) async throws -> Answer {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    return try await body(folder)
  }
}

/// Another program.
enum Program {
  struct Failure: Error, CustomStringConvertible {
    var command: [String]
    var output: String
    var description: String { command.joined(separator: " ") + "\n" + output }
  }

  /// Runs it; what it wrote.
  /// - Throws: when it ends with anything but 0.
  @discardableResult
  static func run(_ command: String..., environment: [String: String] = [:]) async throws -> String {
    try await run(command, environment: environment)
  }

  static func run(_ command: [String], environment: [String: String] = [:]) async throws -> String {
    let process = Process()
    let output = FileManager.default.temporaryDirectory.appendingPathComponent("carillon-output-\(UUID().uuidString)")
    try Data().write(to: output)
    defer { try? FileManager.default.removeItem(at: output) }
    let handle = try FileHandle(forWritingTo: output)
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardOutput = handle
    process.standardError = handle
    let status: Int32 = try await withCheckedThrowingContinuation { continuation in
      process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
      do { try process.run() } catch { continuation.resume(throwing: error) }
    }
    try handle.close()
    let text = String(decoding: try Data(contentsOf: output), as: UTF8.self)
    guard status == 0 else { throw Failure(command: command, output: text) }
    return text
  }
}

/// Plugins that are compiled when a test asks for them.
enum Fixture {
  static let json = #"{"id": "org.example.bell", "name": "bell", "version": "1.0.0", "provides": ["carillon.sink/1"]}"#

  /// The least that has a note, and the entry that makes it a plugin.
  static func source(manifest: String? = json, more: String = "") -> String {
    let note = manifest.map { "CARILLON_MANIFEST(manifest, \(literal($0)));\n" } ?? ""
    return """
      #include <carillon/carillon.h>
      \(note)\(more)
      const carillon_plugin *carillon_plugin_v1(void) { return \(manifest == nil ? "NULL" : "(const carillon_plugin *)(const void *)manifest.json"); }

      """
  }

  /// A text as C writes it.
  static func literal(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n") + "\""
  }

  /// Compiles a library; answers its path.
  static func build(
    _ source: String = source(), in folder: TemporaryFolder, compiler: [String] = ["gcc", "-std=c11"],
    _ options: [String] = [], name: String = "plugin.so"
  ) async throws -> String {
    let isCPlusPlus = compiler.contains("-std=c++17")
    let file = try folder.write(source.utf8, name + (isCPlusPlus ? ".cpp" : ".c"))
    let library = folder.url.appendingPathComponent(name).path
    _ = try await Program.run(
      compiler + [
        "-Wall", "-Wextra", "-Wpedantic", "-Wpadded", "-Werror", "-shared", "-fPIC", "-fvisibility=hidden",
        "-I\(Sources.headers.path)", file, "-o", library,
      ] + options)
    return library
  }
}
