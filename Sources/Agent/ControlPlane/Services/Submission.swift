import ControlAPI
import EventModel
import Store
import SwiftProtobuf

extension Environment {
  /// Puts a one-off into the ledger, and answers its event: the one that is there already, if its idempotency key is known.
  /// - Parameter path: where its fields stand in the request.
  func submit(_ oneOff: OneOff, path: FieldPath) async throws -> Carillon_V1_Event {
    switch try await pipeline.submit(oneOff) {
    case .created(let identity): return planned(oneOff, identity: identity)
    case .existing(let identity):
      return try await shownEvent(
        ResourceName(kind: .event, namespace: oneOff.schedule.namespace, id: identity.text), identity)
    case .refused(let error):
      var violations = Violations()
      violations.keep(error, under: path)
      throw Failure.invalid(ModelError(violations: violations.found))
    }
  }

  /// An event as it stands.
  func shownEvent(_ name: ResourceName, _ identity: EventIdentity) async throws -> Carillon_V1_Event {
    try await naming(name) {
      Carillon_V1_Event(try await store.event(namespace: name.namespace, identity: identity), zones: zones)
    }
  }

  /// The event as it stands right after its submission, or would stand: then it has no name yet.
  func planned(_ oneOff: OneOff, identity: EventIdentity?) -> Carillon_V1_Event {
    let summary = EventSummary(
      identity: identity ?? EventIdentity(schedule: ScheduleNumber(rawValue: 0), key: oneOff.event.key),
      namespace: oneOff.schedule.namespace, scheduleID: oneOff.schedule.id, userID: oneOff.schedule.userID,
      eventType: oneOff.schedule.eventType, queue: oneOff.event.queue, dueAt: oneOff.event.dueAt,
      timeZone: oneOff.event.timeZone, state: .pending, attempt: 1, settledAt: nil, isTest: oneOff.schedule.isTest)
    var event = Carillon_V1_Event(summary, zones: zones)
    if identity == nil {
      event.name = ""
      event.schedule = ""
    }
    return event
  }
}

/// Ids that no name given by people is in the way of.
enum RandomName {
  /// 128 random bits as 26 characters of `0-9 a-v`.
  static func make() -> String {
    let text = { (bits: UInt64) in
      let digits = String(bits, radix: 32)
      return String(repeating: "0", count: 13 - digits.count) + digits
    }
    var generator = SystemRandomNumberGenerator()
    return text(generator.next()) + text(generator.next())
  }
}
