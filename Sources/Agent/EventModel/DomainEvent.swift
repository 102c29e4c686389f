/// Something that happened in a namespace, for those who watch it or subscribe to it: durable, and made of references.
public struct DomainEvent: Hashable, Sendable {
  /// What happened. The raw value is the topic: it stands on the wire, and a subscription names it like an event type.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// A user is new.
    case userCreated = "user.created"
    /// A user's time zone is another one.
    case userZoneChanged = "user.zone-changed"
    /// A date of a user was added, changed or removed.
    case userDateChanged = "user.date-changed"
    /// An event is in the ledger for the first time, to be sent; once for each event.
    case eventScheduled = "event.scheduled"
    /// An event has ended: some sink has it, and none failed for good. Once more when a replayed dead letter is delivered.
    case eventCompleted = "event.completed"
    /// An event has ended with a dead letter. Once more when a replayed one dies again.
    case eventFailed = "event.failed"
    /// Deliveries of a sink became dead letters: the first of a minute. Those of topics' own events do not count.
    case deadLetterCreated = "dead-letter.created"
    /// The circuit of a sink, or of one of its endpoints, opened: the first of a minute.
    case sinkCircuitOpened = "sink.circuit-opened"
    /// A sink, or one of its endpoints, was disabled because it is gone: the first of a minute.
    case sinkDisabled = "sink.disabled"
  }

  /// The event that it is about.
  public struct Subject: Hashable, Sendable {
    /// Which.
    public var identity: EventIdentity
    /// The schedule's id.
    public var scheduleID: String
    /// The event type's name.
    public var eventType: String
    /// When it is due, as its row says.
    public var dueAt: Timestamp
    /// Whether it is a test run.
    public var isTest: Bool

    /// Makes a subject.
    public init(
      identity: EventIdentity, scheduleID: String, eventType: String, dueAt: Timestamp, isTest: Bool = false
    ) {
      self.identity = identity
      self.scheduleID = scheduleID
      self.eventType = eventType
      self.dueAt = dueAt
      self.isTest = isTest
    }
  }

  /// Stable and unique within the store: `user.created-7`. Made of numbers, so that it tells nothing about anybody.
  public var id: String
  /// What happened.
  public var kind: Kind
  /// The namespace.
  public var namespace: String
  /// When.
  public var at: Timestamp
  /// The person it is about; nil when there is none, or none any more.
  public var userID: String?
  /// The event it is about; nil for a user's or a sink's.
  public var subject: Subject?
  /// The sink it is about, by name; nil for a user's or an event's.
  public var sink: String?
  /// Of a sink's: a code or a few words; nothing of a person.
  public var detail: String

  /// Makes one.
  public init(
    id: String, kind: Kind, namespace: String, at: Timestamp, userID: String? = nil, subject: Subject? = nil,
    sink: String? = nil, detail: String = ""
  ) {
    self.id = id
    self.kind = kind
    self.namespace = namespace
    self.at = at
    self.userID = userID
    self.subject = subject
    self.sink = sink
    self.detail = detail
  }
}

extension DomainEvent.Kind {
  /// Whether it is about a sink. Such ones come once for a sink and minute at most, whoever notes them.
  public var isAboutSink: Bool {
    switch self {
    case .deadLetterCreated, .sinkCircuitOpened, .sinkDisabled: true
    case .userCreated, .userZoneChanged, .userDateChanged, .eventScheduled, .eventCompleted, .eventFailed: false
    }
  }

  /// Whether an event type's name is a topic. Of events of such a type there are no domain events: they would make more of
  /// themselves without end.
  public static func isTopic(_ eventType: String) -> Bool { Self(rawValue: eventType) != nil }

  /// The topics, for people: `user.created, user.zone-changed, …`.
  public static var list: String { allCases.map(\.rawValue).joined(separator: ", ") }
}
