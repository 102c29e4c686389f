import CPluginAPI

/// A function of a plugin's instances, for who counts calls.
public enum PluginCall: Int, Hashable, Sendable, CaseIterable {
  /// Makes an instance.
  case create
  /// Of a sink: makes ready.
  case activate
  /// Of an event type: checks a definition.
  case validate
  /// Of an event type: occurrences, for a batch of schedules.
  case next
  /// Of an event type: messages, for a batch of events.
  case render
  /// Of a sink: takes a batch of deliveries; how they end comes later.
  case deliver
  /// Of a sink: gives deliveries up.
  case cancel
  /// Of a sink: waits for what is under way.
  case drain
  /// Of a sink: undoes `activate`.
  case deactivate
  /// Ends an instance.
  case destroy
}

/// What a call into a plugin answered.
public enum PluginCallOutcome: Int, Hashable, Sendable, CaseIterable {
  /// It did what was asked.
  case ok
  /// What was asked is wrong; trying again cannot help.
  case invalid
  /// It has no room now.
  case busy
  /// Anything else.
  case failed

  init(_ status: carillon_status) {
    self =
      switch status {
      case CARILLON_OK: .ok
      case CARILLON_INVALID: .invalid
      case CARILLON_BUSY: .busy
      default: .failed
      }
  }
}

/// Who wants to know of calls into plugins.
public protocol PluginCallObserver: Sendable {
  /// What counts the calls of one plugin; asked each time that it is loaded.
  func recorder(of plugin: String) -> any PluginCallRecorder
}

/// Counts the calls of one plugin. Told from any thread; it must be quick.
public protocol PluginCallRecorder: Sendable {
  /// A call returned, whether or not somebody still waited for it.
  func returned(_ call: PluginCall, seconds: Double, _ outcome: PluginCallOutcome)
  /// A call ran over its limit, and is not waited for any more.
  func timedOut()
}

/// Wants to know of nothing.
public struct NoCallObserver: PluginCallObserver, PluginCallRecorder {
  /// Makes one.
  public init() {}
  /// Itself.
  public func recorder(of plugin: String) -> any PluginCallRecorder { self }
  /// Does nothing.
  public func returned(_ call: PluginCall, seconds: Double, _ outcome: PluginCallOutcome) {}
  /// Does nothing.
  public func timedOut() {}
}
