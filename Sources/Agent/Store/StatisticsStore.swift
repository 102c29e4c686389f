public import EventModel

/// How late sends began after their events were due, by upper bounds: the same as those of the agent's metric.
public struct LatenessHistogram: Hashable, Sendable {
  /// Upper bounds in seconds; what is later than the last is in a part of its own.
  public static let boundsSeconds: [Double] = [
    0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 3_600,
  ]

  /// How many were at most so late, part by part (not added up); the last part has no bound.
  public var counts: [Int]
  /// The latest of all; nil when there is none.
  public var maximum: TimeSpan?

  /// Makes a histogram; of none, without arguments.
  public init(counts: [Int] = Array(repeating: 0, count: boundsSeconds.count + 1), maximum: TimeSpan? = nil) {
    self.counts = counts
    self.maximum = maximum
  }

  /// How many sends.
  public var total: Int { counts.reduce(0, +) }

  /// How late the given part of all was at most, rounded up to a bound, and never over the maximum; nil when there is none.
  /// - Parameter part: over 0, at most 1: 0.99 for the 99th percentile.
  public func quantile(_ part: Double) -> TimeSpan? {
    guard let maximum, total > 0 else { return nil }
    let wanted = max(1, Int((part * Double(total)).rounded(.up)))
    var seen = 0
    for (bound, count) in zip(Self.boundsSeconds, counts) {
      seen += count
      guard seen < wanted else { return min(TimeSpan(microseconds: Int64(bound * 1_000_000)), maximum) }
    }
    return maximum
  }
}

/// What became of one queue's events at one sink.
public struct StatisticsRow: Hashable, Sendable {
  /// The queue.
  public var queue: String
  /// The sink's namespace; empty without one.
  public var namespace: String
  /// The sink's name; empty: what ended without one.
  public var sink: String
  /// Receipts by outcome; those that there are none of are left out.
  public var outcomes: [Outcome: Int]
  /// From due to the send, of delivered ones.
  public var lateness: LatenessHistogram

  /// Makes a row.
  public init(
    queue: String, namespace: String, sink: String, outcomes: [Outcome: Int] = [:],
    lateness: LatenessHistogram = LatenessHistogram()
  ) {
    self.queue = queue
    self.namespace = namespace
    self.sink = sink
    self.outcomes = outcomes
    self.lateness = lateness
  }
}

/// Statistics, for people.
public protocol StatisticsStore: Sendable {
  /// What became of rows that were to start in the minutes from `from` to before `before`, by queue, namespace and sink.
  /// Reads every receipt of that time.
  /// - Throws: `.invalid` unless `from` is before `before`, by at most ``StatisticsLimits/longest``.
  func statistics(from: Timestamp, before: Timestamp) async throws(StoreError) -> [StatisticsRow]
}

/// The bounds of statistics.
public enum StatisticsLimits {
  /// The longest period.
  public static let longest = TimeSpan.hours(31 * 24)
}
