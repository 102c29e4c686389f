import EventModel
import Synchronization

/// Wakes one waiting loop. A kick while nobody waits is kept, so that none is lost; several count as one.
final class Signal: Sendable {
  private struct State {
    var isKicked = false
    var waiter: CheckedContinuation<Void, Never>?
    /// Names the wait under way, so that a stale cancellation wakes nobody else.
    var wait: UInt64 = 0
  }

  private let state = Mutex(State())

  /// Wakes the waiting loop, or lets its next wait return at once.
  func kick() {
    let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
      guard let waiter = state.waiter else {
        state.isKicked = true
        return nil
      }
      state.waiter = nil
      return waiter
    }
    waiter?.resume()
  }

  /// Waits for a kick, for at most `limit`.
  func wait(atMost limit: TimeSpan, _ clocks: PipelineClocks) async {
    if takeKick() || limit <= .zero { return }
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.waitForKick() }
      // A cancelled sleep is the end of the wait, not a fault.
      group.addTask { try? await clocks.sleep(limit) }
      await group.next()
      group.cancelAll()
    }
  }

  private func takeKick() -> Bool {
    state.withLock { state in
      defer { state.isKicked = false }
      return state.isKicked
    }
  }

  private func waitForKick() async {
    let wait = state.withLock { state -> UInt64 in
      state.wait &+= 1
      return state.wait
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isDone = state.withLock { state in
          if state.isKicked || Task.isCancelled {
            state.isKicked = false
            return true
          }
          state.waiter = continuation
          return false
        }
        if isDone { continuation.resume() }
      }
    } onCancel: {
      state.withLock { state -> CheckedContinuation<Void, Never>? in
        guard state.wait == wait else { return nil }
        defer { state.waiter = nil }
        return state.waiter
      }?.resume()
    }
  }
}
