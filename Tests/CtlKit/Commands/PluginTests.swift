import ControlAPI
import SwiftProtobuf
import Testing

@testable import CtlKit

@Suite("Plugins of a running agent")
struct PluginTests {
  private static let ring = Carillon_V1_Plugin.with {
    ($0.name, $0.version, $0.state, $0.isolation) = ("plugins/ring", "1.0.0", .loaded, .process)
    $0.sha256 = String(repeating: "0123456789abcdef", count: 4)
  }

  private static func serve(
    _ plugin: Carillon_V1_Plugin = ring, _ body: @escaping @Sendable (FakeAgent, CtlRunner) async throws -> Void
  ) async throws {
    try await FakeAgent.serve { agent, ctl in
      agent.with { $0.plugins = [plugin] }
      try await body(agent, ctl)
    }
  }

  @Test("list and get tell how each one runs, and wide all of it")
  func shown() async throws {
    var ill = Self.ring
    ill.state = .quarantined
    ill.problem = "it ended 5 times in a minute"
    ill.process = .with {
      ($0.restarts, $0.lastExit, $0.residentBytes) = (5, "signal 11 (SIGSEGV)", 3 << 20)
      ($0.quarantinedUntilTime, $0.enforced) = (.init(seconds: 1_780_000_060), ["seccomp", "memory"])
    }
    ill.trial = FakePlugins.trial(.running, deliveries: 120, failures: 2)
    ill.statistics = .with {
      ($0.calls, $0.callFailures, $0.timeouts, $0.strikes) = (1_009, 22, 17, 3)
      ($0.callP50, $0.callP99) = (.init(seconds: 0, nanos: 850_000), .init(seconds: 0, nanos: 1_250_000))
    }
    (ill.disabledBy, ill.untilRestart, ill.etag) = (.faults, ["version", "isolation"], "abc-7")
    (ill.reloadsLeft, ill.previousVersion, ill.abiVersion) = (30, "0.9.0", "0.4")
    try await Self.serve(ill) { _, ctl in
      let row = try #require(try await ctl("plugin", "list").lines.last)
      for words in [
        "quarantined until 2026-05-28T20:27:40", "process", "0123456789ab ", "running 120/200, 2 failed",
        "it ended 5 times in a minute",
      ] {
        #expect(row.contains(words), "\(words) is not in \(row)")
      }
      #expect(!row.contains("SIGSEGV"))
      let wide = try await ctl("plugin", "get", "ring", "-o", "wide").output
      for words in [
        "signal 11 (SIGSEGV)", "3 MiB", "seccomp, memory", "850us", "1.2ms", "0.9.0", "0.4", "30", "1009", "22", "17",
        "faults", "version, isolation",
      ] {
        #expect(wide.contains(words), "\(words) is not in \(wide)")
      }
      let json = try await ctl("plugin", "get", "ring", "-o", "json").output
      for words in [
        #""calls": "1009""#, #""callFailures": "22""#, #""timeouts": "17""#, #""strikes": 3"#,
        #""callP50": "0.000850s""#,
        #""callP99": "0.001250s""#, #""restarts": "5""#, #""etag": "abc-7""#, #""DISABLED_BY_FAULTS""#,
      ] {
        #expect(json.contains(words), "\(words) is not in \(json)")
      }
    }
  }

  @Test("a file is loaded with what must hold of it")
  func load() async throws {
    try await Self.serve { agent, ctl in
      let digest = "sha256:" + Self.ring.sha256
      let loaded = try await ctl(
        "plugin", "load", "bell.so", "--digest", digest, "--isolation", "in-process", "-o", "name")
      #expect(loaded.status == 0 && loaded.output == "plugins/bell\n", "\(loaded.errors)")
      let request = try #require(agent.requests(Carillon_V1_LoadPluginRequest.self).first)
      #expect(request.file == "bell.so" && request.digest == digest && request.isolation == .inProcess)
      let odd = try await ctl("plugin", "load", "bell.so", "--isolation", "proces")
      #expect(odd.status == 64 && odd.errors.contains("process"))
      #expect(agent.requests(Carillon_V1_LoadPluginRequest.self).count == 1)
    }
  }

