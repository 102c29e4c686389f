import Synchronization

/// Lets a bounded number in at a time.
final class Gate: Sendable {
  private let limit: Int
  private let inside = Atomic<Int>(0)

  init(limit: Int) {
    self.limit = limit
  }

  /// Whether there was room; who got in must ``leave()``.
  func enter() -> Bool {
    if inside.wrappingAdd(1, ordering: .relaxed).newValue <= limit { return true }
    leave()
    return false
  }

  /// Makes room again.
  func leave() {
    inside.wrappingSubtract(1, ordering: .relaxed)
  }
}

/// Says that the server stops. Set once.
final class ShutdownSignal: Sendable {
  private let state = Atomic<Bool>(false)

  var isSet: Bool { state.load(ordering: .acquiring) }

  func set() {
    state.store(true, ordering: .releasing)
  }
}
