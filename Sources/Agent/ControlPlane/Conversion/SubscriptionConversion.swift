import ControlAPI
import EventModel

extension Carillon_V1_Subscription {
  /// What a client is shown of a subscription.
  init(_ subscription: Subscription) {
    self.init()
    name = ResourceName(kind: .subscription, namespace: subscription.namespace, id: subscription.id).text
    eventType = subscription.eventType
    sink = ResourceName(kind: .sink, namespace: subscription.namespace, id: subscription.sink).text
    filter = subscription.filter
    etag = Etag.text(subscription.revision)
  }

  static let maskFields = ["event_type", "sink", "filter"]
  static let maskMaps: Set<String> = ["filter"]
}

extension Subscription {
  /// The most conditions of one subscription.
  static let maximumConditions = 32

  /// A draft with all that a client may say of a subscription.
  init(
    _ message: Carillon_V1_Subscription, namespace: String, id: String, path: FieldPath, violations: inout Violations
  ) {
    self.init(
      namespace: namespace, id: id, eventType: message.eventType, sink: "", filter: message.filter)
    takeSink(message, path, &violations)
  }

  /// Takes what the mask has.
  mutating func apply(
    _ message: Carillon_V1_Subscription, mask: FieldMask, path: FieldPath, violations: inout Violations
  ) {
    if mask.has("event_type") { eventType = message.eventType }
    if mask.has("sink") { takeSink(message, path, &violations) }
    filter = mask.merged(filter, with: message.filter, at: "filter")
  }

  private mutating func takeSink(
    _ message: Carillon_V1_Subscription, _ path: FieldPath, _ violations: inout Violations
  ) {
    let namespace = namespace
    let id = violations.collect(under: path) { () throws(ModelError) in
      try ResourceName.id(message.sink, kind: .sink, in: namespace, field: "sink")
    }
    // A name that passes the model's own check, so that the fault is told once.
    sink = id ?? "unknown"
  }
}