  @Test("a reload says how long its trial takes, and does not wait for its end unless told")
  func reload() async throws {
    try await Self.serve { agent, ctl in
      let done = try await ctl(
        "plugin", "reload", "ring", "--file", "ring-2.so", "--trial-deliveries", "50", "--trial-time", "90s")
      #expect(done.status == 0 && done.output.contains("running 0/200"), "\(done.errors)")
      #expect(try await ctl("plugin", "reload", "ring", "--no-trial", "--wait").status == 0)
      let requests = agent.requests(Carillon_V1_ReloadPluginRequest.self)
      #expect(requests.map(\.file) == ["ring-2.so", ""] && requests.map(\.name) == ["plugins/ring", "plugins/ring"])
      #expect(requests.map(\.trialDeliveries) == [50, 0] && requests[0].trialTime.seconds == 90)
      #expect(requests[1].hasTrialDeliveries && !requests[1].hasTrialTime)
      #expect(agent.requests(Carillon_V1_GetPluginRequest.self).isEmpty)
      #expect(try await ctl("plugin", "reload", "ring", "--trial-deliveries", "0").status == 64)
    }
  }

  private static let ends: [(Carillon_V1_PluginTrial.State, Int32, String)] = [
    (.passed, 0, ""), (.rolledBack, 1, "version 2.0.0 was rolled back: 12 % of its deliveries failed"),
  ]

  @Test("with --wait a reload ends as its trial does", arguments: ends)
  func waits(state: Carillon_V1_PluginTrial.State, status: Int32, words: String) async throws {
    try await Self.serve { agent, ctl in
      agent.with { $0.trials = [FakePlugins.trial(.running, deliveries: 3), FakePlugins.trial(state, deliveries: 9)] }
      let done = try await ctl("plugin", "reload", "ring", "--wait")
      #expect(done.status == status && done.errors.contains(words), "\(done.errors)")
      #expect(done.output.contains(EnumText.label(state)))
    }
  }

  @Test("a reload that somebody else's reload overtook cannot say how it went")
  func overtaken() async throws {
    try await Self.serve { agent, ctl in
      var other = FakePlugins.trial(.passed)
      other.startTime.seconds += 1
      agent.with { [other] in $0.trials = [other] }
      let done = try await ctl("plugin", "reload", "ring", "--wait")
      #expect(done.status == 6 && done.errors.contains("reloaded once more"))
    }
  }

  @Test("a plugin is rolled back, disabled with a reason, and enabled")
  func states() async throws {
    try await Self.serve { agent, ctl in
      #expect(try await ctl("plugin", "rollback", "ring").status == 0)
      let off = try await ctl("plugin", "disable", "ring", "--reason", "it rings twice")
      #expect(off.status == 0 && off.output.contains("disabled") && off.output.contains("it rings twice"))
      #expect(try await ctl("plugin", "enable", "ring").output.contains("loaded"))
      #expect(agent.requests(Carillon_V1_RollBackPluginRequest.self).map(\.name) == ["plugins/ring"])
      let missing = try await ctl("plugin", "disable", "rong")
      #expect(missing.status == 5 && missing.errors.contains("ctl plugin list"))
    }
  }

  @Test("what is done carries its terms, and what does not last is told to people")
  func terms() async throws {
    var plugin = Self.ring
    plugin.untilRestart = ["version", "configuration"]
    try await Self.serve(plugin) { agent, ctl in
      let terms = ["--dry-run", "--request-id", "k-1"]
      let commands = [
        ["reload", "ring", "--wait"], ["rollback", "ring"], ["disable", "ring"], ["enable", "ring"],
        ["configure", "ring", "--set", "bells=4"],
      ]
      for command in commands {
        let done = try await ctl.run(["plugin"] + command + terms + ["--etag", "abc-7"])
        #expect(done.status == 0 && !done.errors.contains("until the agent ends"), "\(command): \(done.errors)")
      }
      #expect(try await ctl.run(["plugin", "load", "ring.so"] + terms).status == 0)
      #expect(try await ctl("plugin", "load", "ring.so", "--etag", "x").status == 64)
      func all<Request: Message>(_ requests: [Request], _ isMet: (Request) -> Bool) -> Bool {
        requests.count == 1 && requests.allSatisfy(isMet)
      }
      let isReload = all(agent.requests(Carillon_V1_ReloadPluginRequest.self)) {
        $0.validateOnly && $0.requestID == "k-1" && $0.etag == "abc-7"
      }
      let isRollBack = all(agent.requests(Carillon_V1_RollBackPluginRequest.self)) {
        $0.validateOnly && $0.requestID == "k-1" && $0.etag == "abc-7"
      }
      let isDisable = all(agent.requests(Carillon_V1_DisablePluginRequest.self)) {
        $0.validateOnly && $0.requestID == "k-1" && $0.etag == "abc-7"
      }
      let isEnable = all(agent.requests(Carillon_V1_EnablePluginRequest.self)) {
        $0.validateOnly && $0.requestID == "k-1" && $0.etag == "abc-7"
      }
      let isUpdate = all(agent.requests(Carillon_V1_UpdatePluginRequest.self)) {
        $0.validateOnly && $0.requestID == "k-1" && $0.plugin.etag == "abc-7"
      }
      let isLoad = all(agent.requests(Carillon_V1_LoadPluginRequest.self)) {
        $0.validateOnly && $0.requestID == "k-1"
      }
      #expect(isReload && isRollBack && isDisable && isEnable && isUpdate && isLoad)
      let real = try await ctl("plugin", "enable", "ring")
      #expect(real.errors == "plugins/ring: until the agent ends only: version, configuration\n")
      #expect(try await ctl("plugin", "enable", "ring", "-o", "json").errors.isEmpty)
    }
  }

