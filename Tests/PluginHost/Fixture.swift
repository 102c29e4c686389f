import EventModel
import Foundation
import Logging
import Synchronization

@testable import PluginHost

/// Plugins in C, compiled when a test asks for them.
enum Fixture {
  struct CompilerError: Error {
    var source: String
    var status: Int32
  }

  /// Compiles a fixture into a folder; answers the library's path.
  @discardableResult
  static func build(
    _ source: String, into folder: TemporaryFolder, as name: String? = nil, _ defines: [String] = []
  ) async throws -> String {
    let library = folder.url.appendingPathComponent((name ?? source) + ".so").path
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments =
      ["cc", "-D_GNU_SOURCE", "-std=c11", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-fvisibility=hidden"]
      + defines.map { "-D\($0)" }
      + [
        "-I\(Sources.headers.path)", Sources.tests.appendingPathComponent("Fixtures/\(source).c").path, "-o", library,
      ]
    let status = try await process.exitStatus()
    guard status == 0 else { throw CompilerError(source: source, status: status) }
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: library)
    return library
  }

  /// A manifest as a `-D` of the event type's fixture.
  static func manifest(_ json: String) -> String {
    "MANIFEST=\"" + json.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }

  static func options(_ folders: [TemporaryFolder]) -> PluginHostOptions {
    PluginHostOptions(folders: folders.map(\.url.path))
  }

  static func services(_ lines: LogLines = LogLines(), environment: [String: String] = [:]) -> HostServices {
    let time = TimeService(instant: { _, _, _, _ in nil }, civil: { _, _ in nil })
    return HostServices(
      logger: lines.logger, time: time, secrets: SecretResolver(environment: { environment[$0] }))
  }

  /// A registry that was started on these folders.
  static func registry(
    _ folders: TemporaryFolder..., options change: (inout PluginHostOptions) -> Void = { _ in },
    lines: LogLines = LogLines(), environment: [String: String] = [:]
  ) async throws -> PluginRegistry {
    var options = options(folders)
    change(&options)
    let registry = PluginRegistry(options: options, services: services(lines, environment: environment))
    try await registry.start()
    return registry
  }
}

/// What was logged.
final class LogLines: Sendable {
  private let lines = Mutex<[String]>([])

  var all: [String] { lines.withLock { $0 } }

  var logger: Logger { Logger(label: "test") { _ in Handler(lines: self) } }

  private struct Handler: LogHandler {
    let lines: LogLines
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.debug

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      let all = metadata.merging(event.metadata ?? [:]) { $1 }
      let text = all.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
      lines.lines.withLock { $0.append("\(event.level) \(event.message)\(text)") }
    }
  }
}

/// Values that tests send.
enum Sample {
  static let start = CivilFields(year: 2026, month: 3, day: 9, hour: 9)

  static func user(_ id: String = "ada") -> UserSnapshot {
    UserSnapshot(
      id: id, displayName: "Ada \"A\" L.\n", givenName: "Ada", familyName: "Lovelace", nickname: "", locale: "en-GB",
      timeZone: "Europe/London", datesJSON: "{\"birth\":\"1990-03-09\"}", addressesJSON: "{\"email\":\"a@b.example\"}",
      attributesJSON: "{\"team\":\"x\"}", paused: false)
  }

  static func request(_ word: String = "fine", maximum: Int = 3, isStart: Bool = true) -> OccurrenceRequest {
    OccurrenceRequest(
      definitionJSON: "{\"do\":\"\(word)\"}", user: user(), timeZone: "Europe/London",
      after: OccurrenceCursor(
        isStart: isStart, civil: start, instant: Timestamp(seconds: 1_773_046_800), ordinal: isStart ? 0 : 1,
        key: isStart ? "" : "2026"),
      maximum: maximum)
  }

  static func event(_ word: String = "fine", id: String = "evt_1_2026", user: UserSnapshot? = user()) -> EventFacts {
    EventFacts(
      id: id, namespace: "default", type: "yearly", scheduleID: "s", occurrenceKey: "2026", timeZone: "Europe/London",
      user: user, definitionJSON: "{\"do\":\"\(word)\"}", local: start, due: Timestamp(seconds: 1_773_046_800))
  }

  static func delivery(_ id: UInt64, timeLimit: TimeSpan = .seconds(30)) -> Delivery {
    Delivery(
      id: id, idempotencyKey: "evt_1_\(id)", endpoint: "https://a.example", carry: "c", attempt: 2,
      timeLimit: timeLimit, firstAttemptAt: Timestamp(seconds: 1_773_046_800), lateness: .zero, event: event(),
      message: Message(title: "Hello \(id)", text: "there"))
  }
}

/// Results as they come, to be waited for.
final class Results: Sendable {
  private struct State {
    var results: [DeliveryResult] = []
    var waiters: [(count: Int, continuation: CheckedContinuation<[DeliveryResult], Never>)] = []
  }

  private let state = Mutex(State())

  /// To be handed to `deliver`.
  var completion: @Sendable ([DeliveryResult]) -> Void {
    { [self] results in
      let ready = state.withLock { state in
        state.results += results
        let ready = state.waiters.filter { $0.count <= state.results.count }
        state.waiters.removeAll { $0.count <= state.results.count }
        return (ready, state.results)
      }
      for waiter in ready.0 { waiter.continuation.resume(returning: ready.1) }
    }
  }

  var all: [DeliveryResult] { state.withLock { $0.results } }

  /// Waits until so many came.
  func wait(_ count: Int) async -> [DeliveryResult] {
    await withCheckedContinuation { continuation in
      let results = state.withLock { state -> [DeliveryResult]? in
        if state.results.count >= count { return state.results }
        state.waiters.append((count, continuation))
        return nil
      }
      if let results { continuation.resume(returning: results) }
    }
  }
}

extension Result {
  /// The value, if it is one.
  var value: Success? {
    if case .success(let value) = self { value } else { nil }
  }

  /// The error, if it is one.
  var failure: Failure? {
    if case .failure(let error) = self { error } else { nil }
  }
}
