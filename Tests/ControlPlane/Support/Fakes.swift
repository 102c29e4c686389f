import ControlPlane
import EventModel
import Foundation
import Store
import Synchronization

/// A clock that stands until it is moved.
final class TestClock: Sendable {
  private let state = Mutex(Timestamp(seconds: 1_777_636_800))

  /// 2026-05-01T12:00:00Z at first.
  var now: Timestamp { state.withLock { $0 } }

  func advance(by span: TimeSpan) { state.withLock { $0 = $0 + span } }
}

/// Two event types and one sink plugin; rules that are simple to break.
final class FakePlugins: PluginCatalog {
  static let secretKey = "secret"
  private let validated = Mutex<[String]>([])

  /// Every definition that was validated, as it came.
  var definitions: [String] { validated.withLock { $0 } }

  func plugins() async -> [PluginFacts] {
    [
      PluginFacts(
        name: "birthday", id: "org.example.birthday", version: "1.2.3", summary: "Birthdays",
        provides: ["event-type/1"], reads: ["dates"], file: "birthday.so",
        definitionSchemaJSON: #"{"type":"object","properties":{"lead_days":{"type":"integer"}}}"#),
      PluginFacts(name: "broken.so", file: "broken.so", state: .refused, problem: "truncated file"),
      PluginFacts(name: "notification", id: "org.example.notification", version: "1.0.0"),
      PluginFacts(name: "webhook", id: "org.example.webhook", version: "1.0.0", provides: ["sink/1"]),
    ]
  }

  func eventTypes() async -> [String] { ["birthday", "notification"] }

  func sinkPlugins() async -> [String] { ["webhook"] }

  func validateDefinition(eventType: String, definitionJSON: String) async throws(ModelError) {
    validated.withLock { $0.append(definitionJSON) }
    if definitionJSON.contains("\"at\":\"25:00\"") {
      throw ModelError(field: "/at", "must be a local time, HH:MM")
    }
    if eventType == "notification", !definitionJSON.contains("\"title\"") {
      throw ModelError(field: "", "must have a title")
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

/// Puts one-offs into the real store, without owning them; remembers what it was asked.
final class FakePipeline: PipelineControl {
  private struct State {
    var kicks = 0
    var isDraining = false
    var drains: [TimeSpan] = []
  }

  let store: any Store
  let clock: TestClock
  private let state = Mutex(State())

  init(store: any Store, clock: TestClock) {
    self.store = store
    self.clock = clock
  }

  var kicks: Int { state.withLock { $0.kicks } }
  var drains: [TimeSpan] { state.withLock { $0.drains } }

  func submit(_ oneOff: OneOff) async throws(StoreError) -> Submission {
    let answer = try await store.submit([oneOff], owner: nil, now: clock.now)
    guard let submission = answer.submissions.first else { throw StoreError(.unknown, "no answer") }
    return submission
  }

  func kickPlanner() { state.withLock { $0.kicks += 1 } }

  func status() async -> PipelineStatus {
    PipelineStatus(
      agent: "test", epoch: 1, isDraining: state.withLock { $0.isDraining }, loaded: 7, inFlight: 3,
      queues: [QueueLoad(queue: "high", loaded: 7, inFlight: 3, delivered: 11, failed: 2)],
      preferredShards: [Shard(zoneGroup: "europe", slot: 7)], uptime: .seconds(90))
  }

  func drain(within bound: TimeSpan) async throws(StoreError) {
    state.withLock {
      $0.isDraining = true
      $0.drains.append(bound)
    }
  }

  func resume() async throws(StoreError) { state.withLock { $0.isDraining = false } }

  func preview(_ query: PreviewQuery, from: Timestamp) async throws(StoreError) -> [PreviewedOccurrence] {
    throw StoreError(.unknown, "not yet")
  }

  func refreshSettings() async throws(StoreError) {}

  /// One occurrence a day for every schedule, from tomorrow on.
  func upcoming(
    _ queries: [UpcomingQuery], from: Timestamp, until: Timestamp, limit: Int
  ) async -> [UpcomingOccurrence] {
    var found: [UpcomingOccurrence] = []
    for day in 1...400 {
      let due = from + .hours(Int64(24 * day))
      guard due < until, found.count < limit else { break }
      for index in queries.indices where found.count < limit {
        found.append(UpcomingOccurrence(index: index, key: "day-\(day)", dueAt: due))
      }
    }
    return found
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
