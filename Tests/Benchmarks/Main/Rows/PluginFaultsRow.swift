import AgentHarness
import ControlAPI

/// `plugin-faults`: 20,000 events through healthy sinks, alone and in the middle of plugins that crash on every 100th
/// delivery, spin, and leak 1 MB a call.
@Sendable func pluginFaults() async throws -> Row {
  let play = PluginFaultPlay(events: scaled(20_000), spacing: 2_500, lead: .seconds(15), limit: .seconds(600))
  // Each spins for 15 s, one after the other: for longer than the healthy ones have work.
  let faults = PluginFaultPlay.Faults(
    crashing: scaled(1_000), spinning: scaled(4), leaking: scaled(1_000), spinningAttempts: 1)
  var (alone, beside): ([PluginFaultPlay.Outcome], [PluginFaultPlay.Outcome]) = ([], [])
  // In turns, each order as often as the other but for one, so that whatever else the machine does meets both.
  for round in 0..<3 {
    for isBeside in round % 2 == 0 ? [false, true] : [true, false] {
      let outcome = try await play.run(isBeside ? faults : nil)
      if isBeside { beside.append(outcome) } else { alone.append(outcome) }
    }
  }
  let healthy = [PluginFaultPlay.receiver, FaultySink.steady.rawValue].map { HealthySink($0, alone, beside) }
  guard let worst = healthy.max(by: { $0.ratio < $1.ratio }) else {
    throw HarnessError(.notMeasured, "there is no healthy sink")
  }
  let isSound = (alone + beside).allSatisfy { isWhole($0, play) }
  var details = ["proofs_agree": isSound ? 1.0 : 0]
  for sink in healthy {
    details["\(sink.name)_alone_p99_ms"] = milliseconds(sink.alone)
    details["\(sink.name)_beside_p99_ms"] = milliseconds(sink.beside)
    details["\(sink.name)_least_ratio"] = sink.ratios.min() ?? .nan
    details["\(sink.name)_greatest_ratio"] = sink.ratios.max() ?? .nan
  }
  for name in ["crash", "spin", "leak"] {
    details["\(name)_restarts"] = Double(beside.map { $0.restarts[name] ?? 0 }.reduce(0, +))
  }
  return Row(
    id: "plugin-faults",
    what:
      "\(play.events) events, 400 a second, through a webhook and an isolated sink, beside plugins that crash, "
      + "spin and leak: due to answer, p99 of the one that suffers more; medians of \(beside.count)",
    value: milliseconds(worst.beside), unit: "ms",
    beside: .init(name: "p99 of it without them, ms", value: milliseconds(worst.alone)), ratio: worst.ratio,
    target: "ratio < 2, none lost or double", met: worst.ratio < 2 && isSound, details: details)
}

/// The p99 of a healthy sink over the rounds, in seconds.
private struct HealthySink {
  let name: String
  let alone: Double
  let beside: Double
  /// Round by round.
  let ratios: [Double]

  var ratio: Double { beside / alone }

  init(_ name: String, _ alone: [PluginFaultPlay.Outcome], _ beside: [PluginFaultPlay.Outcome]) {
    func p99(_ outcomes: [PluginFaultPlay.Outcome]) -> [Double] {
      outcomes.map { $0.sinks[name]?.settled?.p99 ?? .nan }
    }
    self.name = name
    self.alone = median(p99(alone))
    self.beside = median(p99(beside))
    ratios = zip(p99(beside), p99(alone)).map { $0 / $1 }
  }
}

/// Nothing of the healthy sinks was lost, doubled or early, and nothing of the others is left open.
private func isWhole(_ outcome: PluginFaultPlay.Outcome, _ play: PluginFaultPlay) -> Bool {
  let (received, steady) = (outcome.received, outcome.sinks[FaultySink.steady.rawValue])
  return outcome.ledger.isClean && outcome.own.lost == 0 && received.requests == play.events && received.doubled == 0
    && received.early == 0 && received.strange == 0 && steady?.outcomes == ["delivered": play.events]
    && steady?.journal?.sends == play.events && steady?.journal?.again == 0 && steady?.journal?.early == 0
    && outcome.sinks.values.allSatisfy { ($0.journal?.unexplained ?? 0) == 0 }
}
