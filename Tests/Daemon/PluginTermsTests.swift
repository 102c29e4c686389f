import ControlPlane
import EventModel
import Foundation
import Logging
import PluginHost
import Testing

@testable import Daemon

@Suite("Plugins are changed on terms, and stay out of use when the agent starts anew")
struct PluginTermsTests {
  private static let name = "test-sink"

  @Test(
    "A dry run answers what would be, checks the file, and changes nothing",
    arguments: PluginHost.PluginIsolation.allCases)
  func dryRun(isolation: PluginHost.PluginIsolation) async throws {
    try await PluginBench.with(isolation) { bench in
      let terms = PluginTerms(dryRun: true)
      let plugin = try #require(bench.registry.plugin(named: Self.name))
      let before = bench.operations.facts(plugin)
      try await bench.build(version: "2.0.0")
      let reload = try await bench.operations.reload(.init(name: Self.name), on: terms)
      #expect(reload.previousVersion == "0.1.0" && reload.sha256 != before.sha256 && reload.sha256.count == 64)
      // What runs in the agent's process and has no note is asked when it is loaded, and not before.
      #expect(reload.version == (isolation == .process ? "2.0.0" : "") && reload.trial?.state == .running)
      let off = try await bench.operations.disable(Self.name, reason: "twice", on: terms)
      #expect(off.state == .disabled && off.problem == "twice" && off.disabledBy == .call)
      #expect(try await bench.operations.enable(Self.name, on: terms).state == .loaded)
      let other = try #require(SHA256Digest(bytes: Array(repeating: 7, count: 32)))
      try Data("no library".utf8).write(to: bench.folder.appendingPathComponent("broken.so"))
      let refusals: [(PluginReloadRequest, PluginOperationError.Code)] = [
        (.init(name: Self.name, digest: other), .failedPrecondition(.digestMismatch)),
        (.init(name: Self.name, file: "none.so"), .notFound),
        (.init(name: Self.name, file: "broken.so"), .failedPrecondition(.notLoadable)),
      ]
      for (request, code) in refusals {
        let error = await #expect(throws: PluginOperationError.self) {
          _ = try await bench.operations.reload(request, on: terms)
        }
        #expect(error?.code == code, "\(request)")
      }
      for call in [
        { try await bench.operations.rollBack(Self.name, on: terms) },
        { try await bench.operations.configure(Self.name, json: "{}", on: terms) },
        { try await bench.operations.load(.init(file: "none.so"), dryRun: true) },
      ] as [() async throws -> PluginFacts] {
        await #expect(throws: PluginOperationError.self) { _ = try await call() }
      }
      var after = bench.operations.facts(try #require(bench.registry.plugin(named: Self.name)))
      // Its memory and its counts are another at each look.
      (after.process, after.statistics) = (before.process, before.statistics)
      #expect(after == before)
      _ = try await bench.operations.reload(.init(name: Self.name, trial: nil))
      let back = try await bench.operations.rollBack(Self.name, on: terms)
      #expect(back.version == "0.1.0" && back.previousVersion == "2.0.0" && bench.version == "2.0.0")
    }
  }

