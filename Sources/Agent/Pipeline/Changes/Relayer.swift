import EventModel
import Logging
import Store

/// Makes an event of each domain event that a subscription names.
///
/// Any agent may do it, and several at a time: the event's idempotency key is the domain event's id, so that the second
/// one makes nothing. Where a relay stands is written after its events are; what was cut off in between is done again.
final class Relayer: Sendable {
  private let engine: Engine

  init(_ engine: Engine) { self.engine = engine }

  /// Works until cancelled.
  func run() async {
    await engine.work("relay") { () async throws(StoreError) in try await self.step() > 0 }
  }

  /// One page of each relay; answers how many domain events there were.
  @discardableResult
  func step() async throws(StoreError) -> Int {
    var relayed = 0
    for relay in try await engine.store.relays() {
      let page = try await engine.store.changes(
        namespace: relay.namespace, kinds: [relay.kind], after: relay.cursor, limit: Limits.submitAtOnce)
      // A test run is its caller's, who sees what becomes of it.
      let events = page.items.filter { $0.subject?.isTest != true }
      if !events.isEmpty { try await submit(events) }
      if page.next != relay.cursor { _ = try await engine.store.advance(relay, to: page.next) }
      relayed += page.items.count
    }
    return relayed
  }

  private func submit(_ events: [DomainEvent]) async throws(StoreError) {
    let now = engine.now().wall
    var refused: [DomainEvent] = []
    let answer = try await engine.store.submit(events.map { Self.oneOff($0, now: now) }, owner: nil, now: now)
    for (event, submission) in zip(events, answer.submissions) {
      if case .refused = submission { refused.append(event) }
    }
    engine.signals.claimer.kick()
    guard !refused.isEmpty else { return }
    // Its person may have gone since it was read: then it is about nobody any more.
    let again = refused.map { event in
      var event = event
      event.userID = nil
      return Self.oneOff(event, now: now)
    }
    let second = try await engine.store.submit(again, owner: nil, now: now)
    for (event, submission) in zip(refused, second.submissions) {
      guard case .refused(let error) = submission else { continue }
      engine.logger.error(
        "a domain event cannot be relayed", metadata: ["id": "\(event.id)", "error": "\(error)"])
    }
  }

  /// The event of a domain event. Due when that happened, so that its lateness is told.
  static func oneOff(_ event: DomainEvent, now: Timestamp) -> OneOff {
    let type = event.kind.rawValue
    let schedule = Schedule(
      namespace: event.namespace, id: event.id, userID: event.userID, eventType: type,
      definitionJSON: DomainEventDefinition.json(event), timeZone: Self.timeZone, state: .ended, startAt: event.at)
    let planned = PlannedEvent(
      key: event.id, dueAt: event.at, runAt: max(event.at, now), timeZone: Self.timeZone,
      queue: Queue.standardName(eventType: type))
    return OneOff(schedule: schedule, event: planned, idempotencyKey: event.id)
  }

  private static let timeZone = "UTC"
}
