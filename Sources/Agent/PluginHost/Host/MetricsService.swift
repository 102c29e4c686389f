import CPluginAPI
import Logging
import Synchronization

/// The metrics of one plugin that is loaded: numbers them, and bounds their number and their series. For the plugin's
/// calls in this process, and for those that come from a process of its own.
final class MetricsService: Sendable {
  /// Most metrics of a plugin.
  static let maximumMetrics = Int(CARILLON_METRICS_MAX)
  /// Most series of a metric, beside the one for what comes beyond.
  static let maximumSeries = Int(CARILLON_METRIC_SERIES_MAX)
  /// Longest value of a label, in bytes.
  static let maximumValueBytes = Int(CARILLON_METRIC_VALUE_BYTES_MAX)

  private struct State {
    /// The metric number `n` is at `n - 1`.
    var metrics: [MetricEntry] = []
    var defining = 0
    var isEnded = false
  }

  private let plugin: String
  private let sink: any PluginMetricSink
  private let log: PluginLog
  private let state = Mutex(State())

  /// Makes the service of a plugin that is about to start.
  init(plugin: String, sink: any PluginMetricSink, log: PluginLog) {
    self.plugin = plugin
    self.sink = sink
    self.log = log
  }

  /// Makes a service that shows nothing, and takes definitions at any time: for a host that does not know what is called.
  static func unshown(log: PluginLog) -> MetricsService {
    let service = MetricsService(plugin: "", sink: UnshownMetrics(), log: log)
    service.state.withLock { $0.defining = 1 }
    return service
  }

  /// Allows definitions while the body runs: the plugin's `start`, or an instance's `create`.
  func defining<Value, Failure: Error>(_ body: () throws(Failure) -> Value) throws(Failure) -> Value {
    state.withLock { $0.defining += 1 }
    defer { state.withLock { $0.defining -= 1 } }
    return try body()
  }

  /// The same for the plugin's first `start`: when it fails, there is no plugin, and its metrics end.
  func starting<Value>(_ body: () throws(PluginHostError) -> Value) throws(PluginHostError) -> Value {
    do throws(PluginHostError) { return try defining(body) } catch {
      end()
      throw error
    }
  }

  /// Defines a metric; answers its number, which the same definition has again.
  /// - Parameter kind: the ABI's number.
  /// - Throws: `.illegalState` when metrics are fixed; `.invalidDocument`, saying which rule or limit it breaks.
  func define(
    kind: Int32, name: String, help: String, labels: [String], bounds: [Double]
  ) throws(PluginHostError) -> UInt64 {
    let definition = try PluginMetricDefinition(
      plugin: plugin, kind: kind, name: name, help: help, labels: labels, bounds: bounds)
    // Under the lock to the end: two instances may define the same metric at once.
    return try state.withLock { state in
      Result { () throws(PluginHostError) in try define(definition, &state) }
    }.get()
  }

  private func define(
    _ definition: PluginMetricDefinition, _ state: inout State
  ) throws(PluginHostError) -> UInt64 {
    guard state.defining > 0, !state.isEnded else {
      throw PluginHostError(
        .illegalState,
        "the metric \(definition.name) comes too late: metrics are defined inside start and create, and then fixed")
    }
    if let index = state.metrics.firstIndex(where: { $0.definition.name == definition.name }) {
      guard state.metrics[index].definition == definition else {
        throw PluginMetricDefinition.fault(definition.name, "it was defined before, and not the same")
      }
      return UInt64(index + 1)
    }
    guard state.metrics.count < Self.maximumMetrics else {
      throw PluginMetricDefinition.fault(
        definition.name, "the plugin has \(Self.maximumMetrics) metrics already, and more are not allowed")
    }
    state.metrics.append(MetricEntry(definition, try sink.define(definition)))
    return UInt64(state.metrics.count)
  }

  /// The status that an error of `define` stands for.
  static func status(_ error: PluginHostError) -> carillon_status {
    error.code == .illegalState ? CARILLON_STALE : CARILLON_INVALID
  }

