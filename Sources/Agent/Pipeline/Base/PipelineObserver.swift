public import EventModel

/// What happens in a pipeline, for metrics and logs. One value for a batch, never one for an event.
public enum PipelineEvent: Sendable {
  /// A planning pass: schedules looked at, events inserted, schedules that could not be planned.
  case planned(schedules: Int, events: Int, failed: Int, took: TimeSpan)
  /// Buckets were claimed and loaded.
  case claimed(queue: String, buckets: Int, events: Int)
  /// Sends began; how late each was.
  case started(queue: String, sink: String, lateness: [TimeSpan])
  /// Outcomes became known.
  case settled([Settled])
  /// Outcomes became durable.
  case recorded(receipts: Int, fenced: Int, took: TimeSpan)
  /// The store failed; the pipeline tries again.
  case storeFailed(verb: String, code: String)
  /// Messages went out in words that are not in their reader's language.
  case wordingFallback(eventType: String, count: Int)
  /// Sends may start again (nil), or may not, and why.
  case gate(closed: String?)
  /// A sink's circuit changed: `closed`, `open` or `half-open`.
  case circuit(sink: String, state: String)
  /// The circuit of one of a sink's endpoints changed.
  case endpointCircuit(sink: String, state: String)
  /// The lease was gained or lost.
  case lease(held: Bool, epoch: Int64)

  /// One outcome.
  public struct Settled: Sendable {
    /// The queue.
    public var queue: String
    /// The sink's name; empty when none was involved.
    public var sink: String
    /// How it ended.
    public var outcome: Outcome
    /// Stable and short.
    public var code: String
    /// How long the send took; nil when none began.
    public var took: TimeSpan?

    /// Makes one.
    public init(queue: String, sink: String, outcome: Outcome, code: String, took: TimeSpan?) {
      self.queue = queue
      self.sink = sink
      self.outcome = outcome
      self.code = code
      self.took = took
    }
  }
}

/// Who wants to know. Called often, from any task; must return at once.
public protocol PipelineObserver: Sendable {
  /// Takes note.
  func observe(_ event: PipelineEvent)
}

/// Takes no note.
public struct SilentObserver: PipelineObserver {
  /// Makes it.
  public init() {}
  /// Does nothing.
  public func observe(_ event: PipelineEvent) {}
}
