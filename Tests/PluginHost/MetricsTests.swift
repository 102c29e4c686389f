import EventModel
import Synchronization
import Testing

@testable import PluginHost

@Suite("A plugin's metrics")
struct MetricsTests {
  /// A registry with the counting sink.
  private static func withPlugin(
    lines: LogLines = LogLines(), _ body: (PluginRegistry, KeptMetrics, KeptCalls) async throws -> Void
  ) async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    try await Fixture.build("metrics", into: folder)
    let (metrics, calls) = (KeptMetrics(), KeptCalls())
    var services = Fixture.services(lines)
    (services.metrics, services.calls) = (metrics, calls)
    let registry = PluginRegistry(options: Fixture.options([folder]), services: services)
    try await registry.start()
    #expect(registry.problems.isEmpty, "\(registry.problems)")
    try await body(registry, metrics, calls)
    await registry.stop()
  }

  private static func deliver(_ registry: PluginRegistry, _ mode: String, name: String = "x") async throws {
    let sink = try await registry.makeSink(
      plugin: "test-metrics", name: name, configurationJSON: "{\"mode\":\"\(mode)\"}")
    try await sink.activate()
    let results = Results()
    sink.deliver([Sample.delivery(1)], completion: results.completion)
    _ = await results.wait(1)
    await sink.destroy()
  }

  @Test("Counters, gauges and histograms are shown, whatever threads of the plugin change them")
  func threads() async throws {
    try await Self.withPlugin { registry, metrics, _ in
      #expect(metrics["starts_total"] == [[]: [1]])
      try await Self.deliver(registry, "threads")
      #expect(metrics["sent_total"] == [["x"]: Array(repeating: 1, count: 40_000)])
      #expect(metrics["open"]?[["x"]]?.count == 40_000)
      let waits = metrics["wait_seconds"]?[[]] ?? []
      #expect(waits.count == 40_000 && waits.reduce(0, +) == 110_000)
      #expect(metrics.definition("wait_seconds")?.bounds == [0.1, 1])
    }
  }

  @Test("Instances that define the same metric share it; one that means something else by its name is not made")
  func shared() async throws {
    try await Self.withPlugin { registry, metrics, _ in
      try await Self.deliver(registry, "flood", name: "a")
      try await Self.deliver(registry, "fine", name: "b")
      #expect(metrics.names == ["open", "sent_total", "starts_total", "wait_seconds"])
      let error = await #expect(throws: PluginHostError.self) { try await Self.deliver(registry, "other-label") }
      #expect(error?.message.contains("the metric sent_total: it was defined before, and not the same") == true)
    }
  }

  @Test("What comes beyond the bound of series, or is too long, counts as other, and that is told once")
  func flood() async throws {
    let lines = LogLines()
    try await Self.withPlugin(lines: lines) { registry, metrics, _ in
      try await Self.deliver(registry, "flood")
      try await Self.deliver(registry, "flood")
      let sent = metrics["sent_total"] ?? [:]
      #expect(sent.count == MetricsService.maximumSeries + 1)
      #expect(sent[["other"]]?.count == 2 * (100 + 1) && sent[["who-199"]] == [1, 1] && sent[["who-200"]] == nil)
      let told = lines.all.filter { $0.contains("the metric sent_total") }
      #expect(told.count == 1 && told[0].contains("more than 200 combinations of label values"), "\(told)")
    }
  }

  @Test("After start and create the metrics are fixed")
  func late() async throws {
    try await Self.withPlugin { registry, metrics, _ in
      let error = await #expect(throws: PluginHostError.self) { try await Self.deliver(registry, "late") }
      #expect(error?.message.contains("the metric late_total comes too late") == true, "\(String(describing: error))")
      #expect(metrics["late_total"] == nil)
    }
  }

  @Test("When the plugin is stopped its metrics end")
  func ends() async throws {
    let kept = Mutex<KeptMetrics?>(nil)
    try await Self.withPlugin { registry, metrics, _ in
      try await Self.deliver(registry, "fine")
      #expect(metrics.ended == 0)
      kept.withLock { $0 = metrics }
    }
    #expect(kept.withLock { $0 }?.ended == 4)
  }

  @Test("Calls into the plugin are counted by what they answered")
  func calls() async throws {
    try await Self.withPlugin { registry, _, calls in
      try await Self.deliver(registry, "fine")
      try await Self.deliver(registry, "busy")
      _ = try? await registry.makeSink(
        plugin: "test-metrics", name: "z", configurationJSON: "{\"mode\":\"other-label\"}")
      #expect(calls.plugin == "test-metrics")
      let counts = calls.counts
      #expect(counts[.init(.create, .ok)] == 2 && counts[.init(.create, .invalid)] == 1)
      #expect(counts[.init(.deliver, .ok)] == 1 && counts[.init(.deliver, .busy)] == 1)
      #expect(counts[.init(.activate, .ok)] == 2 && counts[.init(.deactivate, .ok)] == 2)
      #expect(counts[.init(.destroy, .ok)] == 2 && calls.timeouts == 0)
    }
  }

  @Test("A call that runs over its limit is counted as such, and not as one that returned")
  func timeouts() async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    try await Fixture.build("sink", into: folder)
    let calls = KeptCalls()
    var services = Fixture.services()
    services.calls = calls
    var options = Fixture.options([folder])
    (options.callLimit, options.cancelGrace) = (.milliseconds(100), .milliseconds(50))
    let registry = PluginRegistry(options: options, services: services)
    try await registry.start()
    let sink = try await registry.makeSink(
      plugin: "test-sink", name: "x", configurationJSON: "{\"mode\":\"hang\"}")
    try await sink.activate()
    let results = Results()
    sink.deliver([Sample.delivery(1, timeLimit: .milliseconds(50))], completion: results.completion)
    _ = await results.wait(1)
    while calls.timeouts == 0 { await Task.yield() }
    #expect(calls.timeouts == 1 && calls.counts[.init(.deliver, .ok)] == nil)
    await registry.stop()
  }
}

