import Synchronization

/// Whether a plugin may be called: four calls over their limit and it is disabled until the agent starts anew, or a
/// person enables it.
final class PluginHealth: Sendable {
  /// Calls over their limit that disable a plugin.
  static let maximumStrikes = 4

  private struct State {
    var strikes = 0
    var reason: String?
    /// Whether its calls are the reason, and no person.
    var isForFaults = false
    var onDisable: [@Sendable () -> Void] = []
    var onStrike: (@Sendable (String) -> Void)?
  }

  private let plugin: String
  private let calls: any PluginCallRecorder
  private let state = Mutex(State())

  init(plugin: String, calls: any PluginCallRecorder = NoCallObserver()) {
    self.plugin = plugin
    self.calls = calls
  }

  /// Why the plugin is disabled; nil while it is not.
  var disabledReason: String? { state.withLock { $0.reason } }

  /// Runs when the plugin gets disabled for its calls.
  func onDisable(_ body: @escaping @Sendable () -> Void) { state.withLock { $0.onDisable.append(body) } }

  /// Runs for each call over its limit, instead of counting it: of a plugin whose process can be ended.
  func onStrike(_ body: @escaping @Sendable (String) -> Void) { state.withLock { $0.onStrike = body } }

  /// Counts a call over its limit.
  func strike(_ call: String) {
    calls.timedOut()
    let bodies = state.withLock { state -> [@Sendable () -> Void] in
      if let instead = state.onStrike { return [{ instead(call) }] }
      state.strikes += 1
      guard state.strikes >= Self.maximumStrikes, state.reason == nil else { return [] }
      state.reason = "\(Self.maximumStrikes) calls ran over their time limit, the last one \(call)"
      state.isForFaults = true
      return state.onDisable
    }
    for body in bodies { body() }
  }

  /// Whether its calls disabled it.
  var isDisabledForFaults: Bool { state.withLock { $0.isForFaults } }

  /// Calls over their limit since it was enabled.
  var strikes: Int { state.withLock { $0.strikes } }

  /// Takes the plugin out of use: a person wants it so. False when a person did so before.
  func disable(_ reason: String) -> Bool {
    state.withLock { state in
      guard state.reason == nil || state.isForFaults else { return false }
      (state.reason, state.isForFaults) = (reason, false)
      return true
    }
  }

  /// Puts the plugin back into use.
  func enable() {
    state.withLock { state in
      (state.reason, state.isForFaults) = (nil, false)
      state.strikes = 0
    }
  }

  /// - Throws: `.pluginDisabled`, saying why.
  func check() throws(PluginHostError) {
    if let reason = disabledReason {
      throw PluginHostError(.pluginDisabled, "plugin \(plugin) is disabled: \(reason)")
    }
  }
}
