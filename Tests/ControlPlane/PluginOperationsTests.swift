import ControlAPI
import ControlPlane
import EventModel
import GRPCCore
import Logging
import Store
import SwiftProtobuf
import Testing

@Suite("What is done with plugins of a running agent") struct PluginOperationsTests {
  private static let hex = String(repeating: "0a", count: 32)

  private static func audited(_ rig: Rig) async throws -> [AuditEntry] {
    try await rig.store.auditRecords(filter: AuditFilter(action: "plugin."), page: PageRequest(size: 20)).items
  }

  @Test func aFileIsLoadedAsItWasAskedForAndTheAuditSaysIt() async throws {
    try await withRig { rig in
      let plugin = try await rig.pluginList.loadPlugin(
        .with { ($0.file, $0.digest, $0.isolation) = ("ring.so", "sha256:\(Self.hex)", .inProcess) })
      #expect(plugin.name == "plugins/ring" && plugin.sha256 == Self.hex && plugin.isolation == .inProcess)
      let request = try #require(rig.operations.loads.first)
      #expect(request.digest?.hexadecimal == Self.hex && request.isolation == .inProcess)
      #expect(try await rig.pluginList.listPlugins(.init()).plugins.contains { $0.name == "plugins/ring" })
      let record = try #require(try await Self.audited(rig).first)
      #expect(record.action == "plugin.load" && record.resource == "ring" && record.before.isEmpty)
      #expect(record.after.contains(Self.hex) && record.after.contains("in-process") && !record.actor.isEmpty)

      _ = try await rig.pluginList.loadPlugin(.with { $0.file = "bell.so" })
      #expect(rig.operations.loads.last == PluginLoadRequest(file: "bell.so"))
    }
  }

  @Test func allFieldsAtFaultAreNamedAtOnce() async throws {
    try await withRig { rig in
      for file in ["", ".", "..", "a/b.so", "a\nb.so", String(repeating: "x", count: 256)] {
        try await refused(.invalidArgument, fields: ["file", "digest", "isolation"]) {
          try await rig.pluginList.loadPlugin(
            .with { ($0.file, $0.digest, $0.isolation) = (file, Self.hex, .UNRECOGNIZED(9)) })
        }
      }
      try await refused(
        .invalidArgument, fields: ["name", "file", "digest", "isolation", "trial_deliveries", "trial_time"]
      ) {
        try await rig.pluginList.reloadPlugin(
          .with {
            ($0.name, $0.file, $0.digest, $0.isolation) = ("ring", "a/b", "sha256:00", .UNRECOGNIZED(9))
            $0.trialDeliveries = 100_001
            $0.trialTime = .init(seconds: 0, nanos: 1)
          })
      }
      try await refused(.invalidArgument, fields: ["trial_time"]) {
        try await rig.pluginList.reloadPlugin(
          .with {
            $0.name = "plugins/webhook"
            $0.trialDeliveries = 0
            $0.trialTime = .init(seconds: 60)
          })
      }
      try await refused(.invalidArgument, fields: ["name", "reason"]) {
        try await rig.pluginList.disablePlugin(.with { $0.reason = String(repeating: "x", count: 501) })
      }
      #expect(rig.operations.calls.isEmpty)
      #expect(try await Self.audited(rig).isEmpty)
    }
  }

