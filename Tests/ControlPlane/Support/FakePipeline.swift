import CivilTime
import ControlPlane
import EventModel
import Store
import Synchronization

/// Puts one-offs into the real store, without owning them; remembers what it was asked. Every schedule has an occurrence a
/// day, `day-1` to `day-400`, the first a day after the clock's start.
final class FakePipeline: PipelineControl {
  private struct State {
    var kicks = 0
    var imports: [Bool] = []
    var refreshes = 0
    var isDraining = false
    var drains: [TimeSpan] = []
    var previews: [PreviewQuery] = []
    var inFlight = ["high": 3]
    var notReady: [String] = []
  }

  let store: any Store
  let clock: TestClock
  private let zones = (try? TimeZoneDatabase()).map { SystemZones($0) }
  private let state = Mutex(State())

  init(store: any Store, clock: TestClock) {
    self.store = store
    self.clock = clock
  }

  var kicks: Int { state.withLock { $0.kicks } }
  /// Imports that began (true) and ended.
  var imports: [Bool] { state.withLock { $0.imports } }
  var refreshes: Int { state.withLock { $0.refreshes } }
  var drains: [TimeSpan] { state.withLock { $0.drains } }
  var previews: [PreviewQuery] { state.withLock { $0.previews } }
  /// Sends under way, by queue.
  func setInFlight(_ count: Int, queue: String) { state.withLock { $0.inFlight[queue] = count } }
  /// Why it is not ready; empty: it is.
  func setNotReady(_ reasons: [String]) { state.withLock { $0.notReady = reasons } }

  func submit(_ oneOff: OneOff) async throws(StoreError) -> Submission {
    let answer = try await store.submit([oneOff], owner: nil, now: clock.now)
    guard let submission = answer.submissions.first else { throw StoreError(.unknown, "no answer") }
    return submission
  }

  func kickPlanner() { state.withLock { $0.kicks += 1 } }

  func importBegan() { state.withLock { $0.imports.append(true) } }

  func importEnded() { state.withLock { $0.imports.append(false) } }

  /// A test looks for it.
  private static let prefers = (try? ShardPreference(patterns: ["europe/07"])) ?? .none

  func status() async -> PipelineStatus {
    let state = state.withLock { $0 }
    return PipelineStatus(
      agent: "test", epoch: 1, notReadyReasons: state.notReady, isDraining: state.isDraining, loaded: 7, inFlight: 3,
      queues: state.inFlight.keys.sorted().map { queue in
        QueueLoad(queue: queue, loaded: 7, inFlight: state.inFlight[queue] ?? 0, delivered: 11, failed: 2)
      },
      prefers: Self.prefers, uptime: .seconds(90))
  }

  func drain(within bound: TimeSpan) async throws(StoreError) {
    state.withLock {
      $0.isDraining = true
      $0.drains.append(bound)
    }
  }

  func resume() async throws(StoreError) { state.withLock { $0.isDraining = false } }

  func refreshSettings() async throws(StoreError) { state.withLock { $0.refreshes += 1 } }

  func upcoming(
    _ queries: [UpcomingQuery], from: Timestamp, until: Timestamp, limit: Int
  ) async -> [UpcomingOccurrence] {
    var found: [UpcomingOccurrence] = []
    for (index, query) in queries.enumerated() {
      found += occurrences(of: query.schedule, zone: query.timeZone, from: from, until: until).map {
        UpcomingOccurrence(index: index, key: $0.key, dueAt: $0.dueAt)
      }
    }
    return Array(found.sorted { ($0.dueAt, $0.index) < ($1.dueAt, $1.index) }.prefix(limit))
  }

  /// A definition with `broken` has no occurrences that can be computed.
  func preview(_ query: PreviewQuery, from: Timestamp) async throws(StoreError) -> [PreviewedOccurrence] {
    state.withLock { $0.previews.append(query) }
    if query.schedule.definitionJSON.contains("broken") {
      throw StoreError(.invalid, "the person has no date of birth")
    }
    let zone = query.schedule.timeZone ?? query.user.flatMap { $0.timeZone.isEmpty ? nil : $0.timeZone } ?? "UTC"
    var found = occurrences(of: query.schedule, zone: zone, from: from, until: from + .hours(400 * 24))
    if let key = query.occurrenceKey {
      found.removeAll { $0.key != key }
      if found.isEmpty { throw StoreError(.notFound, "there is no occurrence \(key)") }
    }
    let sinks = query.sinks.isEmpty ? [""] : query.sinks
    return found.prefix(query.count).map { key, dueAt in
      PreviewedOccurrence(key: key, dueAt: dueAt, timeZone: zone, messages: sinks.map { message(query, sink: $0) })
    }
  }

  /// Everything pending would be an hour later.
  func previewReplan(
    namespace: String, filter: ReplanFilter, page: PageRequest
  ) async throws(StoreError) -> ReplanPreview {
    let items = try await store.schedulesToReplan(namespace: namespace, filter: filter, page: page)
    let changes = items.items.flatMap { item in
      item.pending.map { pending in
        ReplanPreview.Change(
          scheduleID: item.id, userID: item.user?.id, eventType: item.eventType, timeZone: item.timeZone,
          key: pending.key, oldDue: pending.dueAt, newDue: pending.dueAt + .hours(1), queue: pending.queue)
      }
    }
    return ReplanPreview(schedules: items.items.count, changes: changes, next: items.next)
  }

  private func occurrences(
    of schedule: Schedule, zone: String, from: Timestamp, until: Timestamp
  ) -> [(key: String, dueAt: Timestamp)] {
    (1...400).compactMap { day in
      let key = "day-\(day)"
      var due = TestClock.start + .hours(Int64(24 * day))
      switch schedule.exceptions.first(where: { $0.key == key })?.action {
      case .skip: return nil
      case .move(let civil): due = zones?.instant(of: civil, zone: zone) ?? due
      case nil: break
      }
      return due >= from && due < until ? (key, due) : nil
    }
  }

  /// `{{name}}` is all that templates know; one that is not closed cannot be rendered, nor a definition with `wordless`.
  private func message(_ query: PreviewQuery, sink: String) -> PreviewedMessage {
    let words = query.template ?? MessageTemplate(namespace: "", id: "", eventType: "")
    let wording =
      query.template.map { Wording(source: .template($0), locale: $0.locale, fallback: nil) }
      ?? Wording(source: .builtIn, locale: "en", fallback: query.user?.locale == "de" ? "no words for de" : nil)
    let parts = [words.title, words.text, words.html]
    if query.schedule.definitionJSON.contains("wordless") {
      return PreviewedMessage(sink: sink, message: nil, problem: "there are no words for it", wording: wording)
    }
    if parts.contains(where: { $0.contains("{{") && !$0.contains("}}") }) {
      return PreviewedMessage(sink: sink, message: nil, problem: "a tag is not closed", wording: wording)
    }
    let name = query.user?.displayName ?? "everybody"
    let rendered = parts.map { $0.replacing("{{name}}", with: name) }
    let message = Message(
      title: rendered[0].isEmpty ? "Happy birthday, \(name)!" : rendered[0], text: rendered[1], html: rendered[2],
      contentType: "application/json", data: #"{"age":36}"#)
    return PreviewedMessage(sink: sink, message: message, wording: wording)
  }
}
