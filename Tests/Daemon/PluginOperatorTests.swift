import ControlPlane
import EventModel
import Foundation
import Logging
import Pipeline
import PluginHost
import Synchronization
import Telemetry
import Testing

@testable import Daemon

/// A folder with the sink of the plugin host's tests, built as one version or another, and what operates it.
struct PluginBench {
  let folder: URL
  let registry: PluginRegistry
  let directory: PluginDirectoryAdapter
  let operations: PluginOperator

  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  static let products = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()

  static func with(
    _ isolation: PluginHost.PluginIsolation, policy: LoadingPolicy = LoadingPolicy(),
    disabled: DisabledPlugins = DisabledPlugins(),
    _ body: (PluginBench) async throws -> Void
  ) async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("carillon-operator-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
    defer { try? FileManager.default.removeItem(at: folder) }
    try await build("sink.so", in: folder, [])
    let registry = PluginRegistry(
      options: PluginHostOptions(
        folders: [folder.path],
        isolation: IsolationOptions(
          standard: isolation, runner: products.appendingPathComponent("carillon-runner").path),
        policy: policy),
      services: HostServices(
        logger: Logger(label: "test"), time: TimeService(instant: { _, _, _, _ in nil }, civil: { _, _ in nil })))
    try await registry.start()
    let directory = PluginDirectoryAdapter(registry, secrets: SecretResolver())
    let bench = PluginBench(
      folder: folder, registry: registry, directory: directory,
      operations: PluginOperator(
        registry: registry, directory: directory, ring: LogRing(), disabled: disabled, logger: Logger(label: "test")))
    try await body(bench)
    await registry.stop()
  }

  static func build(_ name: String, in folder: URL, _ defines: [String]) async throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    // Beside its place first: what is loaded at this moment stays as it is.
    let draft = folder.appendingPathComponent(name + ".new")
    process.arguments =
      ["cc", "-D_GNU_SOURCE", "-std=c11", "-shared", "-fPIC", "-fvisibility=hidden"] + defines.map { "-D\($0)" } + [
        "-I\(root.appendingPathComponent("Sources/PluginAPI/CPluginAPI/include").path)",
        root.appendingPathComponent("Tests/PluginHost/Fixtures/sink.c").path, "-o", draft.path,
      ]
    let status = try await withCheckedThrowingContinuation { continuation in
      process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
      do { try process.run() } catch { continuation.resume(throwing: error) }
    }
    #expect(status == 0)
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: draft.path)
    _ = rename(draft.path, folder.appendingPathComponent(name).path)
  }

  /// The version in use.
  var version: String? { registry.plugin(named: "test-sink")?.manifest.version }

  /// How the last trial stands.
  var trial: PluginTrial.State? {
    registry.plugin(named: "test-sink").flatMap { operations.facts($0).trial?.state }
  }

  func build(version: String, _ defines: [String] = []) async throws {
    try await Self.build("sink.so", in: folder, ["VERSION=\"\(version)\""] + defines)
  }

  func sink(_ mode: String = "thread") async throws -> any SinkPort {
    let sink = Sink(
      namespace: "default", name: "s", plugin: "test-sink", configurationJSON: "{\"mode\":\"\(mode)\"}",
      number: SinkNumber(rawValue: 1), revision: 1)
    return try await directory.sink(sink).get()
  }
}

/// Deliveries that go on and on, each counted by how often it ended and how.
final class PluginLoad: Sendable {
  private struct State {
    var ends: [UInt64: [DeliveryResult.Verdict]] = [:]
    var sent: UInt64 = 0
    var held = 0
  }

  private let state = Mutex(State())

  func send(_ count: Int, to sink: any SinkPort) {
    let first = state.withLock { state in
      defer { state.sent += UInt64(count) }
      return state.sent
    }
    send((first..<first + UInt64(count)).map(Self.delivery), to: sink)
  }

  /// What was held back, and not tried, is handed over again: as the dispatcher does.
  private func send(_ deliveries: [Delivery], to sink: any SinkPort) {
    sink.deliver(deliveries) { [self] results in
      let again = Set(results.filter { $0.verdict == .throttled }.map(\.id))
      state.withLock { state in
        state.held += again.count
        for result in results where !again.contains(result.id) {
          state.ends[result.id, default: []].append(result.verdict)
        }
      }
      guard !again.isEmpty else { return }
      let held = deliveries.filter { again.contains($0.id) }
      Task {
        try? await Task.sleep(for: .milliseconds(20))
        self.send(held, to: sink)
      }
    }
  }

  var held: Int { state.withLock { $0.held } }
  var ended: Int { state.withLock { $0.ends.count } }
  var sent: Int { state.withLock { Int($0.sent) } }
  var delivered: Int { state.withLock { $0.ends.values.count { $0 == [.delivered] } } }
  var double: Int { state.withLock { $0.ends.values.count { $0.count > 1 } } }
  var others: [DeliveryResult.Verdict] { state.withLock { $0.ends.values.flatMap { $0 }.filter { $0 != .delivered } } }

