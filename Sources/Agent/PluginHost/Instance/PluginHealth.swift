import Synchronization

/// Whether a plugin may be called: four calls over their limit and it is disabled until the agent starts anew, or a
/// person enables it.
final class PluginHealth: Sendable {
  /// Calls over their limit that disable a plugin.
  static let maximumStrikes = 4

  private struct State {
    var strikes = 0
    var reason: String?
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
      return state.onDisable
    }
    for body in bodies { body() }
  }

  /// Whether its calls disabled it.
  var isDisabledForFaults: Bool { state.withLock { $0.reason != nil && $0.strikes >= Self.maximumStrikes } }

  /// Takes the plugin out of use: a person wants it so. False when it is out of use already.
  func disable(_ reason: String) -> Bool {
    state.withLock { state in
      guard state.reason == nil else { return false }
      state.reason = reason
      return true
    }
  }

  /// Puts the plugin back into use.
  func enable() {
    state.withLock { state in
      state.reason = nil
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
