import Synchronization

/// A number that only grows, by label values.
public final class Counter: MetricFamily {
  private let name: String
  private let help: String
  private let labels: [String]
  private let series = Mutex(SeriesTable<Double>())

  init(name: String, help: String, labels: [String]) {
    self.name = name
    self.help = help
    self.labels = labels
    if labels.isEmpty { add(0) }
  }

  /// Adds to the series of these label values.
  public func add(_ amount: Int, _ values: String...) {
    series.withLock { $0.update(values, default: { 0 }) { $0 += Double(amount) } }
  }

  func write(to text: inout String) {
    Exposition.header(name, help, "counter", to: &text)
    for (values, value) in series.withLock({ $0.sorted }) {
      text += "\(name)\(Exposition.labels(labels, values)) \(Exposition.number(value))\n"
    }
  }
}

/// A number that goes up and down, by label values.
public final class Gauge: MetricFamily {
  private let name: String
  private let help: String
  private let labels: [String]
  private let series = Mutex(SeriesTable<Double>())

  init(name: String, help: String, labels: [String]) {
    self.name = name
    self.help = help
    self.labels = labels
  }

  /// Sets the series of these label values.
  public func set(_ value: Double, _ values: String...) {
    series.withLock { $0.update(values, default: { 0 }) { $0 = value } }
  }

  /// Forgets every series, before a collector sets those that still exist.
  public func reset() {
    series.withLock { $0.removeAll() }
  }

  func write(to text: inout String) {
    Exposition.header(name, help, "gauge", to: &text)
    for (values, value) in series.withLock({ $0.sorted }) {
      text += "\(name)\(Exposition.labels(labels, values)) \(Exposition.number(value))\n"
    }
  }
}

/// A distribution over fixed upper bounds, by label values.
public final class Histogram: MetricFamily {
  private struct Series: Sendable {
    var counts: [Int]
    var sum = 0.0
    var count = 0
  }

  /// Upper bounds in seconds for lateness: from a millisecond to an hour.
  public static let latenessBounds: [Double] = [
    0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 3_600,
  ]
  /// Upper bounds in seconds for calls.
  public static let callBounds: [Double] = [0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60]

  private let name: String
  private let help: String
  private let labels: [String]
  private let bounds: [Double]
  private let series = Mutex(SeriesTable<Series>())

  init(name: String, help: String, labels: [String], bounds: [Double]) {
    self.name = name
    self.help = help
    self.labels = labels
    self.bounds = bounds
  }

  /// Counts one observation in the series of these label values.
  public func observe(_ value: Double, _ values: String...) {
    observe([value], values)
  }

  /// Counts many observations of one series under one lock.
  public func observe(_ observations: [Double], _ values: [String]) {
    let bounds = self.bounds
    series.withLock { table in
      table.update(values, default: { Series(counts: Array(repeating: 0, count: bounds.count)) }) { series in
        for value in observations {
          if let index = bounds.firstIndex(where: { value <= $0 }) { series.counts[index] += 1 }
          series.sum += value
          series.count += 1
        }
      }
    }
  }

  func write(to text: inout String) {
    Exposition.header(name, help, "histogram", to: &text)
    for (values, value) in series.withLock({ $0.sorted }) {
      var cumulative = 0
      for (bound, count) in zip(bounds, value.counts) {
        cumulative += count
        let labelText = Exposition.labels(labels, values, extra: ("le", Exposition.number(bound)))
        text += "\(name)_bucket\(labelText) \(cumulative)\n"
      }
      text += "\(name)_bucket\(Exposition.labels(labels, values, extra: ("le", "+Inf"))) \(value.count)\n"
      text += "\(name)_sum\(Exposition.labels(labels, values)) \(Exposition.number(value.sum))\n"
      text += "\(name)_count\(Exposition.labels(labels, values)) \(value.count)\n"
    }
  }
}