  static func delivery(_ id: UInt64) -> Delivery {
    Delivery(
      id: id, idempotencyKey: "evt_\(id)", endpoint: "", carry: "", attempt: 1, timeLimit: .seconds(30),
      firstAttemptAt: Timestamp(seconds: 1_773_046_800), lateness: .zero,
      event: EventFacts(
        id: "evt_\(id)", namespace: "default", type: "yearly", scheduleID: "s", occurrenceKey: "k",
        timeZone: "Europe/London", user: nil, definitionJSON: "{}",
        local: CivilFields(year: 2026, month: 3, day: 9, hour: 9), due: Timestamp(seconds: 1_773_046_800)),
      message: Message(title: "Hello \(id)", text: "there"))
  }
}

func eventually(_ condition: () async -> Bool) async -> Bool {
  for _ in 0..<3_000 {
    if await condition() { return true }
    try? await Task.sleep(for: .milliseconds(10))
  }
  return await condition()
}

@Suite("Plugins that change while the agent runs")
struct PluginOperatorTests {
  /// Reloads again and again while deliveries go on: none is lost, none ends twice, and all arrive.
  static func reload(_ isolation: PluginHost.PluginIsolation, times: Int) async throws {
    try await PluginBench.with(isolation) { bench in
      let (sink, load) = (try await bench.sink(), PluginLoad())
      for turn in 1...times {
        try await bench.build(version: "1.0.\(turn)")
        for _ in 0..<5 { load.send(20, to: sink) }
        let facts = try await bench.operations.reload(.init(name: "test-sink", trial: nil))
        #expect(facts.version == "1.0.\(turn)" && facts.reloads == turn)
        #expect(facts.previousVersion == (turn == 1 ? "0.1.0" : "1.0.\(turn - 1)"))
        for _ in 0..<5 { load.send(20, to: sink) }
      }
      let holds1 = await eventually { load.ended == load.sent }
      #expect(holds1)
      #expect(load.delivered == load.sent && load.double == 0, "\(load.others.prefix(10))")
    }
  }

  @Test("A reload loses no delivery and doubles none", arguments: PluginHost.PluginIsolation.allCases)
  func reload(isolation: PluginHost.PluginIsolation) async throws { try await Self.reload(isolation, times: 12) }

  @Test("Two reloads in a row take nothing from what the first version still does")
  func reloadsInARow() async throws {
    try await PluginBench.with(.process) { bench in
      let (sink, load) = (try await bench.sink("late"), PluginLoad())
      load.send(20, to: sink)
      let isUnderWay = await eventually { (sink as? SinkSlot)?.current.instance.openDeliveries == 20 }
      #expect(isUnderWay)
      for _ in 0..<3 { _ = try await bench.operations.reload(.init(name: "test-sink", trial: nil)) }
      let isDone = await eventually { load.ended == 20 }
      #expect(isDone && load.delivered == 20, "\(load.others)")
    }
  }