  /// Changes a metric: adds to a counter, sets a gauge, counts a value in a histogram.
  /// - Parameter kind: what the metric must be; nil when the caller has checked it.
  /// - Returns: `CARILLON_OK`, or `CARILLON_INVALID` with nothing changed.
  func change(
    metric: UInt64, value: Double, labels: [String], kind: PluginMetricDefinition.Kind? = nil
  ) -> carillon_status {
    guard let entry = entry(metric, value, labels: labels.count, kind) else { return CARILLON_INVALID }
    entry.change(value, labels.map { PlainText.oneLine($0) }, log)
    return CARILLON_OK
  }

  /// The metric, if it can be changed so.
  func entry(
    _ metric: UInt64, _ value: Double, labels: Int, _ kind: PluginMetricDefinition.Kind?
  ) -> MetricEntry? {
    let entry = state.withLock { state -> MetricEntry? in
      guard metric > 0, metric <= UInt64(state.metrics.count), !state.isEnded else { return nil }
      return state.metrics[Int(metric - 1)]
    }
    guard let entry, value.isFinite, labels == entry.definition.labels.count,
      kind == nil || kind == entry.definition.kind, value >= 0 || entry.definition.kind != .counter
    else { return nil }
    return entry
  }

  /// Changes an entry that was found with `entry`.
  func change(_ entry: MetricEntry, _ value: Double, _ labels: [String]) { entry.change(value, labels, log) }

  /// The plugin was stopped: nothing is changed any more, and what no other load of it has is shown no more.
  func end() {
    let metrics = state.withLock { state -> [MetricEntry] in
      defer { state.isEnded = true }
      return state.isEnded ? [] : state.metrics
    }
    for entry in metrics { entry.metric.end() }
  }
}

/// A metric and its series.
final class MetricEntry: Sendable {
  private struct State {
    var series: [[String]: any PluginMetricSeries] = [:]
    var isTold = false
  }

  let definition: PluginMetricDefinition
  let metric: any PluginMetric
  private let state = Mutex(State())

  init(_ definition: PluginMetricDefinition, _ metric: any PluginMetric) {
    self.definition = definition
    self.metric = metric
    // A counter without labels is there from the start, as 0: that nothing happened is worth knowing.
    if definition.labels.isEmpty, definition.kind == .counter { series([]).series.change(0) }
  }

  /// The label for which of its instances a plugin means. What follows a `#` in an instance's name is new with every
  /// change of its sink: it would begin a series each time, and leave the old one behind.
  private static let instanceLabel = "instance"

  private func shown(_ labels: [String]) -> [String] {
    guard let place = definition.labels.firstIndex(of: Self.instanceLabel), place < labels.count else { return labels }
    var shown = labels
    shown[place] = String(labels[place].prefix { $0 != "#" })
    return shown
  }

  func change(_ value: Double, _ labels: [String], _ log: PluginLog) {
    let (series, trouble) = series(shown(labels))
    series.change(value)
    guard let trouble else { return }
    log.write(
      .warning, instance: "", "the metric \(definition.name) has \(trouble); what is beyond counts as \"other\"")
  }

  /// The series of these values, and what is to be told about it, once.
  private func series(_ labels: [String]) -> (series: any PluginMetricSeries, trouble: String?) {
    state.withLock { state in
      if let series = state.series[labels] { return (series, nil) }
      let isLong = labels.contains { $0.utf8.count > MetricsService.maximumValueBytes }
      guard isLong || state.series.count >= MetricsService.maximumSeries else {
        return (make(labels, &state), nil)
      }
      defer { state.isTold = true }
      let trouble =
        isLong
        ? "a label's value of more than \(MetricsService.maximumValueBytes) bytes"
        : "more than \(MetricsService.maximumSeries) combinations of label values"
      let others = labels.map { _ in "other" }
      return (state.series[others] ?? make(others, &state), state.isTold ? nil : trouble)
    }
  }

  private func make(_ labels: [String], _ state: inout State) -> any PluginMetricSeries {
    let series = metric.series(labels)
    state.series[labels] = series
    return series
  }
}
