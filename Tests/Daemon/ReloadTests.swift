import EventModel
import Logging
import PluginHost
import Synchronization
import Testing

@testable import Daemon
@testable import Telemetry

/// A part that notes what it is told.
private final class Part: ReloadParticipant {
  let calls = Mutex<[String]>([])
  let refuses: Bool

  init(refuses: Bool = false) { self.refuses = refuses }

  func prepare(_ new: Configuration) async throws(ConfigurationError) -> PreparedReload {
    calls.withLock { $0.append("prepare \(new.logLevel)") }
    if refuses { throw ConfigurationError(faults: [.init("part", "part: does not want to")]) }
    return PreparedReload(
      changed: ["namespaces/default/sinks/mail"], commit: { self.calls.withLock { $0.append("commit") } },
      abandon: { self.calls.withLock { $0.append("abandon") } })
  }
}

@Suite("Reload")
struct ReloadTests {
  private static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
  private static let start = "store:\n  path: /a.db\nlog:\n  level: info\n"

  /// An agent's reload over a file, which `body` changes.
  private static func with(
    _ parts: [any ReloadParticipant], _ body: (Folder, ConfigurationReload) async throws -> Void
  ) async throws {
    try await Folder.with { folder in
      let loader = ConfigurationLoader(file: try folder.write(start, to: "agent.yaml"), flags: [])
      let reload = ConfigurationReload(
        current: try loader.load(), loader: loader, logger: quiet)
      for part in parts { await reload.add(part) }
      try await body(folder, reload)
    }
  }

  @Test func everyPartGoesByTheNewOne() async throws {
    let parts = [Part(), Part()]
    try await Self.with(parts) { folder, reload in
      try folder.write(Self.start.replacing("info", with: "debug"), to: "agent.yaml")
      let outcome = try await reload.reload(isTrial: false)
      #expect(outcome.changed == ["log.level", "namespaces/default/sinks/mail"])
      #expect(outcome.needsRestart.isEmpty)
      for part in parts { #expect(part.calls.withLock { $0 } == ["prepare debug", "commit"]) }
    }
  }

  @Test func oneThatRefusesKeepsAllFromChanging() async throws {
    let (willing, refusing) = (Part(), Part(refuses: true))
    try await Self.with([willing, refusing]) { folder, reload in
      try folder.write(Self.start.replacing("info", with: "debug"), to: "agent.yaml")
      let error = await #expect(throws: ConfigurationError.self) { try await reload.reload(isTrial: false) }
      #expect(error?.faults.map(\.field) == ["part"])
      #expect(willing.calls.withLock { $0 } == ["prepare debug", "abandon"])
    }
  }

  @Test func aFileWithAFaultReachesNoPart() async throws {
    let part = Part()
    try await Self.with([part]) { folder, reload in
      try folder.write("log:\n  level: loud\nstor: 1\n", to: "agent.yaml")
      let error = await #expect(throws: ConfigurationError.self) { try await reload.reload(isTrial: false) }
      #expect(error?.faults.map(\.field).sorted() == ["log.level", "stor"])
      #expect(part.calls.withLock { $0 }.isEmpty)
    }
  }

  @Test func aTrialChangesNothing() async throws {
    let part = Part()
    try await Self.with([part]) { folder, reload in
      try folder.write(Self.start.replacing("info", with: "debug"), to: "agent.yaml")
      for _ in 0..<2 { #expect(try await reload.reload(isTrial: true).changed.contains("log.level")) }
      #expect(part.calls.withLock { $0 } == ["prepare debug", "abandon", "prepare debug", "abandon"])
    }
  }

  @Test func whatTakesARestartIsSaidUntilThereIsOne() async throws {
    try await Self.with([]) { folder, reload in
      try folder.write(Self.start.replacing("/a.db", with: "/b.db").replacing("info", with: "error"), to: "agent.yaml")
      let first = try await reload.reload(isTrial: false)
      #expect(first.changed == ["log.level", "store.path"] && first.needsRestart == ["store.path"])
      let second = try await reload.reload(isTrial: false)
      #expect(second.changed == ["store.path"] && second.needsRestart == ["store.path"])
      try folder.write(Self.start, to: "agent.yaml")
      #expect(try await reload.reload(isTrial: false).needsRestart.isEmpty)
    }
  }

  @Test func aSecretThatIsAnotherIsSeenThoughItsReferenceIsTheSame() async throws {
    try await Folder.with { folder in
      let secret = try folder.write("postgresql://c:one@db/c", to: "url")
      let loader = ConfigurationLoader(
        file: try folder.write("store:\n  kind: postgresql\n  url: file:\(secret)\n", to: "agent.yaml"), flags: [])
      let reload = ConfigurationReload(
        current: try loader.load(), loader: loader, logger: Self.quiet)
      #expect(try await reload.reload(isTrial: false).changed.isEmpty)
      try folder.write("postgresql://c:two@db/c", to: "url")
      #expect(try await reload.reload(isTrial: false).changed == ["store.url"])
    }
  }

  @Test func reloadsAtTheSameTimeComeOneAfterAnother() async throws {
    let part = Part()
    try await Self.with([part]) { _, reload in
      await withTaskGroup(of: Void.self) { group in
        for _ in 0..<20 { group.addTask { _ = try? await reload.reload(isTrial: false) } }
      }
      let calls = part.calls.withLock { $0 }
      #expect(calls == (0..<20).flatMap { _ in ["prepare info", "commit"] })
    }
  }

  @Test func theLogsLevelCountsForLoggersThatAreThereAlready() {
    let settings = LogSettings(level: .info, format: .json)
    let logger = Logger(label: "a") { LineLogHandler(label: $0, settings: settings) }
    var own = logger
    own.logLevel = .error
    #expect(logger.logLevel == .info)
    settings.change(level: .debug, format: .logfmt)
    #expect(logger.logLevel == .debug && own.logLevel == .error)
    #expect(!settings.isJSON)
  }
}
