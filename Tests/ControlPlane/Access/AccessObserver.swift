import ControlPlane
import EventModel
import Synchronization

/// Counts what the control plane tells of callers.
final class AccessObserver: ControlPlaneObserver {
  struct Counts: Sendable {
    var calls: [String: Int] = [:]
    var refused = 0
    var limited: [String: Int] = [:]
    var reloads: [Bool] = []
    var left: TimeSpan?
    var age: TimeSpan?
  }

  private let state = Mutex(Counts())

  var counts: Counts { state.withLock { $0 } }

  func callEnded(method: String, code: String, duration: Duration) {
    state.withLock { $0.calls["\(method) \(code)", default: 0] += 1 }
  }
  func callRefused() { state.withLock { $0.refused += 1 } }
  func callLimited(by limit: String) { state.withLock { $0.limited[limit, default: 0] += 1 } }
  func accessListChecked(age: TimeSpan?) { state.withLock { $0.age = age } }
  func certificateChecked(left: TimeSpan) { state.withLock { $0.left = left } }
  func certificateReloaded(succeeded: Bool) { state.withLock { $0.reloads.append(succeeded) } }
}
