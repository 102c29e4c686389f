import ControlPlane
import EventModel
import Foundation
import Store
import Synchronization

/// A clock that stands until it is moved.
final class TestClock: Sendable {
  /// 2026-05-01T12:00:00Z.
  static let start = Timestamp(seconds: 1_777_636_800)
  private let state = Mutex(TestClock.start)

  /// ``start`` at first.
  var now: Timestamp { state.withLock { $0 } }

  func advance(by span: TimeSpan) { state.withLock { $0 = $0 + span } }
}

/// Three event types and one sink plugin; rules that are simple to break.
final class FakePlugins: PluginCatalog {
  static let secretKey = "secret"
  private let validated = Mutex<[String]>([])
  private let facts = Mutex<[PluginFacts]>(
    [
      PluginFacts(
        name: "birthday", id: "org.example.birthday", version: "1.2.3", summary: "Birthdays",
        provides: ["event-type/1"], reads: ["dates"], file: "birthday.so",
        definitionSchemaJSON: #"{"type":"object","properties":{"lead_days":{"type":"integer"}}}"#,
        wording: BuiltInWording(takesTemplates: true, locale: "en")),
      PluginFacts(name: "broken.so", file: "broken.so", state: .refused, problem: "truncated file"),
      PluginFacts(name: "notification", id: "org.example.notification", version: "1.0.0"),
      PluginFacts(
        name: "riddle", id: "org.example.riddle", wording: BuiltInWording(takesTemplates: true, locale: "en")),
      PluginFacts(name: "webhook", id: "org.example.webhook", version: "1.0.0", provides: ["sink/1"]),
    ])

  /// Every definition that was validated, as it came.
  var definitions: [String] { validated.withLock { $0 } }

  /// It hangs too often, say.
  func disable(_ name: String, because problem: String) {
    facts.withLock { facts in
      guard let index = facts.firstIndex(where: { $0.name == name }) else { return }
      facts[index].state = .disabled
      facts[index].problem = problem
    }
  }

  /// Adds a plugin, or puts it in the place of the one of its name.
  func put(_ plugin: PluginFacts) {
    facts.withLock { facts in
      facts.removeAll { $0.name == plugin.name }
      facts.append(plugin)
      facts.sort { $0.name < $1.name }
    }
  }

  func plugin(_ name: String) -> PluginFacts? { facts.withLock { $0.first { $0.name == name } } }

  func remove(_ name: String) { facts.withLock { $0.removeAll { $0.name == name } } }

  func plugins() async -> [PluginFacts] { facts.withLock { $0 } }

  func eventTypes() async -> [String] { ["birthday", "notification", "riddle"] }

  func sinkPlugins() async -> [String] { ["webhook"] }

  func validateDefinition(eventType: String, definitionJSON: String) async throws(PluginOperationError) {
    if definitionJSON.contains("\"title\":\"busy\"") {
      throw PluginOperationError(.unavailable, "the event type \(eventType) cannot be asked: it is starting")
    }
    validated.withLock { $0.append(definitionJSON) }
    if definitionJSON.contains("\"at\":\"25:00\"") {
      throw PluginOperationError(ModelError(field: "/at", "must be a local time, HH:MM"))
    }
    if eventType == "notification", !definitionJSON.contains("\"title\"") {
      throw PluginOperationError(ModelError(field: "", "must have a title"))
    }
    // No sample of it can be made by who does not know it.
    if eventType == "riddle", !definitionJSON.contains("\"answer\":42") {
      throw PluginOperationError(ModelError(field: "/answer", "must be the answer"))
    }
  }

  func validateSinkConfiguration(plugin: String, json: String) async throws(ModelError) {
    if !json.contains("\"url\":\"http") { throw ModelError(field: "/url", "must be an http or https URL") }
  }

  func redactedConfiguration(plugin: String, json: String) async -> String {
    // The tests' secrets are words of letters, so that this needs no parser.
    guard let range = json.range(of: "\"\(Self.secretKey)\":\"") else { return json }
    let end = json[range.upperBound...].firstIndex(of: "\"") ?? json.endIndex
    return json.replacingCharacters(in: range.upperBound..<end, with: "(hidden)")
  }
}

/// Counts calls by method and code.
final class CountingObserver: ControlPlaneObserver {
  private let state = Mutex<[String: Int]>([:])

  var counts: [String: Int] { state.withLock { $0 } }

  func callEnded(method: String, code: String, duration: Duration) {
    state.withLock { $0["\(method) \(code)", default: 0] += 1 }
  }
}
