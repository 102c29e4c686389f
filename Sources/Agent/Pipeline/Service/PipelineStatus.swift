public import EventModel
import Synchronization

/// A pipeline at a glance.
public struct PipelineStatus: Hashable, Sendable {
  /// One queue.
  public struct QueueStatus: Hashable, Sendable {
    /// Its name.
    public var name: String
    /// Events in memory without a closing outcome.
    public var loaded: Int
    /// Deliveries that are due and wait for room.
    public var waiting: Int
    /// Sends under way that count against it.
    public var inFlight: Int
    /// Sends under way for over a second, that count against it no more.
    public var slow: Int
    /// Whether it is paused.
    public var isPaused: Bool
  }

  /// One sink.
  public struct SinkStatus: Hashable, Sendable {
    /// Its namespace.
    public var namespace: String
    /// Its name.
    public var name: String
    /// Sends under way.
    public var inFlight: Int
    /// Deliveries that are due and wait for it.
    public var waiting: Int
    /// Sends under way for over a second, that count against no queue.
    public var slow: Int
    /// `closed`, `open` or `half-open`.
    public var circuit: String
    /// How long until the circuit lets a probe through; nil when it is not open.
    public var reopensIn: TimeSpan?
    /// Endpoints in use, or with something against them.
    public var endpoints: Int
    /// Endpoints whose circuit is not closed.
    public var openEndpoints: Int
    /// Users whose address was given up.
    public var goneEndpoints: Int
    /// Why nothing is sent to it; nil when it is in use.
    public var disabledReason: String?
  }

  /// Whether all is well: sends may start, it does not drain, and the clock is near the store's.
  public var isReady: Bool
  /// Why not; nil when it is.
  public var notReadyReason: String?
  /// Whether it drains.
  public var isDraining: Bool
  /// The order by which nothing starts; nil when there is none. It makes the agent no less ready: who ends it must reach it.
  public var stop: StopOrder?
  /// The lease, while one is held.
  public var lease: AgentLease?
  /// How far the store's clock is ahead of this machine's.
  public var clockOffset: TimeSpan
  /// How far ahead events are planned.
  public var horizon: TimeSpan
  /// Sends under way.
  public var inFlight: Int
  /// Events in memory without a closing outcome.
  public var loaded: Int
  /// Outcomes that are not durable yet.
  public var unrecorded: Int
  /// Every queue, the highest priority first.
  public var queues: [QueueStatus]
  /// Every sink.
  public var sinks: [SinkStatus]
}

extension Pipeline {
  /// The pipeline at a glance.
  public var status: PipelineStatus {
    let (now, offset, lease) = (engine.now(), engine.clockOffset, engine.heldLease)
    return engine.core.withLock { core in
      let isClockOff = abs(offset.microseconds) > Limits.largestClockOffset.microseconds
      let reason =
        core.gate.closed(now: now.elapsed).map(engine.sentence) ?? (core.isDraining ? "draining" : nil)
        ?? (isClockOff ? "clock over 0.5 s from the store's" : nil)
      let slow = core.flights.slowByQueue
      return PipelineStatus(
        isReady: reason == nil, notReadyReason: reason, isDraining: core.isDraining, stop: core.stop, lease: lease,
        clockOffset: offset, horizon: engine.configuration.horizon,
        inFlight: core.flights.count, loaded: core.loaded, unrecorded: core.outbox.count,
        queues: core.order.map { core.status(ofQueue: $0, slow: slow[$0] ?? 0) },
        sinks: core.sinks.values.map { $0.status(now: now.elapsed) }
          .sorted { ($0.namespace, $0.name) < ($1.namespace, $1.name) })
    }
  }
}

extension DispatchCore {
  fileprivate func status(ofQueue index: Int, slow: Int) -> PipelineStatus.QueueStatus {
    let state = queues[index]
    return PipelineStatus.QueueStatus(
      name: state.queue.name, loaded: state.loaded, waiting: state.waiting, inFlight: capacity.used[index],
      slow: slow, isPaused: state.queue.paused)
  }
}

extension DispatchCore.SinkState {
  fileprivate func status(now: TimeSpan) -> PipelineStatus.SinkStatus {
    let reopensIn: TimeSpan? = if case .open(let until, _) = breaker.state { max(until - now, .zero) } else { nil }
    return PipelineStatus.SinkStatus(
      namespace: sink.namespace, name: sink.name, inFlight: book.taken + (hasEndpoints ? slow : 0), waiting: waiting,
      slow: slow,
      circuit: breaker.name, reopensIn: reopensIn, endpoints: endpoints.count, openEndpoints: endpoints.troubled,
      goneEndpoints: gone.count, disabledReason: sink.disabledReason)
  }
}
