import CPluginAPI
import Synchronization

/// A plugin's object, and where it is in its life.
final class InstanceHandle: Sendable {
  /// The plugin's object. Opaque, and called only within the contract that the adapters keep.
  struct Pointer: @unchecked Sendable {
    let raw: OpaquePointer
  }

  private struct State {
    var lifecycle = InstanceLifecycle.created
    var pointer: Pointer?
  }

  private let state = Mutex(State())
  /// Whether calls may overlap. If not, an instance that lost a call cannot be called again: the lost one is still in it.
  let isParallel: Bool

  init(isParallel: Bool) { self.isParallel = isParallel }

  var lifecycle: InstanceLifecycle { state.withLock { $0.lifecycle } }
  var pointer: Pointer? { state.withLock { $0.pointer } }

  /// Takes an object that was just made.
  func put(_ pointer: Pointer) { state.withLock { $0.pointer = pointer } }

  /// Moves on in its life.
  func apply(_ event: InstanceLifecycle.Event) throws(PluginHostError) {
    let fault = state.withLock { state -> PluginHostError? in
      do throws(PluginHostError) {
        try state.lifecycle.apply(event)
        return nil
      } catch { return error }
    }
    if let fault { throw fault }
  }

  /// Ends its life.
  /// - Returns: the object, if it is to be destroyed: one that is still in use, or inside a lost call, is left behind.
  func end() -> Pointer? {
    state.withLock { state in
      defer {
        state.lifecycle = .destroyed
        state.pointer = nil
      }
      return [.created, .inactive].contains(state.lifecycle) ? state.pointer : nil
    }
  }

  /// The process that the object was in is gone, and the object with it.
  func lostProcess() {
    state.withLock { state in
      state.pointer = nil
      // Illegal only when it is gone already, and then there is nothing to note.
      try? state.lifecycle.apply(.fail)
    }
  }

  /// A call ran over its limit. The object is left behind, never destroyed, unless calls into it may overlap.
  func lostCall() {
    guard !isParallel else { return }
    state.withLock { state in
      state.pointer = nil
      // Illegal only when it is gone already, and then there is nothing to note.
      try? state.lifecycle.apply(.fail)
    }
  }
}

/// Makes instances.
enum InstanceMaker {
  typealias Create = (carillon_str, carillon_str, inout OpaquePointer?, OpaquePointer) -> carillon_status

  /// Calls `create`.
  static func make(
    plugin: String, name: String, configuration: String, _ create: Create
  ) throws(PluginHostError) -> InstanceHandle.Pointer {
    var pointer: OpaquePointer?
    try ErrorCollector.check(plugin, "create of the instance \"\(name)\"") { error in
      carillon_str.with(name) { name in
        carillon_str.with(configuration) { create(name, $0, &pointer, error) }
      }
    }
    guard let pointer else {
      throw PluginHostError(.contractBroken, "plugin \(plugin), create of \"\(name)\": answered OK and no instance")
    }
    return InstanceHandle.Pointer(raw: pointer)
  }
}
