public import EventModel
import Synchronization

/// What of a pipeline's settings may change while it runs; see ``PipelineConfiguration`` for what each means.
public struct PipelineTuning: Hashable, Sendable {
  /// How long a shutdown, or a drain that names no time, waits for what is in flight.
  public var drainTimeout: TimeSpan
  /// How long history is kept.
  public var keepHistory: TimeSpan
  /// How long dead letters are kept.
  public var keepDeadLetters: TimeSpan

  /// Makes it.
  public init(drainTimeout: TimeSpan, keepHistory: TimeSpan, keepDeadLetters: TimeSpan) {
    self.drainTimeout = max(drainTimeout, .zero)
    self.keepHistory = keepHistory
    self.keepDeadLetters = keepDeadLetters
  }

  init(_ configuration: PipelineConfiguration) {
    self.init(
      drainTimeout: configuration.drainTimeout, keepHistory: configuration.keepHistory,
      keepDeadLetters: configuration.keepDeadLetters)
  }
}

extension Pipeline {
  /// Goes by these from now on.
  public func tune(_ tuning: PipelineTuning) { engine.tuning.withLock { $0 = tuning } }
}
