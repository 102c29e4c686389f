public import EventModel
import Synchronization

/// What became of a plugin's work: what a new version is judged by, against the one before.
public final class PluginTally: Sendable {
  /// Counts at one moment.
  public struct Counts: Hashable, Sendable {
    /// Deliveries that arrived, and answers of an event type.
    public var good: Int64 = 0
    /// Deliveries that were refused or unanswered, and calls of an event type that failed.
    public var bad: Int64 = 0
    /// Deliveries by how they ended.
    public var verdicts: [DeliveryResult.Verdict: Int64] = [:]

    /// Makes counts of nothing.
    public init() {}

    /// All of them.
    public var total: Int64 { good + bad }
    /// The share of failures, 0 to 1; nil when there was nothing.
    public var failureRate: Double? { total == 0 ? nil : Double(bad) / Double(total) }
  }

  private let counts = Mutex(Counts())

  /// The counts so far.
  public var current: Counts { counts.withLock { $0 } }

  /// Counts results of deliveries. One that was not tried, and an address that is gone, say nothing about the plugin.
  func add(_ results: [DeliveryResult]) {
    counts.withLock { counts in
      for result in results {
        counts.verdicts[result.verdict, default: 0] += 1
        switch result.verdict {
        case .delivered: counts.good += 1
        case .retry, .permanent, .unknown, .sinkDisabled: counts.bad += 1
        case .throttled, .cancelled, .endpointDisabled: break
        }
      }
    }
  }

  /// Counts answers of an event type.
  func add(good: Int, bad: Int) {
    counts.withLock { counts in
      counts.good += Int64(good)
      counts.bad += Int64(bad)
    }
  }
}
