import EventModel

/// What one subscription says to an event, decided by the agent's own rule (``Subscription/wants(eventType:_:)``).
struct RouteVerdict: Sendable {
  /// Which part of the subscription, or of what is around it, says no.
  enum Part: String, Sendable {
    case eventType = "event type"
    case filter
    case condition
    /// The queue's `allowed_sinks`.
    case queue
  }

  struct Refusal: Sendable {
    var part: Part
    /// What was found, and what was wanted.
    var detail: String
  }

  var subscription: Subscription
  /// Nil: it matches.
  var refusal: Refusal?

  /// - Parameter allowed: the sinks that the event's queue lets it go to; empty: all.
  init(_ subscription: Subscription, _ event: TestedEvent, _ person: TestedPerson?, allowed: [String]) {
    self.subscription = subscription
    let seen = SeenFields()
    let wants = { (asked: Subscription) in
      asked.wants(eventType: event.eventType) { field in seen.note(field, event.value(of: field, person)) }
    }
    if wants(subscription) {
      let isAllowed = allowed.isEmpty || allowed.contains(subscription.sink)
      let list = allowed.joined(separator: ", ")
      refusal = isAllowed ? nil : .init(part: .queue, detail: "the queue \(event.queue) allows only \(list)")
      return
    }
    var bare = subscription
    (bare.filter, bare.condition) = ([:], nil)
    guard wants(bare) else {
      refusal = .init(part: .eventType, detail: Self.typeDetail(subscription, event))
      return
    }
    for key in subscription.filter.keys.sorted() {
      bare.filter = subscription.filter.filter { $0.key == key }
      seen.forget()
      if wants(bare) { continue }
      let wanted = bare.filter[key] ?? ""
      refusal = .init(part: .filter, detail: "\(key) must be \"\(wanted)\"; \(seen.text)")
      return
    }
    (bare.filter, bare.condition) = ([:], subscription.condition)
    seen.forget()
    _ = wants(bare)
    refusal = .init(part: .condition, detail: "\(subscription.condition?.text ?? "") does not hold: \(seen.text)")
  }

  private static func typeDetail(_ subscription: Subscription, _ event: TestedEvent) -> String {
    let isTopic = DomainEvent.Kind.isTopic(event.eventType)
    return subscription.eventType == Subscription.anyEventType && isTopic
      ? "* means no topics: \(event.eventType) is asked for by name"
      : "wants \(subscription.eventType), not \(event.eventType)"
  }
}

/// The fields that a subscription looked at up to its decision. Of one thread.
private final class SeenFields {
  private var found: [(field: Condition.Field, value: String?)] = []

  func forget() { found = [] }

  func note(_ field: Condition.Field, _ value: String?) -> String? {
    if !found.contains(where: { $0.field == field }) { found.append((field, value)) }
    return value
  }

  /// `user.locale is "fr"; user.addresses.email is not there`.
  var text: String {
    found.map { seen in seen.value.map { "\(seen.field.text) is \"\($0)\"" } ?? "\(seen.field.text) is not there" }
      .joined(separator: "; ")
  }
}
