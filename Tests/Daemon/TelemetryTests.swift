import Foundation
import Synchronization
import Testing

@testable import Telemetry

@Suite("Telemetry")
struct TelemetryTests {
  /// Reads the text with the parser of Prometheus's own Python client, as a scraper would.
  @Test func aRealPrometheusParserAcceptsTheText() async throws {
    let registry = MetricRegistry()
    let counter = registry.counter(
      "carillon_sent_total", "Sends with a \"quote\" and a \\ in\nthe help.", labels: ["sink"])
    counter.add(3, "a\"b\\c\nd")
    counter.add(2, "plain")
    let gauge = registry.gauge("carillon_depth", "Depth.", labels: ["queue"])
    registry.collect { gauge.set(7, "critical") }
    let histogram = registry.histogram("carillon_late_seconds", "Lateness.", labels: ["queue"], bounds: [0.1, 1])
    for value in [0.05, 0.5, 5] { histogram.observe(value, "low") }

    let script = """
      import sys
      from prometheus_client.parser import text_string_to_metric_families
      for family in text_string_to_metric_families(sys.stdin.read()):
        for sample in sorted(family.samples, key=lambda s: (s.name, sorted(s.labels.items()))):
          print(family.type, sample.name, sorted(sample.labels.items()), float(sample.value))
      """
    let output = try await python(script, input: await registry.text())
    #expect(output.contains(#"counter carillon_sent_total [('sink', 'a"b\\c\nd')] 3.0"#))
    #expect(output.contains("counter carillon_sent_total [('sink', 'plain')] 2.0"))
    #expect(output.contains("gauge carillon_depth [('queue', 'critical')] 7.0"))
    #expect(output.contains("histogram carillon_late_seconds_bucket [('le', '0.1'), ('queue', 'low')] 1.0"))
    #expect(output.contains("histogram carillon_late_seconds_bucket [('le', '1'), ('queue', 'low')] 2.0"))
    #expect(output.contains("histogram carillon_late_seconds_bucket [('le', '+Inf'), ('queue', 'low')] 3.0"))
    #expect(output.contains("histogram carillon_late_seconds_sum [('queue', 'low')] 5.55"))
    #expect(output.contains("histogram carillon_late_seconds_count [('queue', 'low')] 3.0"))
  }

  @Test func aFamilyNeverGrowsPastItsBound() async {
    let registry = MetricRegistry()
    let counter = registry.counter("carillon_x_total", "X.", labels: ["who"])
    for index in 0..<(MetricRegistry.maximumSeries + 50) { counter.add(1, "w\(index)") }
    let lines = await registry.text().split(separator: "\n").filter { !$0.hasPrefix("#") }
    #expect(lines.count == MetricRegistry.maximumSeries + 1)
    #expect(lines.contains(#"carillon_x_total{who="other"} 50"#))
  }

  @Test(arguments: [
    ("plain", "plain"), ("two words", "\"two words\""), ("", "\"\""),
    ("a\nlevel=error msg=forged", #""a\nlevel=error msg=forged""#),
    ("esc\u{1b}[31m", #""esc\u001b[31m""#), ("q\"q", #""q\"q""#), ("ü", "ü"),
  ])
  func nothingFromOutsideCanForgeALogLine(value: String, expected: String) {
    #expect(LogLine.logfmt([("msg", value)]) == "msg=" + expected)
  }

  @Test func jsonLinesAreJSON() throws {
    let line = LogLine.json([("msg", "a\"b\\c\n\u{7}\u{2028}"), ("k", "v")])
    let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String]
    #expect(object == ["msg": "a\"b\\c\n\u{7}\u{2028}", "k": "v"])
    #expect(!line.contains("\n"))
  }

  @Test func readinessNamesWhatFails() {
    let isStarted = Mutex(false)
    let board = Readiness()
    board.add("store") { isStarted.withLock { $0 } ? nil : "starting" }
    board.add("plugins") { nil }
    #expect(board.failures == ["store: starting"])
    isStarted.withLock { $0 = true }
    #expect(board.failures.isEmpty)
  }
}

private func python(_ script: String, input: String) async throws -> String {
  let program = ProcessInfo.processInfo.environment["CARILLON_PYTHON"] ?? "python3"
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  process.arguments = [program, "-c", script]
  let stdin = Pipe()
  let stdout = Pipe()
  process.standardInput = stdin
  process.standardOutput = stdout
  try process.run()
  stdin.fileHandleForWriting.write(Data(input.utf8))
  try stdin.fileHandleForWriting.close()
  let data = try stdout.fileHandleForReading.readToEnd() ?? Data()
  process.waitUntilExit()
  try #require(process.terminationStatus == 0)
  return String(decoding: data, as: UTF8.self)
}
