import CPluginAPI
import PluginKit0
import Synchronization
import Testing

extension CHost {
  /// A host's `define`: keeps what it was told, and refuses by name.
  static func define(
    _ definition: UnsafePointer<carillon_metric_definition>?, _ metric: UnsafeMutablePointer<UInt64>?
  ) -> carillon_status {
    guard let definition = definition?.pointee, let metric else { return CARILLON_INVALID }
    let name = text(definition.name)
    if name.hasPrefix("late") { return CARILLON_STALE }
    if name.hasPrefix("wrong") { return CARILLON_INVALID }
    let labels = UnsafeBufferPointer(start: definition.labels, count: definition.label_count).map { text($0) }
    let bounds = Array(UnsafeBufferPointer(start: definition.bounds, count: definition.bound_count))
    metric.pointee = state.withLock { state in
      state.metrics.append(
        "\(definition.struct_size) \(definition.kind) \(name) \(text(definition.help)) \(labels) \(bounds)")
      return UInt64(state.metrics.count)
    }
    return CARILLON_OK
  }

  static func change(
    _ what: String, _ metric: UInt64, _ value: Double, _ labels: UnsafePointer<carillon_str>?, _ count: Int
  ) -> carillon_status {
    let labels = UnsafeBufferPointer(start: labels, count: count).map { text($0) }
    return state.withLock { state in
      guard state.metrics.indices.contains(Int(metric) - 1), labels != ["too few"] else { return CARILLON_INVALID }
      let name = state.metrics[Int(metric) - 1].split(separator: " ")[2]
      state.changes.append("\(what) \(name) \(value) \(labels)")
      return CARILLON_OK
    }
  }
}

@Suite struct MetricsTests {
  private let table = CHost.plugin.sink

  private func create(_ name: String) -> (status: carillon_status, message: String, handle: OpaquePointer?) {
    var handle: OpaquePointer?
    let (status, contents) = collecting { collector in
      lend(name) { instance in
        lend("{\"counts\":\"\(name)\"}") { table.create(instance, $0, &handle, collector) }
      }
    }
    return (status, contents.message, handle)
  }

  @Test func metricsAreDefinedAndChanged() {
    let (status, message, handle) = create("metrics")
    #expect(status == CARILLON_OK, "\(message)")
    #expect(table.activate(handle, nil) == CARILLON_OK)
    table.destroy(handle)
    let (metrics, changes, lines) = CHost.state.withLock { ($0.metrics, $0.changes, $0.lines) }
    #expect(
      metrics.filter { $0.contains(" metrics_") } == [
        #"72 1 metrics_total Sent. ["a", "b"] []"#, "72 2 metrics_open Open. [] []",
        #"72 3 metrics_seconds Waits. ["a"] [0.5, 2.0]"#,
      ])
    #expect(
      changes.filter { $0.contains(" metrics_") } == [
        #"add metrics_total 1.0 ["x", "é"]"#, #"add metrics_total 2.0 ["", "y"]"#, "set metrics_open -3.0 []",
        #"observe metrics_seconds 0.25 ["z"]"#,
      ])
    #expect(lines.contains("2 metrics: counted: [true, true, true, true, false]"))
  }

  @Test(arguments: [("wrong", CARILLON_INVALID, "breaks a rule"), ("late", CARILLON_STALE, "too late")])
  func aMetricThatIsRefusedSaysWhichOne(name: String, status: carillon_status, why: String) {
    let answer = create(name)
    #expect(answer.status == status && answer.handle == nil)
    #expect(answer.message.contains("the metric \(name)_total") && answer.message.contains(why), "\(answer.message)")
  }

  @Test func whereThereAreNoMetricsEverythingIsTaken() throws {
    let metrics = try ProbeMetrics(Host(instanceName: "x", services: SilentServices()), "silent")
    #expect(metrics.count() == [true, true, true, true, true])
  }
}
