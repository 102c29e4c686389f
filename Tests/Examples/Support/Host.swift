import EventModel
import Foundation
import Logging
import Synchronization

@testable import PluginHost

/// The real host, with the examples.
enum Host {
  /// In processes of their own, as the agent runs what is not ours.
  static let isolated: @Sendable (inout PluginHostOptions) -> Void = {
    let runner = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
      .deletingLastPathComponent().appendingPathComponent("carillon-runner").path
    $0.isolation = IsolationOptions(standard: .process, runner: runner)
  }

  static func registry(
    _ lines: LogLines = LogLines(), options change: (inout PluginHostOptions) -> Void = { _ in }
  ) async throws -> PluginRegistry {
    var options = PluginHostOptions(folders: [try await Examples.built().plugins.path])
    change(&options)
    let time = TimeService(instant: { _, _, _, _ in nil }, civil: { _, _ in nil })
    let registry = PluginRegistry(options: options, services: HostServices(logger: lines.logger, time: time))
    try await registry.start()
    return registry
  }

  /// Runs a test with an active sink.
  static func withSink(
    _ plugin: String, _ configuration: String, lines: LogLines = LogLines(),
    options: (inout PluginHostOptions) -> Void = { _ in }, _ body: (SinkInstance) async throws -> Void
  ) async throws {
    let registry = try await registry(lines, options: options)
    do {
      let sink = try await registry.makeSink(plugin: plugin, name: "ops/\(plugin)", configurationJSON: configuration)
      try await sink.activate()
      try await body(sink)
      await registry.stop()
    } catch {
      await registry.stop()
      throw error
    }
  }

  /// Runs a test with an event type.
  static func withEventType(
    _ name: String, options: (inout PluginHostOptions) -> Void = { _ in },
    _ body: (EventTypeInstance) async throws -> Void
  ) async throws {
    let registry = try await registry(options: options)
    do {
      guard let type = registry.eventType(named: name) else {
        throw Examples.Failure(description: "\(registry.problems)")
      }
      try await body(type)
      await registry.stop()
    } catch {
      await registry.stop()
      throw error
    }
  }
}

extension SinkInstance {
  /// Delivers, and waits for all results, in the order of the deliveries.
  func results(of deliveries: [Delivery]) async -> [DeliveryResult] {
    let results = Results(expected: deliveries.count)
    deliver(deliveries, completion: results.completion)
    let places = Dictionary(uniqueKeysWithValues: deliveries.enumerated().map { ($1.id, $0) })
    return await results.all().sorted { (places[$0.id] ?? 0) < (places[$1.id] ?? 0) }
  }
}

/// Results as they come, to be waited for.
final class Results: Sendable {
  private let stream: AsyncStream<[DeliveryResult]>
  private let continuation: AsyncStream<[DeliveryResult]>.Continuation
  private let expected: Int

  init(expected: Int) {
    self.expected = expected
    (stream, continuation) = AsyncStream.makeStream()
  }

  /// To be handed to `deliver`.
  var completion: @Sendable ([DeliveryResult]) -> Void { { [continuation] in continuation.yield($0) } }

  /// Waits until as many came as are expected.
  func all() async -> [DeliveryResult] {
    var found: [DeliveryResult] = []
    for await part in stream {
      found += part
      if found.count >= expected { break }
    }
    return found
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

    func log(event: LogEvent) { lines.lines.withLock { $0.append("\(event.level) \(event.message)") } }
  }
}

/// Values that tests send.
enum Sample {
  static func delivery(
    _ id: UInt64, key: String? = nil, title: String? = nil, text: String = "there", html: String = "",
    data: String = "", endpoint: String = "ada@example.org", timeLimit: TimeSpan = .seconds(30)
  ) -> Delivery {
    let event = EventFacts(
      id: "evt_\(id)", namespace: "default", type: "birthday", scheduleID: "sch-\(id)", occurrenceKey: "2031",
      timeZone: "Europe/London", user: nil, definitionJSON: "{}",
      local: CivilFields(year: 2031, month: 5, day: 4, hour: 9, minute: 30, fold: 1),
      due: Timestamp(seconds: 1_935_649_800))
    return Delivery(
      id: id, idempotencyKey: key ?? "key-\(id)", endpoint: endpoint, carry: "", attempt: 2, timeLimit: timeLimit,
      firstAttemptAt: Timestamp(seconds: 1_935_649_801), lateness: .seconds(3), event: event,
      message: Message(
        title: title ?? "Title \(id)", text: text, html: html, contentType: data.isEmpty ? "" : "application/json",
        data: data))
  }

  /// A document of these members, for a configuration.
  static func json(_ members: [String: Any]) throws -> String {
    String(decoding: try JSONSerialization.data(withJSONObject: members), as: UTF8.self)
  }
}
