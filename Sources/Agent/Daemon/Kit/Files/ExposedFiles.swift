import Synchronization

/// Files with secrets that every user of the machine can read, each once.
final class ExposedFiles: Sendable {
  /// More are not remembered; who has so many has been told.
  private static let maximum = 1_000

  private let known = Mutex<Set<String>>([])

  /// Answers whether it is a new one.
  func note(_ path: String) -> Bool {
    known.withLock { $0.count < Self.maximum && $0.insert(path).inserted }
  }

  /// All of them, sorted.
  var paths: [String] { known.withLock { $0.sorted() } }
}
