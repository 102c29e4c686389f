import EventModel
import Pipeline
import PluginHost
import Synchronization

/// A sink as the pipeline has it for as long as its revision counts: the instance behind it may be replaced, when a secret
/// that its configuration names has changed.
final class SinkSlot: SinkPort {
  /// An instance, and what its secrets were.
  struct Current: Sendable {
    var instance: SinkInstance
    var fingerprint: String
  }

  private struct State {
    var current: Current
    /// Replaced ones with sends under way.
    var retiring: [SinkInstance] = []
  }

  private let state: Mutex<State>

  init(_ current: Current) { state = Mutex(State(current: current)) }

  var current: Current { state.withLock { $0.current } }

  func deliver(_ deliveries: [Delivery], completion: @escaping @Sendable ([DeliveryResult]) -> Void) {
    current.instance.deliver(deliveries, completion: completion)
  }

  func cancel(ids: [UInt64]) {
    for instance in state.withLock({ [$0.current.instance] + $0.retiring }) { instance.cancel(Set(ids)) }
  }

  /// New sends go to another instance; the old one ends when it has finished.
  func replace(with new: Current) {
    let old = put(new)
    Task { await end(old) }
  }

  /// New sends go to another instance from here on; the old one is to be ended.
  func put(_ new: Current) -> SinkInstance {
    state.withLock { state in
      defer { state.current = new }
      state.retiring.append(state.current.instance)
      return state.current.instance
    }
  }

  /// Lets an instance that was replaced finish what it has, and ends it.
  func end(_ old: SinkInstance) async {
    await Self.retire(old)
    state.withLock { state in state.retiring.removeAll { $0 === old } }
  }

  /// It gets nothing new; `destroy` completes what it leaves.
  static func retire(_ instance: SinkInstance) async {
    // What is not finished by then is completed by `destroy`.
    _ = try? await instance.drain(timeout: PluginDirectoryAdapter.retireLimit)
    await instance.destroy()
  }
}