  @Test("A dry run of a load says what the file is; one of a name that is loaded is refused")
  func dryLoad() async throws {
    try await PluginBench.with(.process) { bench in
      let error = await #expect(throws: PluginOperationError.self) {
        _ = try await bench.operations.load(.init(file: "sink.so"), dryRun: true)
      }
      #expect(error?.code == .failedPrecondition(.alreadyLoaded))
    }
  }

  @Test("A reload that would not suit the sinks there are is told beforehand")
  func sinks() async throws {
    try await PluginBench.with(.process) { bench in
      _ = try await bench.sink()
      _ = try await bench.operations.reload(.init(name: Self.name), on: PluginTerms(dryRun: true))
      try await bench.build(version: "2.0.0", ["OTHER_SCHEMA=1"])
      let error = await #expect(throws: PluginOperationError.self) {
        _ = try await bench.operations.reload(.init(name: Self.name), on: PluginTerms(dryRun: true))
      }
      #expect(error?.message.contains("default/s#1 cannot be made of 2.0.0") == true, "\(String(describing: error))")
      #expect(bench.version == "0.1.0")
    }
  }

  @Test("An etag changes with every change, and an older one is refused")
  func etag() async throws {
    try await PluginBench.with(.process) { bench in
      let plugin = try #require(bench.registry.plugin(named: Self.name))
      var etags = [bench.operations.facts(plugin).etag]
      #expect(!etags[0].isEmpty && bench.operations.facts(plugin).etag == etags[0])
      let steps: [(String, (PluginTerms) async throws(PluginOperationError) -> PluginFacts)] = [
        (
          "disable",
          { terms throws(PluginOperationError) in try await bench.operations.disable(Self.name, reason: "", on: terms) }
        ),
        ("enable", { terms throws(PluginOperationError) in try await bench.operations.enable(Self.name, on: terms) }),
        (
          "reload",
          { terms throws(PluginOperationError) in
            try await bench.operations.reload(.init(name: Self.name, trial: nil), on: terms)
          }
        ),
        (
          "rollBack",
          { terms throws(PluginOperationError) in try await bench.operations.rollBack(Self.name, on: terms) }
        ),
      ]
      for (name, step) in steps {
        let current = try #require(etags.last)
        for old in etags.dropLast() + ["x"] {
          let error = await #expect(throws: PluginOperationError.self) { _ = try await step(PluginTerms(etag: old)) }
          #expect(error?.code == .etagMismatch, "\(name)")
        }
        etags.append(try await step(PluginTerms(etag: current)).etag)
        #expect(Set(etags).count == etags.count, "\(name): \(etags)")
      }
      let unchanged = try await bench.operations.enable(Self.name)
      #expect(unchanged.etag == etags.last)
    }
  }

  @Test("A disabled plugin stays so over a start and a reload, until it is enabled; then it works")
  func lasting() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("carillon-state-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let load = PluginLoad()
    try await PluginBench.with(.process, disabled: try DisabledPlugins(folder: folder.path)) { bench in
      let off = try await bench.operations.disable(Self.name, reason: "too\nloud")
      #expect(off.disabledBy == .call && off.untilRestart.isEmpty && off.problem == "too loud")
    }
    try await PluginBench.with(.process, disabled: try DisabledPlugins(folder: folder.path)) { bench in
      let plugin = try #require(bench.registry.plugin(named: Self.name))
      let facts = bench.operations.facts(plugin)
      #expect(facts.state == .disabled && facts.problem == "too loud" && facts.disabledBy == .call)
      try await bench.build(version: "2.0.0")
      let new = try await bench.operations.reload(.init(name: Self.name, trial: nil))
      #expect(new.version == "2.0.0" && new.state == .disabled && new.disabledBy == .call)
      #expect(try await bench.operations.enable(Self.name).state == .loaded)
      // The version before was disabled when it was in use: that is over, too.
      #expect(try await bench.operations.rollBack(Self.name).state == .loaded)
      load.send(5, to: try await bench.sink())
      let isDelivered = await eventually { load.delivered == 5 }
      #expect(isDelivered)
    }
    let kept = try DisabledPlugins(folder: folder.path)
    #expect(kept.reason(of: Self.name) == nil)
  }

  @Test("What cannot be kept counts until the agent ends, and says so")
  func full() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("carillon-state-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let disabled = try DisabledPlugins(folder: folder.path)
    try FileManager.default.removeItem(at: folder)
    try await PluginBench.with(.process, disabled: disabled) { bench in
      let off = try await bench.operations.disable(Self.name, reason: "")
      #expect(off.state == .disabled && off.untilRestart == ["state"])
      #expect(try await bench.operations.enable(Self.name).untilRestart.isEmpty)
    }
  }

  @Test("A list of disabled plugins that cannot be read is told, and is no empty one")
  func unreadable() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("carillon-state-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent(DisabledPlugins.fileName)
    for text in ["Ring it rings\n", "ring ok\n\u{1}\n", String(repeating: "a", count: 1_100_000)] {
      try Data(text.utf8).write(to: file)
      #expect(throws: FileError.self) { try DisabledPlugins(folder: folder.path) }
    }
    try Data([0xff, 0xfe]).write(to: file)
    #expect(throws: FileError.self) { try DisabledPlugins(folder: folder.path) }
    try Data("ring it rings twice\nbell\n".utf8).write(to: file)
    let read = try DisabledPlugins(folder: folder.path)
    #expect(read.reason(of: "ring") == "it rings twice" && read.reason(of: "bell") == "" && read.isKept("ring"))
  }

  @Test("What a reload and a rollback put in place is told where the next start may do otherwise")
  func untilRestart() async throws {
    try await PluginBench.with(.process) { bench in
      try await bench.build(version: "2.0.0")
      // The plugin's own file: the next start finds the new version there.
      #expect(try await bench.operations.reload(.init(name: Self.name, trial: nil)).untilRestart.isEmpty)
      #expect(try await bench.operations.rollBack(Self.name).untilRestart == ["version"])
      #expect(try await bench.operations.rollBack(Self.name).untilRestart.isEmpty)
      try FileManager.default.copyItem(
        at: bench.folder.appendingPathComponent("sink.so"), to: bench.folder.appendingPathComponent("sink-3.so"))
      let elsewhere = PluginReloadRequest(name: Self.name, file: "sink-3.so", isolation: .inProcess, trial: nil)
      #expect(try await bench.operations.reload(elsewhere).untilRestart == ["version", "isolation"])
    }
  }

  @Test("Calls, failures and times are counted", arguments: PluginHost.PluginIsolation.allCases)
  func statistics(isolation: PluginHost.PluginIsolation) async throws {
    try await PluginBench.with(isolation) { bench in
      let (sink, load) = (try await bench.sink(), PluginLoad())
      for _ in 0..<10 { load.send(10, to: sink) }
      let isDone = await eventually { load.delivered == 100 }
      #expect(isDone)
      let plugin = try #require(bench.registry.plugin(named: Self.name))
      let facts = try #require(bench.operations.facts(plugin).statistics)
      // It was created, activated, and handed its deliveries.
      #expect(facts.calls >= 3 && facts.callFailures == 0 && facts.timeouts == 0 && facts.strikes == 0)
      #expect(facts.deliveries == ["delivered": 100])
      let (half, most) = (try #require(facts.callP50), try #require(facts.callP99))
      #expect(half > .zero && half <= most && most < .seconds(60))
    }
  }
}
