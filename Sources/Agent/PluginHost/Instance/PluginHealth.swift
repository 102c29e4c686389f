import Synchronization

/// Whether a plugin may be called: four calls over their limit and it is disabled until the agent starts anew.
final class PluginHealth: Sendable {
  /// Calls over their limit that disable a plugin.
  static let maximumStrikes = 4

  private struct State {
    var strikes = 0
    var reason: String?
    var onDisable: [@Sendable () -> Void] = []
  }

  private let plugin: String
  private let state = Mutex(State())

  init(plugin: String) { self.plugin = plugin }

  /// Why the plugin is disabled; nil while it is not.
  var disabledReason: String? { state.withLock { $0.reason } }

  /// Runs when the plugin gets disabled.
  func onDisable(_ body: @escaping @Sendable () -> Void) { state.withLock { $0.onDisable.append(body) } }

  /// Counts a call over its limit.
  func strike(_ call: String) {
    let bodies = state.withLock { state -> [@Sendable () -> Void] in
      state.strikes += 1
      guard state.strikes >= Self.maximumStrikes, state.reason == nil else { return [] }
      state.reason = "\(Self.maximumStrikes) calls ran over their time limit, the last one \(call)"
      return state.onDisable
    }
    for body in bodies { body() }
  }

  /// - Throws: `.pluginDisabled`, saying why.
  func check() throws(PluginHostError) {
    if let reason = disabledReason {
      throw PluginHostError(.pluginDisabled, "plugin \(plugin) is disabled: \(reason)")
    }
  }
}
