import CPluginAPI
import Testing

@testable import PluginHost

@Suite("The interface for metrics")
struct MetricsInterfaceTests {
  /// What a test varies of a definition that is right.
  private struct Definition: Sendable, CustomTestStringConvertible {
    var kind = CARILLON_METRIC_COUNTER
    var name = "a_total"
    var help = "Help."
    var labels: [String] = []
    var bounds: [Double] = []
    var size = UInt32(MemoryLayout<carillon_metric_definition>.size)

    var testDescription: String { "\(name) \(kind) \(labels) \(bounds)" }
  }

  private static func table(
    _ metrics: KeptMetrics, lines: LogLines = LogLines()
  ) throws -> (service: MetricsService, table: carillon_host_metrics_1) {
    let log = PluginLog(logger: lines.logger)
    let service = MetricsService(plugin: "a-b", sink: metrics, log: log)
    let host = HostContext.make(
      log: log, time: TimeService(instant: { _, _, _, _ in nil }, civil: { _, _ in nil }),
      secrets: SecretTable(resolver: SecretResolver(environment: { _ in nil })), tickets: TicketTable(grace: .zero),
      metrics: service
    ).pointee
    return (service, try HostInterfaceTests.table(host, CARILLON_HOST_METRICS_1, carillon_host_metrics_1.self))
  }

  private static func define(
    _ table: carillon_host_metrics_1, _ what: Definition, _ collector: OpaquePointer? = nil
  ) -> (status: carillon_status, metric: UInt64) {
    var metric: UInt64 = 0
    let status = Lent.with(what.labels) { labels in
      carillon_str.with(what.name) { name in
        carillon_str.with(what.help) { help in
          what.bounds.withUnsafeBufferPointer { bounds in
            var definition = carillon_metric_definition(
              struct_size: what.size, kind: what.kind, name: name, help: help, labels: labels.baseAddress,
              label_count: labels.count, bounds: bounds.baseAddress, bound_count: bounds.count)
            return table.define(table.context, &definition, &metric, collector)
          }
        }
      }
    }
    return (status, metric)
  }

  private static let wrong: [(Definition, String)] = [
    (Definition(name: ""), "1 to 63 lower-case letters"), (Definition(name: "1a_total"), "no digit first"),
    (Definition(name: "A_total"), "lower-case"), (Definition(name: "a-b_total"), "lower-case"),
    (Definition(name: "é_total"), "lower-case"),
    (Definition(name: String(repeating: "a", count: 58) + "_total"), "at most 63 bytes"),
    (Definition(name: "a"), "must end in _total"), (Definition(kind: CARILLON_METRIC_GAUGE), "no other's"),
    (Definition(kind: CARILLON_METRIC_GAUGE, name: "a_sum"), "must not end in _sum"),
    (Definition(kind: CARILLON_METRIC_GAUGE, name: "a_count"), "must not end in _count"),
    (Definition(kind: CARILLON_METRIC_GAUGE, name: "a_bucket"), "must not end in _bucket"),
    (Definition(kind: 0), "kind is 0"), (Definition(kind: 4), "kind is 4"), (Definition(help: ""), "help has 0 bytes"),
    (Definition(help: String(repeating: "h", count: 257)), "at most 256 bytes"),
    (Definition(labels: ["le"]), "not le"), (Definition(labels: ["__a"]), "no __ first"),
    (Definition(labels: ["a", "a"]), "the same name"), (Definition(labels: ["a", ""]), "label's name"),
    (Definition(labels: ["a", "b", "c", "d", "e"]), "at most 4 labels"),
    (Definition(bounds: [1]), "only a histogram has bounds"),
    (Definition(kind: CARILLON_METRIC_HISTOGRAM, name: "a_seconds"), "1 to 32 bounds, not 0"),
    (Definition(kind: CARILLON_METRIC_HISTOGRAM, name: "a_seconds", bounds: [1, 1]), "rising"),
    (Definition(kind: CARILLON_METRIC_HISTOGRAM, name: "a_seconds", bounds: [1, .infinity]), "finite"),
    (Definition(kind: CARILLON_METRIC_HISTOGRAM, name: "a_seconds", bounds: [.nan]), "finite"),
    (
      Definition(kind: CARILLON_METRIC_HISTOGRAM, name: "a_seconds", bounds: (0...32).map(Double.init)),
      "32 bounds"
    ),
    // A structure of which only the beginning is there: the rest counts as zero.
    (Definition(size: 8), "a metric's name must be"),
  ]

