extension Subscription {
  /// Whether it wants an event of its namespace: its event type fits, and all of its filter matches. The one rule of
  /// routing, for sending and for previews alike.
  /// - Parameters:
  ///   - userID: the person's id; nil for a broadcast.
  ///   - attribute: the person's attribute of a name; nil when it has none, or when there is no person.
  public func wants(
    eventType: String, userID: String?, scheduleID: String, queue: String, attribute: (String) -> String?
  ) -> Bool {
    let isAny = self.eventType == Self.anyEventType && !DomainEvent.Kind.isTopic(eventType)
    guard isAny || self.eventType == eventType else { return false }
    return filter.allSatisfy { key, wanted in
      switch key {
      case "user": userID == wanted
      case "schedule": scheduleID == wanted
      case "queue": queue == wanted
      default: key.hasPrefix(Self.attributePrefix) && attribute(Self.attributeName(key)) == wanted
      }
    }
  }

  private static let attributePrefix = "attributes."

  private static func attributeName(_ key: String) -> String { String(key.dropFirst(attributePrefix.count)) }
}