  @Test("--follow goes on after a break, from where it was, and tells what was lost")
  func follow() async throws {
    try await Self.serve { agent, ctl in
      let line: @Sendable (String) -> Carillon_V1_PluginLogLine = { text in
        .with { ($0.level, $0.message, $0.instance) = ("info", text, "default/partner#7") }
      }
      agent.with {
        $0.logWatches = [
          [.with { ($0.lines, $0.cursor) = ([line("one"), line("two")], "c-1") }, .with { $0.cursor = "c-2" }],
          [.with { ($0.lines, $0.cursor, $0.dropped) = ([line("six")], "c-3", 3) }],
        ]
      }
      let done = try await ctl("plugin", "logs", "ring", "--follow", "--lines", "7", "--count", "3")
      #expect(done.status == 0, "\(done.errors)")
      #expect(done.lines.map { $0.hasSuffix(" instance=default/partner#7") } == [true, true, true])
      #expect(zip(done.lines, ["one", "two", "six"]).allSatisfy { $0.contains($1) }, "\(done.output)")
      #expect(done.errors.contains("the connection broke") && done.errors.contains("3 lines were gone"))
      let requests = agent.requests(Carillon_V1_WatchPluginLogsRequest.self)
      #expect(requests.map(\.cursor) == ["", "c-2"] && requests.map(\.lines) == [7, 7])
      #expect(try await ctl("plugin", "logs", "ring", "--count", "3").status == 64)
      #expect(try await ctl("plugin", "logs", "rong", "--follow").status == 5)
    }
  }

  @Test("--set changes a configuration, and --config replaces it")
  func configure() async throws {
    var plugin = Self.ring
    plugin.configuration = ["bells": 3, "tone": "high"]
    try await Self.serve(plugin) { agent, ctl in
      let changed = try await ctl("plugin", "configure", "ring", "--set", "bells=4")
      #expect(changed.status == 0, "\(changed.errors)")
      #expect(agent.with { $0.plugins[0].configuration } == ["bells": 4, "tone": "high"])
      #expect(try await ctl("plugin", "configure", "ring", "--config", #"{"bells": 5}"#).status == 0)
      #expect(agent.with { $0.plugins[0].configuration } == ["bells": 5])
      let masks = agent.requests(Carillon_V1_UpdatePluginRequest.self).map(\.updateMask.paths)
      #expect(masks == [["configuration"], ["configuration"]])
      #expect(try await ctl("plugin", "configure", "ring").status == 64)
    }
  }

  @Test("logs come oldest first, the last of them, over several pages")
  func logs() async throws {
    try await Self.serve { agent, ctl in
      agent.with {
        $0.pluginLogs = (1...5).reversed().map { number in
          .with {
            ($0.level, $0.message, $0.instance) = ("warning", "line \(number)", "default/partner#7")
            $0.time = .init(seconds: 1_780_000_000 + Int64(number))
          }
        }
      }
      let names = try await ctl("plugin", "logs", "ring", "--lines", "3", "-o", "name")
      #expect(names.lines == ["line 3", "line 4", "line 5"], "\(names.errors)")
      let text = try await ctl("plugin", "logs", "ring").lines
      #expect(text.count == 5 && text[0].hasSuffix("warning line 1 instance=default/partner#7"))
      #expect(try await ctl("plugin", "logs", "ring", "--lines", "0").status == 64)
      #expect(try await ctl("plugin", "logs", "rong").status == 5)
    }
  }
}
