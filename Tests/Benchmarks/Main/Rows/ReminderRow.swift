import AgentHarness
import Foundation
import PluginKit0
import Recurrence

/// `rrule-100k`: the slowest answer of 100,000 random rules, sensible or not, asked whether they ever come and what
/// comes next.
@Sendable func recurrence() async throws -> Row {
  let count = 100_000
  let sample = 300
  let rules = try WildRule.read(try await oracle("wild", count))
  guard rules.count == count else { throw HarnessError(.notMeasured, "there are only \(rules.count) rules") }
  var times: [Double] = []
  var accepted = 0
  for rule in rules {
    times.append(seconds(ContinuousClock().measure { if rule.everComes { accepted += 1 } }) * 1e3)
    times.append(seconds(ContinuousClock().measure { blackHole(rule.next()) }) * 1e3)
  }
  times.sort()
  let slowest = times.last ?? .nan
  let beside = Double(try await oracle("slowest", sample).trimmingCharacters(in: .whitespacesAndNewlines)) ?? .nan
  return Row(
    id: "rrule-100k", what: "the slowest of 100,000 random rules, each checked and asked for what comes next",
    value: slowest, unit: "ms", percentiles: ["p50": percentile(times, 0.5), "p99": percentile(times, 0.99)],
    beside: .init(name: "dateutil, slowest of \(sample) daily or coarser, ms", value: beside), ratio: slowest / beside,
    target: "<= 50 ms", met: slowest <= 50, details: ["accepted rules": Double(accepted)])
}

/// What the tests' oracle says.
private func oracle(_ command: String, _ count: Int) async throws -> String {
  let script = "\(Programs.repository)/Tests/Reminder/oracle.py"
  let answer = try await Tool.run(Programs.python, [script, command, "1", "\(count)"], limit: .seconds(500))
  guard answer.exitCode == 0 else { throw HarnessError(.notMeasured, "oracle.py \(command) failed: \(answer.errors)") }
  return answer.output
}

private struct WildRule: Decodable {
  let `repeat`: String
  let start: String
  let after: String

  static func read(_ lines: String) throws -> [WildRule] {
    try lines.split(separator: "\n").map { try JSONDecoder().decode(WildRule.self, from: Data($0.utf8)) }
  }

  /// As the plugin reads a definition. Nil when the rule is refused, which is an answer too.
  private var series: RecurrenceSeries? {
    guard let repetition = try? Repetition(`repeat`) else { return nil }
    var series = RecurrenceSeries(timeOfDay: .nineOClock)
    series.start = SeriesTime(start)
    series.repetition = repetition
    return series
  }

  var everComes: Bool {
    guard let series, let repetition = series.repetition else { return false }
    return (try? repetition.everComes(in: series)) ?? false
  }

  func next() -> RecurrenceSeries.Occasion? {
    guard let series, case .local(let local) = SeriesTime(after) else { return nil }
    var steps = Steps()
    var found: RecurrenceSeries.Occasion?
    let position = RecurrenceSeries.Position(
      ClockReading(local), instant: local.seconds, includesItself: true)
    try? series.occasions(after: position, zone: FixedClock.zone, clock: FixedClock(), &steps) {
      found = $0
      return .enough
    }
    return found
  }
}