  @Test("In the agent's process there are 32 reloads, then none; in a process of its own there is no bound")
  func bound() async throws {
    try await PluginBench.with(.inProcess) { bench in
      for turn in 1...32 {
        let facts = try await bench.operations.reload(.init(name: "test-sink", trial: nil))
        #expect(facts.reloadsLeft == 32 - turn)
      }
      let error = await #expect(throws: PluginOperationError.self) {
        _ = try await bench.operations.reload(.init(name: "test-sink", trial: nil))
      }
      #expect(error?.code == .failedPrecondition(.reloadLimit) && error?.message.contains("restart the agent") == true)
      #expect(bench.registry.plugin(named: "test-sink")?.disabledReason == nil)
    }
  }

  @Test("A version that fails more than the one before is rolled back; one that does not stays")
  func trial() async throws {
    try await PluginBench.with(.process) { bench in
      let (sink, load) = (try await bench.sink("inside"), PluginLoad())
      load.send(100, to: sink)
      let holds2 = await eventually { load.ended == 100 }
      #expect(holds2)
      try await bench.build(version: "2.0.0", ["WORSE=1"])
      let settings = PluginTrialSettings(deliveries: 50, duration: .seconds(600))
      let begun = try await bench.operations.reload(.init(name: "test-sink", trial: settings))
      #expect(begun.trial?.state == .running)
      load.send(20, to: sink)
      let isBack = await eventually { bench.version == "0.1.0" }
      #expect(isBack)
      let plugin = try #require(bench.registry.plugin(named: "test-sink"))
      let trial = bench.operations.facts(plugin).trial
      #expect(trial?.state == .rolledBack && trial?.version == "2.0.0" && trial?.reason.contains("failed") == true)
      load.send(20, to: sink)
      let holds3 = await eventually { load.ended == 140 && load.delivered == 120 }
      #expect(holds3)
      try await bench.build(version: "3.0.0")
      _ = try await bench.operations.reload(.init(name: "test-sink", trial: settings))
      load.send(60, to: sink)
      let stays = await eventually { bench.trial == .passed }
      #expect(stays && bench.version == "3.0.0")
      // What 3.0.0 passed is not said of the version that is there again.
      #expect(try await bench.operations.rollBack("test-sink").trial == nil)
    }
  }

  @Test("A person rolls back, and forth; without an earlier version there is none to go back to")
  func rollBack() async throws {
    try await PluginBench.with(.process) { bench in
      let none = await #expect(throws: PluginOperationError.self) {
        _ = try await bench.operations.rollBack("test-sink")
      }
      #expect(none?.code == .failedPrecondition(.noPreviousVersion))
      try await bench.build(version: "2.0.0")
      _ = try await bench.operations.reload(.init(name: "test-sink", trial: nil))
      let back = try await bench.operations.rollBack("test-sink")
      #expect(back.version == "0.1.0" && back.previousVersion == "2.0.0" && back.trial == nil)
      let forth = try await bench.operations.rollBack("test-sink")
      #expect(forth.version == "2.0.0")
    }
  }

  @Test("A file that is not wanted is refused, and what runs goes on: digest, name, missing file, broken file")
  func refused() async throws {
    try await PluginBench.with(.process) { bench in
      let other = try #require(SHA256Digest(bytes: Array(repeating: 7, count: 32)))
      let requests: [(PluginReloadRequest, PluginOperationError.Code)] = [
        (.init(name: "test-sink", digest: other), .failedPrecondition(.digestMismatch)),
        (.init(name: "test-sink", file: "none.so"), .notFound), (.init(name: "no-such"), .notFound),
        (.init(name: "test-sink", file: "../sink.so"), .notFound),
        (.init(name: "test-sink", file: "broken.so"), .failedPrecondition(.notLoadable)),
        (.init(name: "test-sink", file: "other.so"), .failedPrecondition(.otherPlugin)),
      ]
      try Data("no library".utf8).write(to: bench.folder.appendingPathComponent("broken.so"))
      try await PluginBench.build("other.so", in: bench.folder, ["NAME=\"other-sink\""])
      for (request, code) in requests {
        let error = await #expect(throws: PluginOperationError.self) { _ = try await bench.operations.reload(request) }
        #expect(error?.code == code, "\(request)")
      }
      let (sink, load) = (try await bench.sink(), PluginLoad())
      load.send(10, to: sink)
      let holds4 = await eventually { load.delivered == 10 }
      #expect(holds4)
    }
  }

  @Test("Disabled, nothing is handed to it; enabled, it goes on")
  func disable() async throws {
    try await PluginBench.with(.process) { bench in
      let (sink, load) = (try await bench.sink(), PluginLoad())
      let off = try await bench.operations.disable("test-sink", reason: "too loud")
      #expect(off.state == .disabled && off.problem == "too loud" && off.disabledBy == .call)
      load.send(1, to: sink)
      let isHeld = await eventually { load.held > 0 && load.ended == 0 }
      #expect(isHeld)
      #expect(try await bench.operations.enable("test-sink").state == .loaded)
      let holds6 = await eventually { load.delivered == 1 }
      #expect(holds6)
    }
  }

  @Test("The configuration keeps plugins out: by name, by digest, in safe mode")
  func policy() async throws {
    let zeros = "sha256:" + String(repeating: "0", count: 64)
    let policies: [(LoadingPolicy, String, PluginOperationError.Reason)] = [
      (LoadingPolicy(disabled: ["test-sink"]), "plugins.disabled", .disabledByConfiguration),
      (LoadingPolicy(isSafeMode: true), "safe mode", .safeMode),
      (LoadingPolicy(requiresDigest: true), "plugins.require_digest", .digestNotListed),
      (
        LoadingPolicy(digests: [.init(name: "test-sink", digest: zeros)]), "for test-sink plugins.digests lists",
        .digestNotListed
      ),
    ]
    for (policy, words, reason) in policies {
      try await PluginBench.with(.process, policy: policy) { bench in
        #expect(bench.registry.plugins.isEmpty)
        #expect(bench.registry.problems.first?.message.contains(words) == true, "\(bench.registry.problems)")
        // A call does not get past it either, and is told which of them it was.
        let refused = await #expect(throws: PluginOperationError.self) {
          _ = try await bench.operations.load(.init(file: "sink.so"))
        }
        #expect(refused?.code == .failedPrecondition(reason) && refused?.message.contains(words) == true)
      }
    }
  }
}
