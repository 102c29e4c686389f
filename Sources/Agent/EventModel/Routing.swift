/// A configured instance of a sink plugin.
public struct Sink: Hashable, Sendable {
  /// What to do with a delivery that was sent and never answered.
  public enum OnUnknown: String, Hashable, Sendable, Codable, CaseIterable {
    /// Send it again, with the same idempotency key.
    case resend
    /// To the dead letters, for a person to decide.
    case park
  }

  /// The namespace it belongs to.
  public var namespace: String
  /// Its name, as in `Names.checkName`.
  public var name: String
  /// The sink plugin's name: `webhook`.
  public var plugin: String
  /// The instance's configuration, a JSON object valid by the plugin's schema. Holds references to secrets, no secrets.
  public var configurationJSON: String
  /// The kind of user address that deliveries go to (`webhook`, `email`); nil: the configuration has the only address.
  public var addressKind: String?
  /// The most sends in flight to it from one agent.
  public var maximumInFlight: Int32
  /// What to do when no answer comes.
  public var onUnknown: OnUnknown
  /// Why nothing is sent to it; nil when it is in use.
  public var disabledReason: String?
  /// The store's number; 0 in a draft.
  public var number: SinkNumber
  /// Counts changes; the etag is made of it. 0 in a draft.
  public var revision: Int64

  /// Makes a sink.
  public init(
    namespace: String, name: String, plugin: String, configurationJSON: String, addressKind: String? = nil,
    maximumInFlight: Int32 = Self.standardInFlight, onUnknown: OnUnknown = .resend, disabledReason: String? = nil,
    number: SinkNumber = .all, revision: Int64 = 0
  ) {
    self.namespace = namespace
    self.name = name
    self.plugin = plugin
    self.configurationJSON = configurationJSON
    self.addressKind = addressKind
    self.maximumInFlight = maximumInFlight
    self.onUnknown = onUnknown
    self.disabledReason = disabledReason
    self.number = number
    self.revision = revision
  }

  /// Sends in flight to one sink unless it says otherwise.
  public static let standardInFlight: Int32 = 2_000
  /// Longest configuration, in bytes.
  public static let maximumConfigurationBytes = 64 * 1_024

  /// Checks names and limits; not the configuration, which the plugin's schema knows.
  /// - Throws: `ModelError` with all violations at once.
  public func check() throws(ModelError) {
    var faults = Faults()
    faults.keep { () throws(ModelError) in try Names.checkName(namespace, field: "namespace") }
    faults.keep { () throws(ModelError) in try Names.checkName(name, field: "name") }
    faults.keep { () throws(ModelError) in try Names.checkName(plugin, field: "plugin") }
    if let addressKind {
      faults.keep { () throws(ModelError) in try Names.checkName(addressKind, field: "address_kind") }
    }
    if !(1...Queue.maximumInFlight).contains(maximumInFlight) {
      faults.found.append(.init(field: "max_in_flight", message: "must be 1 to \(Queue.maximumInFlight)"))
    }
    if configurationJSON.utf8.count > Self.maximumConfigurationBytes {
      faults.found.append(
        .init(field: "configuration", message: "must be at most \(Self.maximumConfigurationBytes) bytes of JSON"))
    }
    try faults.check()
  }
}

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
  /// Counts changes; the etag is made of it. 0 in a draft.
  public var revision: Int64

  /// Makes a subscription.
  public init(
    namespace: String, id: String, eventType: String, sink: String, filter: [String: String] = [:], revision: Int64 = 0
  ) {
    self.namespace = namespace
    self.id = id
    self.eventType = eventType
    self.sink = sink
    self.filter = filter
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
    try faults.check()
  }
}

/// The subscriptions and sinks as they stood at one routing revision. Immutable: every owner of a bucket that was
/// stamped with this revision sees the same set of sinks.
public struct Routing: Sendable {
  /// The revision.
  public var revision: Int64
  /// Every subscription in force, with the number of its sink.
  public var routes: [Route]

  /// One subscription in force.
  public struct Route: Hashable, Sendable {
    /// The subscription.
    public var subscription: Subscription
    /// Its sink's number.
    public var sink: SinkNumber

    /// Makes a route.
    public init(subscription: Subscription, sink: SinkNumber) {
      self.subscription = subscription
      self.sink = sink
    }
  }

  /// Makes a routing.
  public init(revision: Int64, routes: [Route]) {
    self.revision = revision
    self.routes = routes
  }
}
