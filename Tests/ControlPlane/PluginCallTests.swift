import ControlAPI
import ControlPlane
import EventModel
import GRPCCore
import Store
import SwiftProtobuf
import Testing

@Suite("How calls that change plugins are made") struct PluginCallTests {
  private static let name = "plugins/webhook"

  private static func audited(_ rig: Rig) async throws -> [String] {
    try await rig.store.auditRecords(filter: AuditFilter(action: "plugin."), page: PageRequest(size: 20)).items
      .map(\.action)
  }

  /// Each of them with a request id, or as a dry run.
  private static func calls(
    _ rig: Rig, id: String = "", dryRun: Bool = false, etag: String = ""
  ) -> [(name: String, call: @Sendable () async throws -> Carillon_V1_Plugin)] {
    let list = rig.pluginList
    return [
      (
        "load ring.so",
        {
          try await list.loadPlugin(.with { ($0.file, $0.requestID, $0.validateOnly) = ("ring.so", id + "l", dryRun) })
        }
      ),
      (
        "reload webhook",
        {
          try await list.reloadPlugin(
            .with { ($0.name, $0.requestID, $0.validateOnly, $0.etag) = (Self.name, id + "r", dryRun, etag) })
        }
      ),
      (
        "disable webhook",
        {
          try await list.disablePlugin(
            .with { ($0.name, $0.requestID, $0.validateOnly, $0.etag) = (Self.name, id + "d", dryRun, etag) })
        }
      ),
      (
        "enable webhook",
        {
          try await list.enablePlugin(
            .with { ($0.name, $0.requestID, $0.validateOnly, $0.etag) = (Self.name, id + "e", dryRun, etag) })
        }
      ),
      (
        "configure birthday",
        {
          try await list.updatePlugin(
            .with {
              $0.plugin = .with {
                ($0.name, $0.configuration, $0.etag) = ("plugins/birthday", ["bells": 3], etag)
              }
              ($0.requestID, $0.validateOnly) = (id + "c", dryRun)
            })
        }
      ),
      (
        "rollBack webhook",
        {
          try await list.rollBackPlugin(
            .with { ($0.name, $0.requestID, $0.validateOnly, $0.etag) = (Self.name, id + "b", dryRun, etag) })
        }
      ),
    ]
  }

  @Test func aRepeatedCallDoesNothingAndAnswersWhatIsThere() async throws {
    try await withRig { rig in
      let calls = Self.calls(rig, id: "r-")
      for (_, call) in calls { _ = try await call() }
      #expect(rig.operations.calls == calls.map(\.name))
      _ = try await rig.pluginList.disablePlugin(.with { ($0.name, $0.reason) = (Self.name, "since") })
      for (name, call) in calls {
        let again = try await call()
        #expect(again.name == (name.hasPrefix("load") ? "plugins/ring" : again.name))
        #expect(again.name != Self.name || again.problem == "since", "\(name): the plugin as it is now")
      }
      #expect(rig.operations.calls.count == calls.count + 1)
      #expect(try await Self.audited(rig).count == calls.count + 1)
    }
  }

  @Test func aRequestIdIsForOneRequest() async throws {
    try await withRig { rig in
      let list = rig.pluginList
      _ = try await list.disablePlugin(.with { ($0.name, $0.requestID) = (Self.name, "r-1") })
      let others: [@Sendable () async throws -> Void] = [
        { _ = try await list.disablePlugin(.with { ($0.name, $0.requestID) = ("plugins/birthday", "r-1") }) },
        // Its bytes are the same, what it asks for is not.
        { _ = try await list.enablePlugin(.with { ($0.name, $0.requestID) = (Self.name, "r-1") }) },
        { _ = try await list.loadPlugin(.with { ($0.file, $0.requestID) = ("x.so", "r-1") }) },
      ]
      for other in others {
        let refusal = try await refused(.invalidArgument, fields: ["request_id"], other)
        #expect(refusal.reason == "REQUEST_ID_REUSED")
      }
      for odd in ["a b\n", String(repeating: "x", count: 201)] {
        try await refused(.invalidArgument, fields: ["request_id"]) {
          try await list.disablePlugin(.with { ($0.name, $0.requestID) = (Self.name, odd) })
        }
      }
      #expect(rig.operations.calls == ["disable webhook"])
    }
  }

  @Test func aRequestThatFailedMayBeMadeAgain() async throws {
    try await withRig { rig in
      rig.operations.fail(with: PluginOperationError(.unavailable, "it is being reloaded"))
      let disable: @Sendable () async throws -> Carillon_V1_Plugin = {
        try await rig.pluginList.disablePlugin(.with { ($0.name, $0.requestID) = (Self.name, "r-1") })
      }
      try await refused(.unavailable) { _ = try await disable() }
      rig.operations.fail(with: nil)
      #expect(try await disable().state == .disabled)
      #expect(try await Self.audited(rig) == ["plugin.disable"])
    }
  }

  @Test func aDryRunAnswersWhatWouldBeAndChangesNothing() async throws {
    try await withRig { rig in
      _ = try await rig.pluginList.reloadPlugin(.with { $0.name = Self.name })
      let before = try await rig.pluginList.listPlugins(.init())
      let calls = Self.calls(rig, id: "r-", dryRun: true)
      for (_, call) in calls { _ = try await call() }
      // A dry run is not remembered: the same key is free for what is really done.
      for (_, call) in calls { _ = try await call() }
      let off = try await rig.pluginList.disablePlugin(
        .with { ($0.name, $0.reason, $0.validateOnly) = (Self.name, "twice", true) })
      #expect(off.state == .disabled && off.problem == "twice" && off.disabledBy == .call)
      #expect(try await rig.pluginList.listPlugins(.init()) == before)
      #expect(rig.operations.calls.dropFirst().prefix(calls.count) == calls.map { "would \($0.name)" }[...])
      #expect(try await Self.audited(rig) == ["plugin.reload"])
      try await refused(.invalidArgument, fields: ["plugin.configuration/bells"]) {
        try await rig.pluginList.updatePlugin(
          .with {
            ($0.plugin.name, $0.plugin.configuration, $0.validateOnly) = ("plugins/birthday", ["bells": 0], true)
          })
      }
    }
  }

  @Test func aChangeOnAnotherEtagIsRefused() async throws {
    try await withRig { rig in
      for var plugin in await rig.plugins.plugins() {
        plugin.etag = "e"
        rig.plugins.put(plugin)
      }
      for (name, call) in Self.calls(rig, etag: "old").dropFirst() {
        let refusal = try await refused(.aborted) { _ = try await call() }
        #expect(refusal.reason == "ETAG_MISMATCH" && refusal.resource.hasPrefix("plugins/"), "\(name)")
      }
      let changed = try await rig.pluginList.disablePlugin(.with { ($0.name, $0.etag) = (Self.name, "e") })
      #expect(changed.etag == "e+")
      #expect(try await Self.audited(rig) == ["plugin.disable"])
    }
  }

  @Test func whatLastsOnlyUntilTheAgentEndsIsTold() async throws {
    try await withRig { rig in
      rig.plugins.put(
        PluginFacts(name: "webhook", state: .disabled, disabledBy: .faults, untilRestart: ["version", "isolation"]))
      let plugin = try await rig.pluginList.getPlugin(.with { $0.name = Self.name })
      #expect(plugin.disabledBy == .faults && plugin.untilRestart == ["version", "isolation"])
    }
  }
}
