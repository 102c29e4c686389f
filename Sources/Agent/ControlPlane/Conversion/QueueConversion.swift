import ControlAPI
import EventModel
import Store
import SwiftProtobuf

extension Carillon_V1_Queue {
  /// What a client is shown of a queue.
  init(_ queue: Queue, depth: QueueDepth?, inFlight: Int) {
    self.init()
    name = ResourceName(kind: .queue, id: queue.name).text
    priority = queue.priority
    reserve = queue.reserve
    weight = queue.weight
    batch = queue.batch
    if let rate = queue.ratePerSecond { ratePerSecond = rate }
    sendDeadline = Google_Protobuf_Duration(queue.sendDeadline)
    retry = .with {
      $0.attempts = queue.retry.attempts
      $0.base = Google_Protobuf_Duration(queue.retry.base)
      $0.cap = Google_Protobuf_Duration(queue.retry.cap)
    }
    expiresAfter = Google_Protobuf_Duration(queue.expiresAfter)
    paused = queue.paused
    allowedSinks = queue.allowedSinks
    etag = Etag.text(queue.revision)
    status = .with {
      $0.due = Int64(depth?.due ?? 0)
      $0.open = Int64(depth?.open ?? 0)
      if let oldest = depth?.oldestDue { $0.oldestDueTime = Google_Protobuf_Timestamp(oldest) }
      $0.inFlight = Int64(inFlight)
    }
  }

  static let maskFields = [
    "priority", "reserve", "weight", "batch", "rate_per_second", "send_deadline", "retry.attempts", "retry.base",
    "retry.cap", "expires_after", "paused", "allowed_sinks",
  ]

  /// Whether a field says something; what does not is left as it was, or as another queue has it.
  fileprivate func isSet(_ field: String) -> Bool {
    switch field {
    case "priority": priority != 0
    case "reserve": reserve != 0
    case "weight": weight != 0
    case "batch": batch != 0
    case "rate_per_second": hasRatePerSecond
    case "send_deadline": hasSendDeadline
    case "retry.attempts": retry.attempts != 0
    case "retry.base": retry.hasBase
    case "retry.cap": retry.hasCap
    case "expires_after": hasExpiresAfter
    case "paused": paused
    case "allowed_sinks": !allowedSinks.isEmpty
    default: false
    }
  }
}

extension Queue {
  /// The most sinks that one queue can be bound to.
  static let maximumAllowedSinks = 64

  /// A draft: what the message says, and for what it leaves out what `model` has.
  init(
    _ message: Carillon_V1_Queue, name: String, model: Queue, path: FieldPath, violations: inout Violations
  ) {
    self = model
    self.name = name
    paused = false
    revision = 0
    for field in Carillon_V1_Queue.maskFields where message.isSet(field) {
      violations.collect(under: path) { () throws(ModelError) in try take(field, from: message) }
    }
  }

  /// A sink as a queue, which is no namespace's, knows it: `hook`; a whole resource name is taken too.
  private static func sinkName(_ text: String, field: String) throws(ModelError) -> String {
    if text.contains("/") { return try ResourceName(text, kind: .sink, field: field).id }
    try Names.checkName(text, field: field)
    return text
  }

  /// Takes what the mask has. `retry` stands for those of its fields that say something, as none of them can be 0.
  mutating func apply(
    _ message: Carillon_V1_Queue, mask: FieldMask, path: FieldPath, violations: inout Violations
  ) {
    for field in Carillon_V1_Queue.maskFields
    where mask.has(field) || (field.hasPrefix("retry.") && mask.has("retry") && message.isSet(field)) {
      violations.collect(under: path) { () throws(ModelError) in try take(field, from: message) }
    }
  }

  private mutating func take(_ field: String, from message: Carillon_V1_Queue) throws(ModelError) {
    switch field {
    case "priority": priority = message.priority
    case "reserve": reserve = message.reserve
    case "weight": weight = message.weight
    case "batch": batch = message.batch
    case "rate_per_second": ratePerSecond = message.hasRatePerSecond ? message.ratePerSecond : nil
    case "send_deadline": sendDeadline = try TimeSpan(message.sendDeadline, field: field)
    case "retry.attempts": retry.attempts = message.retry.attempts
    case "retry.base": retry.base = try TimeSpan(message.retry.base, field: field)
    case "retry.cap": retry.cap = try TimeSpan(message.retry.cap, field: field)
    case "expires_after": expiresAfter = try TimeSpan(message.expiresAfter, field: field)
    case "paused": paused = message.paused
    case "allowed_sinks":
      guard message.allowedSinks.count <= Self.maximumAllowedSinks else {
        throw ModelError(field: field, "must be at most \(Self.maximumAllowedSinks)")
      }
      var sinks: [String] = []
      for sink in message.allowedSinks { sinks.append(try Self.sinkName(sink, field: field)) }
      allowedSinks = sinks
    default: break
    }
  }
}
