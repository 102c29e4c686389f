import Foundation

/// Where the sources of these tests are.
enum Sources {
  /// This folder.
  static let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  /// The package's root.
  static let root = tests.deletingLastPathComponent().deletingLastPathComponent()
  /// Where the programs were built that belong to these tests.
  static let products = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
  /// The C headers.
  static let headers = root.appendingPathComponent("Sources/PluginAPI/CPluginAPI/include")
}

/// The Python with the packages that oracles need.
enum Python {
  static let path: String = {
    if let path = ProcessInfo.processInfo.environment["CARILLON_PYTHON"], !path.isEmpty { return path }
    let own = Sources.root.appendingPathComponent(".build/venv/bin/python3").path
    return FileManager.default.isExecutableFile(atPath: own) ? own : "python3"
  }()
}

/// A folder of one test's own.
struct TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("carillon-plugin-host-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: url, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
  }

  func remove() { try? FileManager.default.removeItem(at: url) }
}

extension Process {
  /// Runs, and waits for the end without holding a thread of Swift's pool.
  func exitStatus() async throws -> Int32 {
    try await withCheckedThrowingContinuation { continuation in
      terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
      do { try run() } catch { continuation.resume(throwing: error) }
    }
  }
}
