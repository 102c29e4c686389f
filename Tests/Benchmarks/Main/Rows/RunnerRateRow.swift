import AgentHarness
import EventModel
import Foundation
import PluginHost

/// `runner-rate`: events a second through a plugin in a process of its own, in batches of 100, and the same through the
/// same file in this process.
@Sendable func runnerRate() async throws -> Row {
  let trial = RunnerTrial(events: scaled(200_000), batch: 100)
  var (isolated, local): ([RunnerTrial.Rates], [RunnerTrial.Rates]) = ([], [])
  try await TemporaryFolder.with { folder in
    try await TinyPlugin.build(into: folder.path)
    try await TinyPlugin.buildSink(into: folder.path)
    let runner = try Programs.find().runner
    try await withPlugins(in: folder.path, isolation: IsolationOptions(standard: .process, runner: runner)) { apart in
      try await withPlugins(in: folder.path) { beside in
        let (apart, beside) = (try await RunnerTrial.Parts(apart), try await RunnerTrial.Parts(beside))
        // In turns, so that whatever else the machine does meets both.
        for round in 0..<6 {
          let (there, here) = (try await trial.run(apart), try await trial.run(beside))
          // The first one warms up.
          if round > 0 { (isolated, local) = (isolated + [there], local + [here]) }
        }
      }
    }
  }
  let (deliver, render) = (median(isolated.map(\.deliver)), median(isolated.map(\.render)))
  let value = min(deliver, render)
  let here = median(local.map { deliver <= render ? $0.deliver : $0.render })
  return Row(
    id: "runner-rate",
    what: "a C plugin in a process of its own, batches of 100, the agent's side with it: the slower of deliver with "
      + "its results, and render; medians of \(isolated.count)",
    value: value, unit: "events/s", beside: .init(name: "the same file in this process, events/s", value: here),
    ratio: value / here, target: ">= 50000 events/s", met: value >= 50_000,
    details: [
      "deliver_per_s": deliver, "render_per_s": render, "deliver_in_process_per_s": median(local.map(\.deliver)),
      "render_in_process_per_s": median(local.map(\.render)),
      "least_per_s": isolated.map { min($0.deliver, $0.render) }.min() ?? .nan,
    ])
}

private struct RunnerTrial: Sendable {
  /// Events a second.
  struct Rates: Sendable {
    var deliver: Double
    var render: Double
  }

  /// What is called.
  struct Parts: Sendable {
    let sink: SinkInstance
    let eventType: EventTypeInstance

    init(_ registry: PluginRegistry) async throws {
      guard let eventType = registry.eventType(named: "tiny") else {
        throw HarnessError(.missing, "the tiny plugin was not loaded: \(registry.problems)")
      }
      self.eventType = eventType
      sink = try await registry.makeSink(plugin: "tiny-sink", name: "bench", configurationJSON: "{}")
      try await sink.activate()
    }
  }

  let events: Int
  let batch: Int

  func run(_ parts: Parts) async throws -> Rates {
    Rates(
      deliver: try await SinkDriver(requests: events, batch: batch).run(parts.sink),
      render: try await render(parts.eventType))
  }

  /// Several batches are asked for at once, so that the plugin never waits for who asks.
  private func render(_ eventType: EventTypeInstance) async throws -> Double {
    let facts = (0..<batch).map(Self.event)
    let (askers, calls) = (4, max(1, events / batch / 4))
    let start = ContinuousClock().now
    let isWhole = await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<askers {
        group.addTask {
          for _ in 0..<calls {
            let messages = await eventType.render(facts)
            guard messages.allSatisfy({ (try? $0.get()) != nil }) else { return false }
          }
          return true
        }
      }
      return await group.allSatisfy { $0 }
    }
    guard isWhole else { throw HarnessError(.notMeasured, "the tiny plugin did not render every event") }
    return Double(askers * calls * batch) / seconds(ContinuousClock().now - start)
  }

  private static func event(_ number: Int) -> EventFacts {
    EventFacts(
      id: "evt_5v0c2_2026-05-04", namespace: "default", type: "tiny", scheduleID: "birthday-of-person-\(number)",
      occurrenceKey: "2026-05-04", timeZone: "Europe/London", user: nil, definitionJSON: #"{"at": "09:00"}"#,
      local: CivilFields(year: 2026, month: 5, day: 4, hour: 9, minute: 0, second: 0),
      due: Timestamp(seconds: 1_777_881_600))
  }
}
