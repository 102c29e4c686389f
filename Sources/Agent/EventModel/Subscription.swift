/// Event type (and an optional filter) → sink.
public struct Subscription: Hashable, Sendable {
  /// Every event type, but no topic of domain events: those are asked for by name.
  public static let anyEventType = "*"

  /// The namespace it belongs to.
  public var namespace: String
  /// Its id, as in `Names.checkID`.
  public var id: String
  /// An event type's name, the topic of a kind of domain events, or `*`.
  public var eventType: String
  /// Name of a sink in the same namespace.
  public var sink: String
  /// All must match: `user`, `schedule`, `queue` or `attributes.NAME` → the value it must equal.
  public var filter: [String: String]
  /// Must hold as well; nil: nothing more is asked.
  public var condition: Condition?
  /// When deliveries are held back; nil: never.
  public var quietHours: QuietHours?
  /// How events are gathered into one message; nil: each is sent by itself.
  public var digest: DigestRules?
  /// Counts changes; the etag is made of it. 0 in a draft.
  public var revision: Int64

  /// Makes a subscription.
  public init(
    namespace: String, id: String, eventType: String, sink: String, filter: [String: String] = [:],
    condition: Condition? = nil, quietHours: QuietHours? = nil, digest: DigestRules? = nil, revision: Int64 = 0
  ) {
    self.namespace = namespace
    self.id = id
    self.eventType = eventType
    self.sink = sink
    self.filter = filter
    self.condition = condition
    self.quietHours = quietHours
    self.digest = digest
    self.revision = revision
  }

  /// Checks names and filter keys.
  /// - Throws: `ModelError` with all violations at once.
  public func check() throws(ModelError) {
    var faults = Faults()
    faults.keep { () throws(ModelError) in try Names.checkName(namespace, field: "namespace") }
    faults.keep { () throws(ModelError) in try Names.checkID(id, field: "id") }
    if eventType != Self.anyEventType, !DomainEvent.Kind.isTopic(eventType) {
      faults.keep { () throws(ModelError) in
        // A name with a point is meant to be a topic.
        guard !eventType.utf8.contains(UInt8(ascii: ".")) else {
          throw ModelError(field: "event_type", "must be an event type's name, or a topic: \(DomainEvent.Kind.list)")
        }
        try Names.checkName(eventType, field: "event_type")
      }
    }
    faults.keep { () throws(ModelError) in try Names.checkName(sink, field: "sink") }
    for key in filter.keys.sorted() where !["user", "schedule", "queue"].contains(key) {
      guard key.hasPrefix("attributes."), key.utf8.count > 11 else {
        faults.found.append(
          .init(field: "filter.\(key.prefix(80))", message: "must be user, schedule, queue or attributes.NAME"))
        continue
      }
    }
    digest?.check(&faults)
    if digest != nil, DomainEvent.Kind.isTopic(eventType) {
      faults.found.append(.init(field: "digest", message: "must not be given for a topic: its events come one by one"))
    }
    try faults.check()
  }
}
