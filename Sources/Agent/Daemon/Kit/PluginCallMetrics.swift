import PluginHost
import Synchronization
import Telemetry

/// Counts the calls into plugins.
struct PluginCallMetrics: PluginCallObserver {
  fileprivate let calls: Counter
  fileprivate let seconds: Histogram
  fileprivate let timeouts: Counter

  init(_ registry: MetricRegistry) {
    calls = registry.counter(
      "carillon_plugin_calls_total",
      "Calls into plugins that returned, by function and what it answered: ok, invalid, busy or failed.",
      labels: ["plugin", "call", "outcome"])
    seconds = registry.histogram(
      "carillon_plugin_call_seconds", "How long a call into a plugin took; one for a whole batch.",
      labels: ["plugin", "call"], bounds: Histogram.callBounds)
    timeouts = registry.counter(
      "carillon_plugin_timeouts_total", "Calls into plugins that ran over their limit, and are not waited for.",
      labels: ["plugin"])
  }

  func recorder(of plugin: String) -> any PluginCallRecorder { PluginCallTally(plugin, self) }
}

/// Counts the calls into one plugin. It keeps the series that it has looked for, and looks for none twice.
private final class PluginCallTally: PluginCallRecorder {
  private struct Kept {
    var outcomes: [Counter.Series?] = PluginCallOutcome.allCases.map { _ in nil }
    var seconds: Histogram.Series?
  }

  private let plugin: String
  private let metrics: PluginCallMetrics
  private let kept = Mutex(PluginCall.allCases.map { _ in Kept() })

  init(_ plugin: String, _ metrics: PluginCallMetrics) {
    self.plugin = plugin
    self.metrics = metrics
  }

  func returned(_ call: PluginCall, seconds: Double, _ outcome: PluginCallOutcome) {
    let (count, duration) = kept.withLock { kept in
      if let count = kept[call.rawValue].outcomes[outcome.rawValue], let duration = kept[call.rawValue].seconds {
        return (count, duration)
      }
      let count = metrics.calls.series([plugin, "\(call)", "\(outcome)"])
      let duration = metrics.seconds.series([plugin, "\(call)"])
      kept[call.rawValue].outcomes[outcome.rawValue] = count
      kept[call.rawValue].seconds = duration
      return (count, duration)
    }
    count.add(1)
    duration.observe(seconds)
  }

  func timedOut() { metrics.timeouts.series([plugin]).add(1) }
}
