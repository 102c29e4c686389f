import Synchronization

/// A number that only grows, by label values.
public final class Counter: MetricFamily {
  /// One series: cheap to add to for those who keep it.
  public final class Series: Sendable {
    private let sum = Mutex(0.0)

    init() {}

    /// Adds to it; the amount is not negative.
    public func add(_ amount: Double) { sum.withLock { $0 += amount } }

    var value: Double { sum.withLock { $0 } }
  }

  let name: String
  private let help: String
  private let labels: [String]
  private let series = SeriesTable<Series>()

  init(name: String, help: String, labels: [String]) {
    self.name = name
    self.help = help
    self.labels = labels
    if labels.isEmpty { add(0) }
  }

  /// Adds to the series of these label values.
  public func add(_ amount: Int, _ values: String...) { series(values).add(Double(amount)) }

  /// The series of these label values, made when it is new.
  public func series(_ values: [String]) -> Series { series.cell(values) { Series() } }

  func write(to text: inout String) {
    Exposition.header(name, help, "counter", to: &text)
    for (values, series) in series.sorted {
      text += "\(name)\(Exposition.labels(labels, values)) \(Exposition.number(series.value))\n"
    }
  }
}

/// A number that goes up and down, by label values.
public final class Gauge: MetricFamily {
  /// One series: cheap to set for those who keep it.
  public final class Series: Sendable {
    private let current = Mutex(0.0)

    init() {}

    /// Sets it.
    public func set(_ value: Double) { current.withLock { $0 = value } }

    var value: Double { current.withLock { $0 } }
  }

  let name: String
  private let help: String
  private let labels: [String]
  private let series = SeriesTable<Series>()

  init(name: String, help: String, labels: [String]) {
    self.name = name
    self.help = help
    self.labels = labels
  }

  /// Sets the series of these label values.
  public func set(_ value: Double, _ values: String...) { series(values).set(value) }

  /// The series of these label values, made when it is new.
  public func series(_ values: [String]) -> Series { series.cell(values) { Series() } }

  /// Forgets every series, before a collector sets those that still exist.
  public func reset() { series.removeAll() }

  func write(to text: inout String) {
    Exposition.header(name, help, "gauge", to: &text)
    for (values, series) in series.sorted {
      text += "\(name)\(Exposition.labels(labels, values)) \(Exposition.number(series.value))\n"
    }
  }
}