  @Test func aReloadHasATrialUnlessItIsToHaveNone() async throws {
    try await withRig { rig in
      var request = Carillon_V1_ReloadPluginRequest.with { $0.name = "plugins/webhook" }
      let plugin = try await rig.pluginList.reloadPlugin(request)
      #expect(plugin.version == "2.0.0" && plugin.previousVersion == "1.0.0" && plugin.reloads == 1)
      #expect(plugin.trial.state == .running && plugin.trial.wantedDeliveries == 200 && !plugin.trial.hasEndTime)
      #expect(plugin.trial.baselineFailureRate == 0.25)
      request.trialDeliveries = 7
      request.trialTime = .init(seconds: 90)
      request.file = "webhook-2.so"
      request.isolation = .process
      _ = try await rig.pluginList.reloadPlugin(request)
      request.trialDeliveries = 0
      request.clearTrialTime()
      #expect(try await !rig.pluginList.reloadPlugin(request).hasTrial)
      #expect(
        rig.operations.reloads == [
          PluginReloadRequest(name: "webhook"),
          PluginReloadRequest(
            name: "webhook", file: "webhook-2.so", isolation: .process,
            trial: PluginTrialSettings(deliveries: 7, duration: .seconds(90))),
          PluginReloadRequest(name: "webhook", file: "webhook-2.so", isolation: .process, trial: nil),
        ])
      let first = try #require(try await Self.audited(rig).last)
      #expect(first.action == "plugin.reload" && first.resource == "webhook")
      #expect(first.before == #"{"version":"1.0.0"}"# && first.after == #"{"version":"2.0.0"}"#)
    }
  }

  @Test func whatCannotBeDoneIsRefusedWithItsReasonAndLeavesNoRecord() async throws {
    try await withRig { rig in
      let refusal = try await refused(.failedPrecondition) {
        try await rig.pluginList.rollBackPlugin(.with { $0.name = "plugins/webhook" })
      }
      #expect(refusal.reason == "NO_PREVIOUS_VERSION" && refusal.message == "webhook was not reloaded")
      var reasons: Set<String> = []
      for reason in PluginOperationError.Reason.allCases {
        rig.operations.fail(with: PluginOperationError(.failedPrecondition(reason), reason.rawValue))
        let refusal = try await refused(.failedPrecondition) {
          try await rig.pluginList.reloadPlugin(.with { $0.name = "plugins/webhook" })
        }
        #expect(refusal.reason == reason.rawValue.uppercased().replacing("-", with: "_"))
        reasons.insert(refusal.reason)
      }
      #expect(reasons.count == PluginOperationError.Reason.allCases.count)
      rig.operations.fail(with: PluginOperationError(.unavailable, "it is being reloaded"))
      let busy = try await refused(.unavailable) {
        try await rig.pluginList.enablePlugin(.with { $0.name = "plugins/webhook" })
      }
      #expect(busy.reason == "PLUGIN_BUSY")
      rig.operations.fail(with: PluginOperationError(.notFound, "no plugin folder has this file"))
      let missing = try await refused(.notFound) { try await rig.pluginList.loadPlugin(.with { $0.file = "x.so" }) }
      #expect(missing.resource == "plugins/x.so" && missing.message == "no plugin folder has this file")
      rig.operations.fail(with: PluginOperationError(ModelError(field: "digest", "is another file's")))
      try await refused(.invalidArgument, fields: ["digest"]) {
        try await rig.pluginList.loadPlugin(.with { $0.file = "x.so" })
      }
      #expect(try await Self.audited(rig).isEmpty)
    }
  }

  @Test func aPluginIsRolledBackDisabledAndEnabledAndTheReasonIsKept() async throws {
    try await withRig { rig in
      let name = "plugins/webhook"
      _ = try await rig.pluginList.reloadPlugin(.with { $0.name = name })
      let old = try await rig.pluginList.rollBackPlugin(.with { $0.name = name })
      #expect(old.version == "1.0.0" && old.previousVersion.isEmpty)
      let off = try await rig.pluginList.disablePlugin(.with { ($0.name, $0.reason) = (name, "it rings twice") })
      #expect(off.state == .disabled && off.problem == "it rings twice")
      #expect(try await rig.pluginList.enablePlugin(.with { $0.name = name }).state == .loaded)
      let records = try await Self.audited(rig)
      #expect(
        records.map(\.action) == ["plugin.enable", "plugin.disable", "plugin.roll-back", "plugin.reload"])
      #expect(records[1].reason == "it rings twice" && records[1].after == #"{"state":"disabled"}"#)
      #expect(rig.operations.calls == ["reload", "rollBack", "disable", "enable"].map { "\($0) webhook" })
    }
  }

  @Test func whatThereIsNotIsToldWithWhatThereIs() async throws {
    try await withRig { rig in
      let list = rig.pluginList
      let calls: [@Sendable () async throws -> Void] = [
        { _ = try await list.reloadPlugin(.with { $0.name = "plugins/wobhook" }) },
        { _ = try await list.rollBackPlugin(.with { $0.name = "plugins/wobhook" }) },
        { _ = try await list.disablePlugin(.with { $0.name = "plugins/wobhook" }) },
        { _ = try await list.enablePlugin(.with { $0.name = "plugins/wobhook" }) },
        { _ = try await list.updatePlugin(.with { $0.plugin.name = "plugins/wobhook" }) },
        { _ = try await list.listPluginLogs(.with { $0.name = "plugins/wobhook" }) },
      ]
      for call in calls {
        let refusal = try await refused(.notFound, call)
        #expect(refusal.message.contains("riddle, webhook"))
      }
      #expect(rig.operations.calls.isEmpty)
    }
  }

  @Test func anEventTypeIsConfiguredAndItsSecretsStayHidden() async throws {
    try await withRig { rig in
      var request = Carillon_V1_UpdatePluginRequest()
      request.plugin.name = "plugins/birthday"
      request.plugin.configuration = ["bells": 3, "secret": "hushhush"]
      request.updateMask.paths = ["configuration"]
      let plugin = try await rig.pluginList.updatePlugin(request)
      #expect(plugin.configuration == ["bells": 3, "secret": "(hidden)"])
      #expect(rig.operations.configurations == [#"{"bells":3,"secret":"hushhush"}"#])
      let record = try #require(try await Self.audited(rig).first)
      #expect(record.action == "plugin.configure" && record.after.contains("hmac-sha256:"))
      #expect(!record.after.contains("hushhush"))

      request.plugin.configuration = ["bells": 0]
      try await refused(.invalidArgument, fields: ["plugin.configuration/bells"]) {
        try await rig.pluginList.updatePlugin(request)
      }
      // What is sent back as it was shown would replace the secret by a word.
      request.plugin.configuration = plugin.configuration
      try await refused(.invalidArgument, fields: ["plugin.configuration/secret"]) {
        try await rig.pluginList.updatePlugin(request)
      }
      request.updateMask.paths = ["configuration", "version"]
      try await refused(.invalidArgument, fields: ["update_mask"]) {
        try await rig.pluginList.updatePlugin(request)
      }
      #expect(rig.operations.configurations.count == 1)
    }
  }

  @Test func logsComeNewestFirstInPages() async throws {
    try await withRig { rig in
      rig.operations.log(
        (1...3).map { number in
          PluginLogLine(
            at: TestClock.start + .seconds(Int64(number)), level: .warning, instance: "default/partner#7",
            message: "line \(number)", fields: ["code": "\(number)"])
        })
      let first = try await rig.pluginList.listPluginLogs(.with { ($0.name, $0.pageSize) = ("plugins/webhook", 2) })
      #expect(first.lines.map(\.message) == ["line 3", "line 2"])
      #expect(first.lines[0].level == "warning" && first.lines[0].instance == "default/partner#7")
      #expect(first.lines[0].fields == ["code": "3"] && first.lines[0].time.seconds == TestClock.start.seconds + 3)
      let rest = try await rig.pluginList.listPluginLogs(
        .with { ($0.name, $0.pageToken) = ("plugins/webhook", first.nextPageToken) })
      #expect(rest.lines.map(\.message) == ["line 1"] && rest.nextPageToken.isEmpty)
      try await refused(.invalidArgument, fields: ["page_token"]) {
        try await rig.pluginList.listPluginLogs(
          .with { ($0.name, $0.pageToken) = ("plugins/birthday", first.nextPageToken) })
      }
    }
  }

  @Test func anAgentWhosePluginsStayAsTheyAreSaysSo() async throws {
    try await withRig(canOperate: false) { rig in
      let list = rig.pluginList
      let calls: [@Sendable () async throws -> Void] = [
        { _ = try await list.loadPlugin(.with { $0.file = "x.so" }) },
        { _ = try await list.disablePlugin(.with { $0.name = "plugins/webhook" }) },
        { _ = try await list.listPluginLogs(.with { $0.name = "plugins/webhook" }) },
      ]
      for call in calls {
        let refusal = try await refused(.failedPrecondition, call)
        #expect(refusal.reason == "NO_PLUGIN_OPERATIONS")
      }
    }
  }

  @Test func withoutAStoreForItsRecordNothingIsDone() async throws {
    try await withRig { rig in
      await rig.store.close()
      let refusal = try await refused(.unavailable) {
        try await rig.pluginList.disablePlugin(.with { $0.name = "plugins/webhook" })
      }
      #expect(refusal.reason == "STORE_UNAVAILABLE")
      #expect(rig.operations.calls.isEmpty)
    }
  }
}
