/// Where plugins' own metrics are shown; given by whoever has the telemetry.
///
/// The host has checked what it hands over: names, kinds, values, and that neither metrics nor series grow without
/// bound.
public protocol PluginMetricSink: Sendable {
  /// Takes a metric. The same one may come again, when its plugin is loaded anew.
  /// - Throws: `.invalidDocument` when its name is taken by another.
  func define(_ definition: PluginMetricDefinition) throws(PluginHostError) -> any PluginMetric
}

/// A metric that is shown.
public protocol PluginMetric: Sendable {
  /// The series of these label values, as many as the metric has labels.
  func series(_ labels: [String]) -> any PluginMetricSeries
  /// Its plugin ended; called once. Nothing is changed afterwards.
  func end()
}

/// One series of a metric.
public protocol PluginMetricSeries: Sendable {
  /// Adds to a counter, sets a gauge, or counts one value in a histogram. From any thread, those of plugins among them:
  /// it must be quick.
  func change(_ value: Double)
}

/// Shows metrics nowhere.
public struct UnshownMetrics: PluginMetricSink, PluginMetric, PluginMetricSeries {
  /// Makes one.
  public init() {}
  /// Takes every metric.
  public func define(_ definition: PluginMetricDefinition) throws(PluginHostError) -> any PluginMetric { self }
  /// Takes every series.
  public func series(_ labels: [String]) -> any PluginMetricSeries { self }
  /// Does nothing.
  public func change(_ value: Double) {}
  /// Does nothing.
  public func end() {}
}
