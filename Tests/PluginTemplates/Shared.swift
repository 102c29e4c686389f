import Foundation
import Synchronization

/// Templates in C as they are, built once for all tests that only use them.
enum Shared {
  private static let sink = Task { try await make(.sink) }
  private static let eventType = Task { try await make(.eventType) }

  static func made(_ kind: Made.Kind) async throws -> Made {
    try await (kind == .sink ? sink : eventType).value
  }

  /// In a folder that is removed when the process ends.
  private static func make(_ kind: Made.Kind) async throws -> Made {
    let scratch = try Scratch()
    Removals.add(scratch.path)
    return try await Made("c", kind, in: scratch)
  }
}

/// Folders that are removed when the process ends.
private enum Removals {
  private static let paths = Mutex<[String]>([])
  private static let registered: Void = {
    atexit { for path in paths.withLock({ $0 }) { try? FileManager.default.removeItem(atPath: path) } }
  }()

  static func add(_ path: String) {
    _ = registered
    paths.withLock { $0.append(path) }
  }
}
