import ControlAPI
import EventModel
import SwiftProtobuf

extension Carillon_V1_Subscription {
  /// What a client is shown of a subscription.
  init(_ subscription: Subscription) {
    self.init()
    name = ResourceName(kind: .subscription, namespace: subscription.namespace, id: subscription.id).text
    eventType = subscription.eventType
    sink = ResourceName(kind: .sink, namespace: subscription.namespace, id: subscription.sink).text
    filter = subscription.filter
    condition = subscription.condition?.text ?? ""
    if let quiet = subscription.quietHours {
      quietHours = .with {
        $0.from = EventModel.QuietHours.text(ofMinute: quiet.from)
        $0.until = EventModel.QuietHours.text(ofMinute: quiet.until)
      }
    }
    if let rules = subscription.digest {
      digest = .with {
        $0.window = Google_Protobuf_Duration(rules.window)
        $0.maxEvents = rules.maximumEvents
      }
    }
    etag = Etag.text(subscription.revision)
  }

  static let maskFields = ["event_type", "sink", "filter", "condition", "quiet_hours", "digest"]
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
    for field in ["condition", "quiet_hours", "digest"] { take(field, from: message, path, &violations) }
  }

  /// Takes what the mask has.
  mutating func apply(
    _ message: Carillon_V1_Subscription, mask: FieldMask, path: FieldPath, violations: inout Violations
  ) {
    if mask.has("event_type") { eventType = message.eventType }
    if mask.has("sink") { takeSink(message, path, &violations) }
    filter = mask.merged(filter, with: message.filter, at: "filter")
    for field in ["condition", "quiet_hours", "digest"] where mask.has(field) {
      take(field, from: message, path, &violations)
    }
  }

  private mutating func take(
    _ field: String, from message: Carillon_V1_Subscription, _ path: FieldPath, _ violations: inout Violations
  ) {
    let read = violations.collect(under: path) { () throws(ModelError) in
      var read = self
      switch field {
      case "condition": read.condition = message.condition.isEmpty ? nil : try Condition(message.condition)
      case "quiet_hours":
        let quiet = message.quietHours
        read.quietHours = message.hasQuietHours ? try QuietHours(from: quiet.from, until: quiet.until) : nil
      default:
        read.digest = message.hasDigest ? try DigestRules(message.digest) : nil
      }
      return read
    }
    if let read { self = read }
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

extension DigestRules {
  fileprivate init(_ message: Carillon_V1_Subscription.Digest) throws(ModelError) {
    self.init(
      window: try TimeSpan(message.window, field: "digest.window"),
      maximumEvents: message.maxEvents == 0 ? Self.standardEvents : message.maxEvents)
  }
}
