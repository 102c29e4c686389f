import Synchronization

/// Lets verbs in until the store closes, and lets the closing wait for those that are under way.
final class Gate: Sendable {
  private struct State {
    var active = 0
    var isClosed = false
    var closer: CheckedContinuation<Void, Never>?
  }

  private let state = Mutex(State())

  /// Begins a verb; false when the store is closed.
  func enter() -> Bool {
    state.withLock { state in
      guard !state.isClosed else { return false }
      state.active += 1
      return true
    }
  }

  /// Ends a verb.
  func leave() {
    let closer = state.withLock { state -> CheckedContinuation<Void, Never>? in
      state.active -= 1
      guard state.active == 0 else { return nil }
      defer { state.closer = nil }
      return state.closer
    }
    closer?.resume()
  }

  /// Lets nobody in any more, and waits for the last to leave. False when it was closed before; then it does not wait.
  func close() async -> Bool {
    let isFirst = state.withLock { state in
      defer { state.isClosed = true }
      return !state.isClosed
    }
    guard isFirst else { return false }
    await withCheckedContinuation { (last: CheckedContinuation<Void, Never>) in
      let isIdle = state.withLock { state in
        if state.active > 0 { state.closer = last }
        return state.active == 0
      }
      if isIdle { last.resume() }
    }
    return true
  }
}
