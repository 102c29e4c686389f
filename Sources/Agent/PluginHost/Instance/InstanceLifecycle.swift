/// The life of a plugin's instance. Pure: what to call, and when, is the adapters' business.
///
/// ```
/// created ──activate──▶ active ──drain──▶ draining ──deactivate──▶ inactive ──destroy──▶ destroyed
///    └──────────destroy────┐ └────────deactivate───────▲  └─activate─▶ active
/// any but destroyed ──fail──▶ failed ──replace──▶ created;  failed ──destroy──▶ destroyed
/// ```
public enum InstanceLifecycle: String, Hashable, Sendable, CaseIterable {
  /// Made; nothing runs yet.
  case created
  /// In use.
  case active
  /// Finishes what it has, takes nothing new.
  case draining
  /// Was in use; may be used again.
  case inactive
  /// A call into it never came back; it is left alone for good.
  case failed
  /// Gone.
  case destroyed

  /// What can happen to an instance.
  public enum Event: String, Hashable, Sendable, CaseIterable {
    /// Goes into use.
    case activate
    /// Takes nothing new from now on.
    case drain
    /// Goes out of use.
    case deactivate
    /// Ends.
    case destroy
    /// A call ran over its limit.
    case fail
    /// A fresh instance takes the place of the failed one.
    case replace
  }

  /// Moves on.
  /// - Throws: `.illegalState`, with nothing changed, when the event cannot happen in this state.
  public mutating func apply(_ event: Event) throws(PluginHostError) {
    switch (self, event) {
    case (.created, .activate), (.inactive, .activate): self = .active
    case (.active, .drain): self = .draining
    case (.active, .deactivate), (.draining, .deactivate): self = .inactive
    case (.created, .destroy), (.inactive, .destroy), (.failed, .destroy): self = .destroyed
    case (.failed, .replace): self = .created
    case (.created, .fail), (.active, .fail), (.draining, .fail), (.inactive, .fail): self = .failed
    default: throw PluginHostError(.illegalState, "an instance that is \(rawValue) cannot \(event.rawValue)")
    }
  }
}
