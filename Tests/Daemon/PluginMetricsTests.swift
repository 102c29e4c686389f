import EventModel
import Foundation
import Logging
import PluginHost
import Telemetry
import Testing

@testable import Daemon

@Suite("Plugins' metrics among the agent's")
struct PluginMetricsTests {
  /// Makes a definition as the host would.
  private static func definition(
    _ plugin: String, _ kind: PluginMetricDefinition.Kind, _ name: String, labels: [String] = [],
    bounds: [Double] = []
  ) throws -> PluginMetricDefinition {
    try PluginMetricDefinition(
      plugin: plugin, kind: kind.rawValue, name: name, help: "Help of \(name).", labels: labels, bounds: bounds)
  }

  private static func lines(_ registry: MetricRegistry) async -> [String] {
    await registry.text().split(separator: "\n").map(String.init)
  }

  @Test("Each kind is shown under the plugin's name")
  func kinds() async throws {
    let registry = MetricRegistry()
    let shown = ShownPluginMetrics(registry)
    let sent = try shown.define(try Self.definition("my-pager", .counter, "sent_total", labels: ["channel"]))
    sent.series(["ops"]).change(1)
    sent.series(["ops"]).change(2)
    let open = try shown.define(try Self.definition("my-pager", .gauge, "open"))
    open.series([]).change(3)
    open.series([]).change(-1)
    let wait = try shown.define(try Self.definition("my-pager", .histogram, "wait_seconds", bounds: [0.5, 2]))
    for value in [0.5, 1, 5] { wait.series([]).change(value) }
    #expect(
      await Self.lines(registry) == [
        "# HELP carillon_plugin_my_pager_sent_total Help of sent_total.",
        "# TYPE carillon_plugin_my_pager_sent_total counter",
        #"carillon_plugin_my_pager_sent_total{channel="ops"} 3"#,
        "# HELP carillon_plugin_my_pager_open Help of open.", "# TYPE carillon_plugin_my_pager_open gauge",
        "carillon_plugin_my_pager_open -1",
        "# HELP carillon_plugin_my_pager_wait_seconds Help of wait_seconds.",
        "# TYPE carillon_plugin_my_pager_wait_seconds histogram",
        #"carillon_plugin_my_pager_wait_seconds_bucket{le="0.5"} 1"#,
        #"carillon_plugin_my_pager_wait_seconds_bucket{le="2"} 2"#,
        #"carillon_plugin_my_pager_wait_seconds_bucket{le="+Inf"} 3"#, "carillon_plugin_my_pager_wait_seconds_sum 6.5",
        "carillon_plugin_my_pager_wait_seconds_count 3",
      ])
  }

  @Test("A new version of a plugin goes on where the old one was, and what no version has is shown no more")
  func reloaded() async throws {
    let registry = MetricRegistry()
    let shown = ShownPluginMetrics(registry)
    let definition = try Self.definition("p", .counter, "sent_total")
    let old = try shown.define(definition)
    old.series([]).change(5)
    let new = try shown.define(definition)
    new.series([]).change(1)
    old.end()
    #expect(await Self.lines(registry).last == "carillon_plugin_p_sent_total 6")
    new.end()
    #expect(await registry.text().isEmpty)
  }

  @Test("A version that means something else by a name has it from then on; the old one's numbers go nowhere")
  func changed() async throws {
    let registry = MetricRegistry()
    let shown = ShownPluginMetrics(registry)
    let old = try shown.define(try Self.definition("p", .counter, "sent_total"))
    let new = try shown.define(try Self.definition("p", .counter, "sent_total", labels: ["to"]))
    old.series([]).change(7)
    new.series(["x"]).change(1)
    old.end()
    let lines = await Self.lines(registry)
    #expect(lines.count == 3 && lines.last == #"carillon_plugin_p_sent_total{to="x"} 1"#)
  }

  @Test("A name that is the agent's, or another plugin's, is refused")
  func taken() async throws {
    let registry = MetricRegistry()
    _ = PluginCallMetrics(registry)
    let shown = ShownPluginMetrics(registry)
    _ = try shown.define(try Self.definition("a-b", .counter, "sent_total"))
    for definition in [
      try Self.definition("call", .gauge, "seconds"), try Self.definition("a", .counter, "b_sent_total"),
    ] {
      let error = #expect(throws: PluginHostError.self) { try shown.define(definition) }
      #expect(error?.message.contains("is the name of another metric already") == true)
    }
  }

  @Test("Calls are counted by plugin, function and answer, and timed")
  func calls() async throws {
    let registry = MetricRegistry()
    let calls = PluginCallMetrics(registry).recorder(of: "webhook")
    for seconds in [0.0004, 0.002] { calls.returned(.deliver, seconds: seconds, .ok) }
    calls.returned(.deliver, seconds: 0.1, .busy)
    calls.timedOut()
    let lines = await Self.lines(registry)
    for line in [
      #"carillon_plugin_calls_total{plugin="webhook",call="deliver",outcome="ok"} 2"#,
      #"carillon_plugin_calls_total{plugin="webhook",call="deliver",outcome="busy"} 1"#,
      #"carillon_plugin_call_seconds_bucket{plugin="webhook",call="deliver",le="0.0005"} 1"#,
      #"carillon_plugin_call_seconds_count{plugin="webhook",call="deliver"} 3"#,
      #"carillon_plugin_timeouts_total{plugin="webhook"} 1"#,
    ] {
      #expect(lines.contains(line), "\(line)")
    }
  }
}
