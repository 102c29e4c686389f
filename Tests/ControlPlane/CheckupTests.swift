import ControlAPI
import EventModel
import GRPCCore
import Store
import Testing

@testable import ControlPlane

@Suite struct CheckupTests {
  /// 2026-05-01T12:00:00Z.
  private static let now = Timestamp(seconds: 1_777_636_800)

  private func checkup(
    _ status: PipelineStatus = PipelineStatus(agent: "north", epoch: 1), plugins: [PluginFacts] = [],
    zones: String = "2026a", agents: [AgentRecord] = [], stop: StopOrder? = nil
  ) -> AgentCheckup {
    AgentCheckup(
      status: status, plugins: plugins, zoneVersion: zones, agents: agents, stop: stop, now: Self.now)
  }

  @Test("an agent that is well has one finding for each check, and no advice")
  func well() {
    let findings = checkup(plugins: [PluginFacts(name: "webhook")]).findings
    #expect(findings.map(\.check) == ["ready", "stop", "agents", "clock", "zones", "plugins", "sinks"])
    #expect(findings.allSatisfy { $0.severity == .ok && $0.advice.isEmpty && !$0.message.isEmpty })
  }

  private static let clocks: [(Int64, StoreFinding.Severity, String)] = [
    (0, .ok, "0 ms behind"), (100, .ok, "100 ms behind"), (101, .warning, "101 ms behind"),
    (-500, .warning, "500 ms ahead of"), (501, .problem, "501 ms behind"), (-7_000, .problem, "7000 ms ahead of"),
  ]

  @Test("a clock that is off is a warning, and a problem once nothing is sent", arguments: clocks)
  func clock(offset: Int64, severity: StoreFinding.Severity, words: String) throws {
    let status = PipelineStatus(agent: "north", epoch: 1, clockOffset: .milliseconds(offset))
    let found = try #require(checkup(status).findings.first { $0.check == "clock" })
    #expect(found.severity == severity && found.message.contains(words))
    #expect(found.advice.isEmpty == (severity == .ok))
  }

  private static let editions: [(String, StoreFinding.Severity)] = [
    ("2026a", .ok), ("2025c", .ok), ("2024b", .warning), ("2019a", .warning), ("files-0123456789abcdef", .warning),
  ]

  @Test("zone data of the year before last is a warning", arguments: editions)
  func zones(edition: String, severity: StoreFinding.Severity) throws {
    let found = try #require(checkup(zones: edition).findings.first { $0.check == "zones" })
    #expect(found.severity == severity && found.message.contains(edition))
  }

  @Test("what keeps events from being sent is named, with what to do")
  func troubles() {
    let status = PipelineStatus(
      agent: "north", epoch: 1, notReadyReasons: ["the lease could not be renewed"],
      troubles: [
        SinkTrouble(namespace: "default", sink: "hook", reason: "its circuit is open", heals: true),
        SinkTrouble(namespace: "default", sink: "post", reason: "the plugin refused it", heals: false),
      ])
    let lost = AgentRecord(
      name: "south", epoch: 1, leaseUntil: Self.now - .minutes(1), version: "1", startedAt: Self.now - .hours(1),
      ownedBuckets: 1, ownedEvents: 10)
    let findings = checkup(
      status, plugins: [PluginFacts(name: "odd.so", state: .refused, problem: "truncated file")], agents: [lost],
      stop: StopOrder(at: Self.now, actor: "ada", reason: "wrong text")
    ).findings
    #expect(
      findings.map(\.severity) == [.problem, .warning, .warning, .ok, .ok, .problem, .warning, .problem])
    let text = findings.map { $0.message + $0.advice }.joined(separator: "\n")
    for words in [
      "the lease could not be renewed", "ada stopped everything", "wrong text", "ctl resume-all", "lost: south",
      "odd.so is refused: truncated file", "default/hook", "default/post: the plugin refused it",
    ] {
      #expect(text.contains(words), "\(words)")
    }
  }

  @Test("a plugin that comes back by itself, or is out of use by somebody's wish, is a warning")
  func plugins() throws {
    let findings = checkup(plugins: [
      PluginFacts(name: "webhook"), PluginFacts(name: "slow", state: .disabled, problem: "it hung 3 times"),
      PluginFacts(name: "off", state: .disabled, problem: "plugins.disabled", disabledBy: .configuration),
      PluginFacts(name: "gone", state: .stopped, problem: "signal 11 (SIGSEGV)"),
      PluginFacts(
        name: "ill", state: .quarantined, problem: "it ended 5 times in a minute",
        process: PluginProcess(quarantinedUntil: Self.now + .seconds(90))),
    ]).findings.filter { $0.check == "plugins" }
    #expect(findings.map(\.severity) == [.problem, .warning, .warning, .warning])
    #expect(findings[0].message == "slow is disabled: it hung 3 times")
    #expect(findings[2].advice == "ctl plugin get gone; ctl plugin logs gone")
    #expect(findings[3].message == "ill is quarantined for 90 s: it ended 5 times in a minute")
  }

  @Test("a call answers with what the agent knows and what the store found")
  func call() async throws {
    try await withRig { rig in
      let findings = try await rig.agents.diagnose(.init()).findings
      let checks = Set(findings.map(\.check))
      #expect(checks.isSuperset(of: ["ready", "clock", "zones", "plugins", "sinks", "claims"]))
      let plugin = try #require(findings.first { $0.check == "plugins" })
      #expect(plugin.severity == .problem && plugin.message.contains("broken.so"))
      #expect(findings.allSatisfy { $0.severity != .unspecified })
    }
  }
}
