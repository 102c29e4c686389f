import AgentHarness
import EventModel
import Foundation
import Logging
@_spi(Measurement) import PluginHost

/// `abi-call`: what the boundary costs an event in a batch of 100, the copies on both sides included. Of both sides the
/// fastest tenth of the rounds is taken: a virtual processor has half the speed while somebody else's computes on the
/// other thread of its core, and which rounds that meets is chance. The medians are among the details.
@Sendable func abiCall() async throws -> Row {
  let (turns, rounds) = (50, 400)
  let events = (0..<100).map(event)
  let (calls, directly, whole) = try await TemporaryFolder.with { folder in
    try await TinyPlugin.build(into: folder.path)
    return try await withPlugins(in: folder.path) { registry in
      guard let instance = registry.eventType(named: "tiny") else {
        throw HarnessError(.missing, "the tiny plugin was not loaded: \(registry.problems)")
      }
      try check(await instance.render(events), events)
      var (calls, direct, whole): ([Double], [Double], [Double]) = ([], [], [])
      // In turns, so that whatever else the machine does meets all.
      for _ in 0..<turns {
        calls += try await instance.measureRender(events, rounds: rounds).map(Double.init)
        direct += (0..<rounds).map { _ in nanoseconds { blackHole(renderDirectly(events)) } }
        let start = ContinuousClock().now
        for _ in 0..<rounds / 10 { blackHole(await instance.render(events)) }
        whole.append(seconds(ContinuousClock().now - start) * 1e9 / Double(rounds / 10))
      }
      return (calls, direct, median(whole))
    }
  }
  let count = Double(events.count)
  let (call, direct) = (percentile(calls.sorted(), 0.1), percentile(directly.sorted(), 0.1))
  let value = (call - direct) / count
  return Row(
    id: "abi-call", what: "an event rendered by a C plugin in a batch of 100: structures, call and copies",
    value: value, unit: "ns over a direct call", beside: .init(name: "direct call in Swift, ns", value: direct / count),
    ratio: call / direct, target: "<= 200 ns", met: value <= 200,
    details: [
      "median_call_ns": median(calls) / count, "median_direct_call_ns": median(directly) / count,
      "call_with_thread_change_ns": whole / count,
    ])
}

private func nanoseconds(_ body: () -> Void) -> Double { seconds(ContinuousClock().measure(body)) * 1e9 }

private func check(_ messages: [Result<Message, PluginHostError>], _ events: [EventFacts]) throws {
  for (message, event) in zip(messages, events) {
    guard case .success(let message) = message, message.title == event.scheduleID,
      message.text == event.definitionJSON
    else { throw HarnessError(.notMeasured, "the tiny plugin answers something else: \(message)") }
  }
}

private func event(_ number: Int) -> EventFacts {
  EventFacts(
    id: "evt_5v0c2_2026-05-04", namespace: "default", type: "tiny", scheduleID: "birthday-of-person-\(number)",
    occurrenceKey: "2026-05-04", timeZone: "Europe/London", user: nil, definitionJSON: #"{"at": "09:00"}"#,
    local: CivilFields(year: 2026, month: 5, day: 4, hour: 9, minute: 0, second: 0),
    due: Timestamp(seconds: 1_777_881_600))
}

@inline(never)
private func renderDirectly(_ events: [EventFacts]) -> [Result<Message, PluginHostError>] {
  events.map { .success(Message(title: $0.scheduleID, text: $0.definitionJSON)) }
}

/// Starts a plugin host on one folder, and stops it.
/// - Parameter isolation: where its plugins run; as usual in this process.
func withPlugins<Result: Sendable>(
  in folder: String, isolation: IsolationOptions = IsolationOptions(),
  _ body: (PluginRegistry) async throws -> Result
) async throws -> Result {
  var logger = Logger(label: "bench")
  logger.logLevel = .critical
  let time = TimeService(instant: { _, _, _, _ in nil }, civil: { _, _ in nil })
  let registry = PluginRegistry(
    options: PluginHostOptions(folders: [folder], allowsUnsafeFiles: true, isolation: isolation),
    services: HostServices(logger: logger, time: time))
  try await registry.start()
  do {
    let result = try await body(registry)
    await registry.stop()
    return result
  } catch {
    await registry.stop()
    throw error
  }
}