  @Test("A definition that breaks a rule is refused, and told which", arguments: wrong.indices)
  func faults(index: Int) throws {
    let (definition, why) = Self.wrong[index]
    let metrics = KeptMetrics()
    let (service, table) = try Self.table(metrics)
    let error = #expect(throws: PluginHostError.self) {
      try ErrorCollector.check("a-b", "create") { collector in
        service.defining { Self.define(table, definition, collector).status }
      }
    }
    #expect(error?.code == .refused && error?.message.contains(why) == true, "\(String(describing: error))")
    #expect(metrics.names.isEmpty)
  }

  @Test("Without a collector the reason goes to the log")
  func faultsWithoutCollector() throws {
    let lines = LogLines()
    let (service, table) = try Self.table(KeptMetrics(), lines: lines)
    let status = service.defining { Self.define(table, Definition(kind: 9)).status }
    #expect(status == CARILLON_INVALID)
    #expect(lines.all == ["warning the metric a_total: kind is 9, and must be 1 (counter), 2 (gauge) or 3 (histogram)"])
  }

  @Test("What is not there is refused: no definition, no place for the number, counts without a pointer")
  func nothing() throws {
    let (service, table) = try Self.table(KeptMetrics())
    var (metric, definition) = (UInt64(0), carillon_metric_definition())
    service.defining {
      #expect(table.define(table.context, nil, &metric, nil) == CARILLON_INVALID)
      #expect(table.define(table.context, &definition, nil, nil) == CARILLON_INVALID)
      carillon_str.with("a_total") { text in
        definition = carillon_metric_definition()
        (definition.name, definition.help, definition.kind) = (text, text, CARILLON_METRIC_COUNTER)
        (definition.struct_size, definition.label_count) = (carillon_metric_definition.fullSize, 1)
        #expect(table.define(table.context, &definition, &metric, nil) == CARILLON_INVALID)
        (definition.label_count, definition.bound_count) = (0, .max)
        #expect(table.define(table.context, &definition, &metric, nil) == CARILLON_INVALID)
        definition.bound_count = 0
        #expect(table.define(table.context, &definition, &metric, nil) == CARILLON_OK && metric == 1)
      }
    }
    #expect(table.add(table.context, metric, 1, nil, 1) == CARILLON_INVALID)
  }

  @Test("A plugin has a bounded number of metrics, numbered from 1, and the same one again has the same number")
  func numbers() throws {
    let (service, table) = try Self.table(KeptMetrics())
    service.defining {
      for number in 1...MetricsService.maximumMetrics {
        #expect(Self.define(table, Definition(name: "a\(number)_total")) == (CARILLON_OK, UInt64(number)))
      }
      #expect(Self.define(table, Definition(name: "b_total")).status == CARILLON_INVALID)
      #expect(Self.define(table, Definition(name: "a7_total")) == (CARILLON_OK, 7))
      #expect(Self.define(table, Definition(name: "a7_total", help: "Other.")).status == CARILLON_INVALID)
    }
    #expect(Self.define(table, Definition(name: "a7_total")).status == CARILLON_STALE)
    service.end()
    let status = service.defining { Self.define(table, Definition(name: "a7_total")).status }
    #expect(status == CARILLON_STALE)
    #expect(table.add(table.context, 7, 1, nil, 0) == CARILLON_INVALID)
  }

  @Test("Each kind has its own call, and its own values")
  func changes() throws {
    let metrics = KeptMetrics()
    let (service, table) = try Self.table(metrics)
    let (counter, gauge, histogram) = service.defining {
      (
        Self.define(table, Definition(labels: ["a", "b"])).metric,
        Self.define(table, Definition(kind: CARILLON_METRIC_GAUGE, name: "g")).metric,
        Self.define(table, Definition(kind: CARILLON_METRIC_HISTOGRAM, name: "h", bounds: [1])).metric
      )
    }
    typealias Change =
      (UnsafeMutableRawPointer?, UInt64, Double, UnsafePointer<carillon_str>?, Int) -> carillon_status
    func call(_ change: Change, _ metric: UInt64, _ value: Double, _ labels: [String] = []) -> carillon_status {
      Lent.with(labels) { change(table.context, metric, value, $0.baseAddress, $0.count) }
    }
    #expect(call(table.add, counter, 1.5, ["x\ny", ""]) == CARILLON_OK)
    #expect(call(table.set, gauge, -2) == CARILLON_OK && call(table.observe, histogram, -3) == CARILLON_OK)
    #expect(metrics["a_total"] == [["x y", ""]: [1.5]] && metrics["g"] == [[]: [-2]] && metrics["h"] == [[]: [-3]])
    for (change, metric, value, labels) in [
      (table.add, counter, -1, ["x", "y"]), (table.add, counter, .nan, ["x", "y"]), (table.add, counter, 1, ["x"]),
      (table.add, counter, 1, []), (table.add, counter, 1, ["x", "y", "z"]), (table.set, counter, 1, ["x", "y"]),
      (table.observe, counter, 1, ["x", "y"]), (table.add, gauge, 1, []), (table.set, gauge, .infinity, []),
      (table.set, histogram, 1, []), (table.observe, histogram, .nan, []), (table.observe, gauge, 1, []),
      (table.add, 0, 1, []), (table.add, 4, 1, []), (table.add, .max, 1, []),
    ] as [(Change, UInt64, Double, [String])] {
      #expect(call(change, metric, value, labels) == CARILLON_INVALID, "\(metric) \(value) \(labels)")
    }
    #expect(metrics["a_total"] == [["x y", ""]: [1.5]] && metrics["g"] == [[]: [-2]] && metrics["h"] == [[]: [-3]])
  }

  @Test("An instance keeps its series when its sink is changed")
  func instances() throws {
    let metrics = KeptMetrics()
    let (service, table) = try Self.table(metrics)
    let metric = service.defining { Self.define(table, Definition(labels: ["a", "instance"])).metric }
    for name in ["default/mail#2", "default/mail#3", "default/mail#3.1", "default/mail"] {
      let status = Lent.with(["x#y", name]) { table.add(table.context, metric, 1, $0.baseAddress, $0.count) }
      #expect(status == CARILLON_OK)
    }
    #expect(metrics["a_total"] == [["x#y", "default/mail"]: [1, 1, 1, 1]])
  }

  @Test("Bytes that are no UTF-8 are mended in a value; one that is too long then counts as other")
  func malformedValues() throws {
    let metrics = KeptMetrics()
    let (service, table) = try Self.table(metrics)
    let metric = service.defining { Self.define(table, Definition(labels: ["a"])).metric }
    for count in [2, 100, 100_000] {
      let bytes = [CChar](repeating: -2, count: count)
      bytes.withUnsafeBufferPointer { bytes in
        var label = carillon_str(ptr: bytes.baseAddress, len: bytes.count)
        #expect(table.add(table.context, metric, 1, &label, 1) == CARILLON_OK)
      }
    }
    #expect(metrics["a_total"] == [["\u{fffd}\u{fffd}"]: [1], ["other"]: [1, 1]])
  }

  @Test("A metric's full name is one that Prometheus takes")
  func fullName() throws {
    let definition = try PluginMetricDefinition(
      plugin: "my-own-pager", kind: CARILLON_METRIC_COUNTER, name: "sent_total", help: "a\nb")
    #expect(definition.fullName == "carillon_plugin_my_own_pager_sent_total" && definition.help == "a b")
  }
}

/// Lends several texts to a C call.
private enum Lent {
  static func with<Result>(_ texts: [String], _ body: (UnsafeBufferPointer<carillon_str>) -> Result) -> Result {
    lend(texts[...], [], body)
  }

  private static func lend<Result>(
    _ texts: ArraySlice<String>, _ lent: [carillon_str], _ body: (UnsafeBufferPointer<carillon_str>) -> Result
  ) -> Result {
    guard let first = texts.first else { return lent.withUnsafeBufferPointer(body) }
    return carillon_str.with(first) { lend(texts.dropFirst(), lent + [$0], body) }
  }
}
