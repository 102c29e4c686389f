import Foundation

/// Where the sources of these tests are.
enum Sources {
  /// The package's root.
  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  static let fixtures = root.appendingPathComponent("Tests/Examples/Fixtures")
  static let examples = root.appendingPathComponent("Plugins/Examples")
}

/// The Python with the packages that oracles need.
enum Python {
  static let path: String = {
    if let path = ProcessInfo.processInfo.environment["CARILLON_PYTHON"], !path.isEmpty { return path }
    return Sources.root.appendingPathComponent(".build/venv/bin/python3").path
  }()

  /// Runs one of the fixtures.
  static func run(_ script: String, _ arguments: [String]) async throws -> Finished {
    try await Command.run(path, ["-B", Sources.fixtures.appendingPathComponent(script).path] + arguments)
  }
}

/// A folder of one test's own.
struct TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("carillon-examples-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: url, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
  }

  var path: String { url.path }

  func remove() { try? FileManager.default.removeItem(at: url) }

  func file(_ name: String) -> String { url.appendingPathComponent(name).path }

  /// Runs a test with a folder of its own.
  static func with(_ body: (TemporaryFolder) async throws -> Void) async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    try await body(folder)
  }
}

/// Whether a program is on the PATH.
func isInstalled(_ program: String) -> Bool {
  (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    .contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(program)") }
}