/// Metrics as they come.
final class KeptMetrics: PluginMetricSink {
  private struct State {
    var definitions: [String: PluginMetricDefinition] = [:]
    var values: [String: [[String]: [Double]]] = [:]
    var ended = 0
  }

  private let state = Mutex(State())

  /// What every series of a metric was told, by label values; nil for one that was not defined.
  subscript(_ name: String) -> [[String]: [Double]]? {
    state.withLock { state in
      guard let values = state.values[name] else { return nil }
      // A counter without labels begins at 0.
      return values.mapValues { $0.filter { $0 != 0 } }.filter { !$0.value.isEmpty }
    }
  }

  var names: [String] { state.withLock { $0.definitions.keys.sorted() } }
  var ended: Int { state.withLock { $0.ended } }

  func definition(_ name: String) -> PluginMetricDefinition? { state.withLock { $0.definitions[name] } }

  func define(_ definition: PluginMetricDefinition) throws(PluginHostError) -> any PluginMetric {
    state.withLock { state in
      state.definitions[definition.name] = definition
      state.values[definition.name] = [:]
    }
    return Metric(owner: self, name: definition.name)
  }

  private struct Metric: PluginMetric {
    let owner: KeptMetrics
    let name: String

    func series(_ labels: [String]) -> any PluginMetricSeries { Series(owner: owner, name: name, labels: labels) }

    func end() { owner.state.withLock { $0.ended += 1 } }
  }

  private struct Series: PluginMetricSeries {
    let owner: KeptMetrics
    let name: String
    let labels: [String]

    func change(_ value: Double) {
      owner.state.withLock { $0.values[name, default: [:]][labels, default: []].append(value) }
    }
  }
}

/// Calls as they come.
final class KeptCalls: PluginCallObserver, PluginCallRecorder {
  struct Key: Hashable {
    var call: PluginCall
    var outcome: PluginCallOutcome

    init(_ call: PluginCall, _ outcome: PluginCallOutcome) {
      self.call = call
      self.outcome = outcome
    }
  }

  private struct State {
    var plugin = ""
    var counts: [Key: Int] = [:]
    var timeouts = 0
  }

  private let state = Mutex(State())

  var plugin: String { state.withLock { $0.plugin } }
  var counts: [Key: Int] { state.withLock { $0.counts } }
  var timeouts: Int { state.withLock { $0.timeouts } }

  func recorder(of plugin: String) -> any PluginCallRecorder {
    state.withLock { $0.plugin = plugin }
    return self
  }

  func returned(_ call: PluginCall, seconds: Double, _ outcome: PluginCallOutcome) {
    #expect(seconds >= 0 && seconds < 60)
    state.withLock { $0.counts[Key(call, outcome), default: 0] += 1 }
  }

  func timedOut() { state.withLock { $0.timeouts += 1 } }
}
