import ControlAPI
import ControlPlane
import EventModel
import GRPCCore
import SwiftProtobuf
import Testing

@Suite("What is shown of a plugin that runs") struct PluginFactsTests {
  private static let now = TestClock.start

  private static var webhook: PluginFacts {
    PluginFacts(
      name: "webhook", version: "1.1.0", state: .quarantined, problem: "it ended 5 times in a minute",
      sha256: "ab", abiVersion: "0.4", isolation: .process,
      process: PluginProcess(
        restarts: 5, lastExit: "signal 11 (SIGSEGV)", quarantinedUntil: now + .seconds(60), residentBytes: 4_096,
        enforced: ["seccomp"]),
      previousVersion: "1.0.0", previousSHA256: "cd",
      trial: PluginTrial(
        state: .rolledBack, version: "1.1.0", startedAt: now, endedAt: now + .seconds(9), deliveries: 40, failures: 20,
        wantedDeliveries: 200, baselineFailureRate: 0.1, reason: "it failed more often"),
      reloads: 2, reloadsLeft: 30,
      statistics: PluginStatistics(
        calls: 9, callFailures: 2, timeouts: 1, deliveries: ["delivered": 7], callP50: .nanoseconds(800),
        callP99: .milliseconds(1_500)),
      loadedAt: now)
  }

  @Test func allThatIsKnownOfItIsTold() async throws {
    try await withRig { rig in
      rig.plugins.put(Self.webhook)
      let plugin = try await rig.pluginList.getPlugin(.with { $0.name = "plugins/webhook" })
      #expect(plugin.state == .quarantined && plugin.isolation == .process && plugin.abiVersion == "0.4")
      #expect([plugin.sha256, plugin.previousVersion, plugin.previousSha256] == ["ab", "1.0.0", "cd"])
      #expect(plugin.process.restarts == 5 && plugin.process.pid == 0 && plugin.process.residentBytes == 4_096)
      #expect(plugin.process.lastExit == "signal 11 (SIGSEGV)" && plugin.process.enforced == ["seccomp"])
      #expect(plugin.process.quarantinedUntilTime.seconds == Self.now.seconds + 60)
      #expect(plugin.trial.state == .rolledBack && plugin.trial.failures == 20 && plugin.trial.deliveries == 40)
      #expect(plugin.trial.endTime.seconds == Self.now.seconds + 9 && plugin.trial.reason == "it failed more often")
      #expect(plugin.reloads == 2 && plugin.reloadsLeft == 30 && plugin.loadTime.seconds == Self.now.seconds)
      #expect(plugin.statistics.deliveries == ["delivered": 7] && plugin.statistics.timeouts == 1)
      #expect(plugin.statistics.callP50 == .init(seconds: 0, nanos: 800))
      #expect(plugin.statistics.callP99 == .init(seconds: 1, nanos: 500_000_000))
    }
  }

  @Test func whatIsNotKnownIsLeftOut() async throws {
    try await withRig { rig in
      let plugin = try await rig.pluginList.getPlugin(.with { $0.name = "plugins/webhook" })
      #expect(!plugin.hasProcess && !plugin.hasTrial && !plugin.hasStatistics && !plugin.hasReloadsLeft)
      #expect(!plugin.hasLoadTime && !plugin.hasConfiguration && plugin.isolation == .unspecified)
    }
  }

  @Test func aWatchTellsOperationsAndIsSilentAboutCounts() async throws {
    var limits = ControlPlaneLimits()
    limits.stateWatchPause = .milliseconds(5)
    limits.watchHeartbeat = .milliseconds(15)
    try await withRig(limits: limits) { rig in
      rig.plugins.put(Self.webhook)
      let told = try await rig.pluginList.watchPlugins(.init()) { response in
        var told: [Carillon_V1_Plugin] = []
        var heartbeats = 0
        for try await answer in response.messages {
          told += answer.plugins
          // All five of them, and the one that changed.
          if told.count > 5 { break }
          guard answer.plugins.isEmpty else { continue }
          heartbeats += 1
          guard heartbeats <= 3 else {
            _ = try await rig.pluginList.enablePlugin(.with { $0.name = "plugins/webhook" })
            continue
          }
          var busy = Self.webhook
          busy.statistics?.calls += Int64(heartbeats)
          busy.process?.residentBytes = Int64(heartbeats)
          rig.plugins.put(busy)
        }
        return told
      }
      let webhook = told.filter { $0.name == "plugins/webhook" }
      #expect(webhook.map(\.state) == [.quarantined, .loaded])
      #expect(webhook.allSatisfy { !$0.hasStatistics && $0.process.residentBytes == 0 })
    }
  }
}
