import CPluginAPI
import Logging

extension carillon_metric_definition: SizedStructure {}

/// `carillon.host.metrics/1`
enum MetricsInterface {
  static func table(_ context: UnsafeMutableRawPointer) -> carillon_host_metrics_1 {
    carillon_host_metrics_1(
      struct_size: UInt32(MemoryLayout<carillon_host_metrics_1>.size), reserved: 0, context: context, define: define,
      add: { MetricsInterface.change($0, $1, $2, $3, $4, .counter) },
      set: { MetricsInterface.change($0, $1, $2, $3, $4, .gauge) },
      observe: { MetricsInterface.change($0, $1, $2, $3, $4, .histogram) })
  }

  private typealias Define =
    @convention(c) (
      UnsafeMutableRawPointer?, UnsafePointer<carillon_metric_definition>?, UnsafeMutablePointer<UInt64>?,
      OpaquePointer?
    ) -> carillon_status

  private static let define: Define = { context, definition, metric, collector in
    guard let host = HostContext.of(context), let definition, let metric else { return CARILLON_INVALID }
    do throws(PluginHostError) {
      metric.pointee = try define(host.metrics, carillon_metric_definition.read(definition))
      return CARILLON_OK
    } catch {
      let status = MetricsService.status(error)
      // Where the plugin does not want to know, a person may.
      if collector == nil { host.log.write(.warning, instance: "", error.message) }
      carillon_str.with(error.message) { ErrorCollector.fail(collector, status, $0) }
      return status
    }
  }

  /// Defines a metric whose texts are borrowed.
  /// - Throws: see `MetricsService.define`.
  static func define(
    _ service: MetricsService, _ definition: carillon_metric_definition
  ) throws(PluginHostError) -> UInt64 {
    let name = try text(definition.name, PluginMetricDefinition.maximumNameBytes, "name")
    guard definition.label_count <= PluginMetricDefinition.maximumLabels,
      definition.bound_count <= PluginMetricDefinition.maximumBounds,
      definition.label_count == 0 || definition.labels != nil, definition.bound_count == 0 || definition.bounds != nil
    else {
      throw PluginMetricDefinition.fault(
        name,
        "at most \(PluginMetricDefinition.maximumLabels) labels and \(PluginMetricDefinition.maximumBounds) bounds are "
          + "allowed, and none of them where their pointer is NULL")
    }
    var labels: [String] = []
    for label in UnsafeBufferPointer(start: definition.labels, count: definition.label_count) {
      labels.append(try text(label, PluginMetricDefinition.maximumNameBytes, "a label's name"))
    }
    return try service.define(
      kind: definition.kind, name: name,
      help: try text(definition.help, PluginMetricDefinition.maximumHelpBytes, "help"), labels: labels,
      bounds: Array(UnsafeBufferPointer(start: definition.bounds, count: definition.bound_count)))
  }

  private static func text(
    _ text: carillon_str, _ maximumBytes: Int, _ field: String
  ) throws(PluginHostError) -> String {
    guard text.len <= maximumBytes, let valid = String(validating: text.bytes, as: UTF8.self) else {
      throw PluginHostError(
        .invalidDocument, "a metric's definition: \(field) must be UTF-8 of at most \(maximumBytes) bytes")
    }
    return valid
  }

  private static func change(
    _ context: UnsafeMutableRawPointer?, _ metric: UInt64, _ value: Double, _ labels: UnsafePointer<carillon_str>?,
    _ count: Int, _ kind: PluginMetricDefinition.Kind
  ) -> carillon_status {
    guard let service = HostContext.of(context)?.metrics else { return CARILLON_INVALID }
    return change(service, metric, value, labels, count, kind)
  }

  /// Changes a metric by label values that are borrowed.
  /// - Parameter kind: what the metric must be; nil when the caller has checked it.
  static func change(
    _ service: MetricsService, _ metric: UInt64, _ value: Double, _ labels: UnsafePointer<carillon_str>?,
    _ count: Int, _ kind: PluginMetricDefinition.Kind?
  ) -> carillon_status {
    guard let entry = service.entry(metric, value, labels: count, kind), count == 0 || labels != nil
    else { return CARILLON_INVALID }
    var values: [String] = []
    if count > 0 {
      values.reserveCapacity(count)
      for label in UnsafeBufferPointer(start: labels, count: count) { values.append(Self.value(label)) }
    }
    service.change(entry, value, values)
    return CARILLON_OK
  }

  /// A label's value; for one that is too long another that is.
  private static func value(_ text: carillon_str) -> String {
    text.len <= MetricsService.maximumValueBytes ? PlainText.oneLine(text) : tooLong
  }

  private static let tooLong = String(repeating: "x", count: MetricsService.maximumValueBytes + 1)
}
