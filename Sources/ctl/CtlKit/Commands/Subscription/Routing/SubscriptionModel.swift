import ControlAPI
import EventModel
import SwiftProtobuf

extension Subscription {
  /// The agent's own model of what the API, or a file, says.
  init(_ message: Carillon_V1_Subscription, namespace: String) throws(CtlError) {
    let id = ResourceName.id(message.name)
    do throws(ModelError) {
      self.init(
        namespace: namespace, id: id, eventType: message.eventType, sink: ResourceName.id(message.sink),
        filter: message.filter, condition: message.condition.isEmpty ? nil : try Condition(message.condition),
        quietHours: message.hasQuietHours
          ? try QuietHours(from: message.quietHours.from, until: message.quietHours.until) : nil,
        digest: message.hasDigest ? DigestRules(message.digest) : nil)
      try check()
    } catch {
      throw CtlError(
        .invalidArgument, "subscription \(id) cannot be",
        violations: error.violations.map { .init(field: $0.field, reason: $0.message) })
    }
  }
}

extension DigestRules {
  fileprivate init(_ message: Carillon_V1_Subscription.Digest) {
    let (product, isTooLong) = message.window.seconds.multipliedReportingOverflow(by: 1_000_000)
    self.init(
      // What is too long is so in the model, too, which refuses it.
      window: .init(microseconds: isTooLong ? .max : product &+ Int64(message.window.nanos) / 1_000),
      maximumEvents: message.maxEvents == 0 ? Self.standardEvents : message.maxEvents)
  }
}

extension Condition.Field {
  /// As conditions name it.
  var text: String {
    switch self {
    case .eventType: "event.type"
    case .schedule: "event.schedule"
    case .queue: "event.queue"
    case .key: "event.key"
    case .test: "event.test"
    case .definition(let name): "definition.\(name)"
    case .userID: "user.id"
    case .name(let name): "user.\(name)"
    case .locale: "user.locale"
    case .userTimeZone: "user.time_zone"
    case .attribute(let name): "user.attributes.\(name)"
    case .address(let kind): "user.addresses.\(kind)"
    }
  }
}
