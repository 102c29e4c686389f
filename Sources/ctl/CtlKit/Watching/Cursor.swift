import Synchronization

/// How far a watch came, over several connections.
final class Cursor: Sendable {
  private let content: Mutex<String>

  init(_ text: String = "") { content = Mutex(text) }

  /// Where to go on.
  var text: String { content.withLock { $0 } }

  /// A watch may answer without one: then it stays where it was.
  func move(to text: String) {
    content.withLock { if !text.isEmpty { $0 = text } }
  }
}
