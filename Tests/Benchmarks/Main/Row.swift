import AgentHarness

/// One figure, as the table and `bench/results.json` have it.
struct Row: Sendable, Codable {
  /// What stands beside the value.
  struct Beside: Sendable, Codable {
    var name: String
    var value: Double
  }

  var id: String
  var what: String
  var value: Double
  var unit: String
  /// Of the distribution that the value is taken from, in the value's unit.
  var percentiles: [String: Double]?
  var beside: Beside?
  /// The value to what stands beside it; a row says which way round.
  var ratio: Double?
  var target: String
  var met: Bool
  /// More figures of the same run, by name with the unit last.
  var details: [String: Double]?
}

/// A row that can be measured.
struct Measurement: Sendable {
  let id: String
  /// The longest it may take.
  var limit = Duration.seconds(600)
  let measure: @Sendable () async throws -> Row

  /// All rows, in the order they are run.
  static let all: [Measurement] = [
    Measurement(id: "civil-time", measure: civilTime),
    Measurement(id: "rrule-100k", measure: recurrence),
    Measurement(id: "abi-call", measure: abiCall),
    Measurement(id: "runner-rate", measure: runnerRate),
    Measurement(id: "webhook-sink", measure: webhookSink),
    Measurement(id: "start-ready", measure: startReady),
    Measurement(id: "rss", measure: residentMemory),
    Measurement(id: "steady-1k", measure: steady),
    Measurement(id: "burst-100k-sqlite", measure: burstOnSQLite),
    Measurement(id: "burst-100k", measure: burstOnPostgreSQL),
    Measurement(id: "import-1m", limit: .seconds(900), measure: importMillion),
    Measurement(id: "store-path", limit: .seconds(900), measure: storePath),
    Measurement(id: "store-held", limit: .seconds(1_800), measure: storeHeld),
    Measurement(id: "store-busy-minute", limit: .seconds(900), measure: storeBusyMinute),
    Measurement(id: "claim-growth", limit: .seconds(1_800), measure: claimGrowth),
    Measurement(id: "burst-100k-100ms", measure: burstToSlowReceiver),
    Measurement(id: "endpoint-isolation", limit: .seconds(1_200), measure: endpointIsolation),
    Measurement(id: "priority-isolation", limit: .seconds(900), measure: priorityIsolation),
    Measurement(id: "plugin-faults", limit: .seconds(2_400), measure: pluginFaults),
    Measurement(id: "recovery-100k", limit: .seconds(900), measure: recovery),
    Measurement(id: "plan-rate", measure: planRate),
    Measurement(id: "unary-p99", measure: unaryRead),
    Measurement(id: "unary-write", measure: unaryWrite),
    Measurement(id: "day-1m", limit: .seconds(3_600), measure: day),
  ]
}

/// A number of events or people, made smaller by `CARILLON_BENCH_SCALE` (0.001 to 1) to try a row out. What is measured so
/// says nothing about its target.
func scaled(_ count: Int) -> Int {
  guard let text = Programs.value(of: "CARILLON_BENCH_SCALE"), let share = Double(text), (0.001...1).contains(share)
  else { return count }
  return max(Int(Double(count) * share), 1)
}

/// Nearest-rank percentile; `share` of 0 to 1.
func percentile(_ sorted: [Double], _ share: Double) -> Double {
  guard !sorted.isEmpty else { return .nan }
  let rank = Int((Double(sorted.count) * share).rounded(.up)) - 1
  return sorted[min(max(rank, 0), sorted.count - 1)]
}

/// The middle of several runs.
func median(_ values: [Double]) -> Double { percentile(values.sorted(), 0.5) }

/// A span in seconds.
func seconds(_ duration: Duration) -> Double {
  let (seconds, attoseconds) = duration.components
  return Double(seconds) + Double(attoseconds) / 1e18
}
