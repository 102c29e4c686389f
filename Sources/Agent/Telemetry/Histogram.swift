import Synchronization

/// A distribution over fixed upper bounds, by label values.
public final class Histogram: MetricFamily {
  /// One series: cheap to observe for those who keep it.
  public final class Series: Sendable {
    struct State: Sendable {
      var counts: [Int]
      var sum = 0.0
      var count = 0
    }

    private let bounds: [Double]
    private let values: Mutex<State>

    init(bounds: [Double]) {
      self.bounds = bounds
      values = Mutex(State(counts: Array(repeating: 0, count: bounds.count)))
    }

    /// Counts one observation.
    public func observe(_ value: Double) { observe(CollectionOfOne(value)) }

    func observe(_ observations: some Collection<Double>) {
      values.withLock { state in
        for value in observations {
          if let index = bounds.firstIndex(where: { value <= $0 }) { state.counts[index] += 1 }
          state.sum += value
          state.count += 1
        }
      }
    }

    var state: State { values.withLock { $0 } }
  }

  /// Upper bounds in seconds for lateness: from a millisecond to an hour.
  public static let latenessBounds: [Double] = [
    0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 3_600,
  ]
  /// Upper bounds in seconds for calls.
  public static let callBounds: [Double] = [0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60]

  let name: String
  private let help: String
  private let labels: [String]
  private let bounds: [Double]
  private let series = SeriesTable<Series>()

  init(name: String, help: String, labels: [String], bounds: [Double]) {
    self.name = name
    self.help = help
    self.labels = labels
    self.bounds = bounds
  }

  /// Counts one observation in the series of these label values.
  public func observe(_ value: Double, _ values: String...) { series(values).observe(value) }

  /// Counts many observations of one series under one lock.
  public func observe(_ observations: [Double], _ values: [String]) { series(values).observe(observations) }

  /// The series of these label values, made when it is new.
  public func series(_ values: [String]) -> Series { series.cell(values) { Series(bounds: bounds) } }

  func write(to text: inout String) {
    Exposition.header(name, help, "histogram", to: &text)
    for (values, series) in series.sorted {
      let state = series.state
      var cumulative = 0
      for (bound, count) in zip(bounds, state.counts) {
        cumulative += count
        let labelText = Exposition.labels(labels, values, extra: ("le", Exposition.number(bound)))
        text += "\(name)_bucket\(labelText) \(cumulative)\n"
      }
      text += "\(name)_bucket\(Exposition.labels(labels, values, extra: ("le", "+Inf"))) \(state.count)\n"
      text += "\(name)_sum\(Exposition.labels(labels, values)) \(Exposition.number(state.sum))\n"
      text += "\(name)_count\(Exposition.labels(labels, values)) \(state.count)\n"
    }
  }
}
