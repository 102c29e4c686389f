/// A plugin's own numbers, shown beside the agent's at `/metrics`.
///
/// Define them in the plugin's `init`, and keep what is answered; from then on they are fixed. Another instance that
/// defines the same metric gets the same one: where instances must be told apart, or set a gauge each, let the first
/// label be `instance`.
///
/// ```swift
/// sent = try host.metrics.counter("sent_total", help: "Messages sent, by channel.", labels: ["channel"])
/// // ...
/// sent.add(1, "ops")
/// ```
///
/// What the agent counts by itself (calls, how long they took, deliveries by outcome) needs nothing of this. On a host
/// without metrics everything is taken, and shown nowhere.
public struct Metrics: Sendable {
  private let services: any HostServices

  init(services: any HostServices) { self.services = services }

  /// Defines a number that only grows.
  ///
  /// - Parameters:
  ///   - name: lower-case letters, digits and `_`, at most 63; ends in `_total`.
  ///   - help: a sentence for people.
  ///   - labels: at most 4 names.
  /// - Throws: `invalid` when the definition breaks a rule, or is not the one that the plugin gave this name before;
  ///   `stale` when no instance is being created.
  public func counter(
    _ name: String, help: String, labels: [String] = []
  ) throws(PluginError) -> Counter {
    Counter(series: try define(MetricDefinition(.counter, name, help: help, labels: labels)))
  }

  /// Defines a number that goes up and down. The name does not end in `_total`; all else is as with a counter.
  public func gauge(_ name: String, help: String, labels: [String] = []) throws(PluginError) -> Gauge {
    Gauge(series: try define(MetricDefinition(.gauge, name, help: help, labels: labels)))
  }

  /// Defines a distribution.
  ///
  /// - Parameter bounds: upper bounds, 1 to 32, rising, in the unit that the name ends in: `wait_seconds`.
  public func histogram(
    _ name: String, help: String, labels: [String] = [], bounds: [Double]
  ) throws(PluginError) -> Histogram {
    Histogram(series: try define(MetricDefinition(.histogram, name, help: help, labels: labels, bounds: bounds)))
  }

  private func define(_ definition: MetricDefinition) throws(PluginError) -> Defined {
    Defined(kind: definition.kind, number: try services.define(definition), services: services)
  }

  /// A metric and who takes its changes.
  struct Defined: Sendable {
    let kind: MetricDefinition.Kind
    let number: UInt64
    let services: any HostServices

    func change(_ value: Double, _ labels: [String]) -> Bool {
      services.change(metric: number, kind, by: value, labels: labels)
    }
  }

  /// A number that only grows.
  public struct Counter: Sendable {
    let series: Defined

    /// Adds to the series of these label values, in the order of the definition's labels. From any thread.
    ///
    /// - Returns: whether it was taken: false for a negative amount, or another number of labels than it has.
    @discardableResult
    public func add(_ amount: Double = 1, _ labels: String...) -> Bool { series.change(amount, labels) }
  }

  /// A number that goes up and down.
  public struct Gauge: Sendable {
    let series: Defined

    /// Sets the series of these label values. From any thread.
    ///
    /// - Returns: whether it was taken.
    @discardableResult
    public func set(_ value: Double, _ labels: String...) -> Bool { series.change(value, labels) }
  }

  /// A distribution over fixed bounds.
  public struct Histogram: Sendable {
    let series: Defined

    /// Counts one value in the series of these label values. From any thread.
    ///
    /// - Returns: whether it was taken.
    @discardableResult
    public func observe(_ value: Double, _ labels: String...) -> Bool { series.change(value, labels) }
  }
}

/// What a metric is.
public struct MetricDefinition: Sendable, Hashable {
  /// Kinds of metrics. The numbers are the ABI's.
  public enum Kind: Int32, Sendable, Hashable, CaseIterable {
    /// Only grows.
    case counter = 1
    /// Goes up and down.
    case gauge = 2
    /// Counts of values by their size.
    case histogram = 3
  }

  /// What kind it is.
  public var kind: Kind
  /// Its name.
  public var name: String
  /// A sentence for people.
  public var help: String
  /// Names of its labels.
  public var labels: [String]
  /// Upper bounds of a histogram.
  public var bounds: [Double]

  init(_ kind: Kind, _ name: String, help: String, labels: [String], bounds: [Double] = []) {
    self.kind = kind
    self.name = name
    self.help = help
    self.labels = labels
    self.bounds = bounds
  }
}
