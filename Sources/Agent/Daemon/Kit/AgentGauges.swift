import EventModel
import Glibc
import Pipeline
import PluginHost
import Store
import Telemetry

/// Gauges that are read elsewhere at every scrape.
struct AgentGauges: Sendable {
  private let due: Gauge
  private let open: Gauge
  private let oldest: Gauge
  private let loaded: Gauge
  private let inFlight: Gauge
  private let unrecorded: Gauge
  private let clockOffset: Gauge
  private let plugins: Gauge
  private let memory: Gauge
  private let sinks: SinkGauges

  init(_ registry: MetricRegistry) {
    due = registry.gauge("carillon_queue_due_events", "Events due by now and not closed, by bucket.", labels: ["queue"])
    open = registry.gauge("carillon_queue_open_events", "Events planned and not closed, by bucket.", labels: ["queue"])
    oldest = registry.gauge(
      "carillon_queue_oldest_due_seconds", "Age of the oldest open bucket that is due; 0 when none is.",
      labels: ["queue"])
    loaded = registry.gauge("carillon_loaded_events", "Events in memory without a closing outcome.")
    inFlight = registry.gauge("carillon_sends_in_flight", "Sends under way: started, no receipt yet.")
    unrecorded = registry.gauge("carillon_unrecorded_outcomes", "Outcomes that wait for the store.")
    clockOffset = registry.gauge(
      "carillon_clock_offset_seconds", "How far the store's clock is ahead of this machine's.")
    plugins = registry.gauge("carillon_plugins", "Plugins found, by what became of them.", labels: ["state"])
    memory = registry.gauge("process_resident_memory_bytes", "Resident memory of the agent.")
    sinks = SinkGauges(registry)
  }

  /// Reads everything anew.
  func collect(depths reader: DepthReader, pipeline: Pipeline, registry: PluginRegistry) async {
    let status = pipeline.status
    loaded.set(Double(status.loaded))
    inFlight.set(Double(status.inFlight))
    unrecorded.set(Double(status.unrecorded))
    clockOffset.set(status.clockOffset.inSeconds)
    sinks.set(status.sinks)
    plugins.set(Double(registry.plugins.count), "loaded")
    plugins.set(Double(registry.problems.count), "refused")
    if let bytes = Self.residentBytes() { memory.set(Double(bytes)) }
    let now = pipeline.now
    // Without the store these three keep their last values.
    guard let depths = await reader.depths(now: now) else { return }
    for gauge in [due, open, oldest] { gauge.reset() }
    for depth in depths {
      due.set(Double(depth.due), depth.queue)
      open.set(Double(depth.open), depth.queue)
      oldest.set(depth.oldestDue.map { max((now - $0).inSeconds, 0) } ?? 0, depth.queue)
    }
  }

  /// The second number of /proc/self/statm, in pages (proc(5)).
  private static func residentBytes() -> Int? {
    guard let file = fopen("/proc/self/statm", "r") else { return nil }
    defer { fclose(file) }
    var buffer = [CChar](repeating: 0, count: 256)
    guard fgets(&buffer, Int32(buffer.count), file) != nil else { return nil }
    let text = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let fields = text.split(separator: " ")
    guard fields.count > 1, let pages = Int(fields[1]) else { return nil }
    return pages * sysconf(Int32(_SC_PAGESIZE))
  }
}

/// Gauges of the sinks.
private struct SinkGauges: Sendable {
  private let inFlight: Gauge
  private let waiting: Gauge
  private let slow: Gauge
  private let openEndpoints: Gauge
  private let goneEndpoints: Gauge
  private let disabled: Gauge

  init(_ registry: MetricRegistry) {
    let labels = ["namespace", "sink"]
    inFlight = registry.gauge("carillon_sink_sends_in_flight", "Sends under way to a sink.", labels: labels)
    waiting = registry.gauge("carillon_sink_waiting_deliveries", "Deliveries that wait for a sink.", labels: labels)
    slow = registry.gauge("carillon_sink_slow_sends", "Sends under way for over a second.", labels: labels)
    openEndpoints = registry.gauge(
      "carillon_sink_open_endpoints", "Endpoints whose circuit is not closed.", labels: labels)
    goneEndpoints = registry.gauge(
      "carillon_sink_gone_endpoints", "Users whose address was given up.", labels: labels)
    disabled = registry.gauge("carillon_sink_disabled", "1 when nothing is sent to a sink.", labels: labels)
  }

  func set(_ sinks: [PipelineStatus.SinkStatus]) {
    for gauge in [inFlight, waiting, slow, openEndpoints, goneEndpoints, disabled] { gauge.reset() }
    for sink in sinks {
      let values: [(Gauge, Int)] = [
        (inFlight, sink.inFlight), (waiting, sink.waiting), (slow, sink.slow), (openEndpoints, sink.openEndpoints),
        (goneEndpoints, sink.goneEndpoints), (disabled, sink.disabledReason == nil ? 0 : 1),
      ]
      for (gauge, value) in values { gauge.set(Double(value), sink.namespace, sink.name) }
    }
  }
}
