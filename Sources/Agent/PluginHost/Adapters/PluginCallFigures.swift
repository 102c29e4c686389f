import Synchronization

/// How many calls one load of a plugin took, and how long. Each is handed on to who counts for the whole agent.
public final class PluginCallFigures: PluginCallRecorder {
  /// Figures at one moment.
  public struct Snapshot: Hashable, Sendable {
    /// Calls that returned; one for a whole batch.
    public var calls: Int64 = 0
    /// Those of them that answered ``PluginCallOutcome/failed``.
    public var failures: Int64 = 0
    /// Calls that ran over their limit; one that returns later is in ``calls`` too.
    public var timeouts: Int64 = 0
    /// Half of the calls took at most this, to within 10 %; nil: none has returned.
    public var p50: Duration?
    /// 99 % of the calls took at most this, to within 10 %; nil: none has returned.
    public var p99: Duration?

    /// Makes figures of nothing.
    public init() {}
  }

  private struct State {
    var calls: Int64 = 0
    var failures: Int64 = 0
    var timeouts: Int64 = 0
    var times = CallTimes()
  }

  private let next: any PluginCallRecorder
  private let state = Mutex(State())

  init(next: any PluginCallRecorder = NoCallObserver()) { self.next = next }

  /// The figures so far.
  public var current: Snapshot {
    state.withLock { state in
      var snapshot = Snapshot()
      (snapshot.calls, snapshot.failures, snapshot.timeouts) = (state.calls, state.failures, state.timeouts)
      (snapshot.p50, snapshot.p99) = (state.times.quantile(percent: 50), state.times.quantile(percent: 99))
      return snapshot
    }
  }

  /// Counts a call that returned.
  public func returned(_ call: PluginCall, seconds: Double, _ outcome: PluginCallOutcome) {
    state.withLock { state in
      state.calls += 1
      if outcome == .failed { state.failures += 1 }
      state.times.add(nanoseconds: UInt64(max(0, min(seconds, CallTimes.maximumSeconds)) * 1e9))
    }
    next.returned(call, seconds: seconds, outcome)
  }

  /// Counts a call over its limit.
  public func timedOut() {
    state.withLock { $0.timeouts += 1 }
    next.timedOut()
  }
}

/// Times in buckets whose width is an eighth of the power of two that they begin at: 3 KB, whatever comes.
struct CallTimes: Sendable {
  /// What is longer counts as this: 12 days.
  static let maximumSeconds = 1_048_576.0
  private static let steps = 8
  private static let powers = 50

  private var counts = [Int64](repeating: 0, count: steps * powers)
  private var total: Int64 = 0

  mutating func add(nanoseconds: UInt64) {
    counts[min(Self.bucket(nanoseconds), counts.count - 1)] += 1
    total += 1
  }

  /// The middle of the bucket that the so-many-th of a hundred times is in; nil without any time.
  func quantile(percent: Int64) -> Duration? {
    guard total > 0 else { return nil }
    var left = max(1, (total * percent + 99) / 100)
    for (bucket, count) in counts.enumerated() {
      left -= count
      if left <= 0 { return .nanoseconds(Self.middle(of: bucket)) }
    }
    return nil
  }

  /// Up to 7 ns each has a bucket of its own.
  private static func bucket(_ nanoseconds: UInt64) -> Int {
    guard nanoseconds >= UInt64(steps) else { return Int(nanoseconds) }
    let power = UInt64.bitWidth - 1 - nanoseconds.leadingZeroBitCount
    return (power - 2) * steps + Int((nanoseconds >> UInt64(power - 3)) & UInt64(steps - 1))
  }

  private static func middle(of bucket: Int) -> Int64 {
    guard bucket >= steps else { return Int64(bucket) }
    let (power, step) = (bucket / steps + 2, Int64(bucket % steps))
    let width = Int64(1) << Int64(power - 3)
    return (Int64(steps) + step) * width + width / 2
  }
}
