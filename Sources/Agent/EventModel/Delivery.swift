/// The facts of an event that its type renders and its sinks see. A class: one event's deliveries share it.
public final class EventFacts: Sendable {
  /// `EventIdentity.text`.
  public let id: String
  /// The namespace.
  public let namespace: String
  /// The event type's name.
  public let type: String
  /// The schedule's id as people know it.
  public let scheduleID: String
  /// The occurrence key.
  public let occurrenceKey: String
  /// The zone that `local` is in.
  public let timeZone: String
  /// The person, if there is one.
  public let user: UserSnapshot?
  /// The schedule's definition, JSON.
  public let definitionJSON: String
  /// When it is due, local time.
  public let local: CivilFields
  /// When it is due.
  public let due: Timestamp
  /// Whether it is sent as a test.
  public let isTest: Bool
  /// The words chosen for its locale and sink, `MessageTemplate.partsJSON`; empty when there are none.
  public let templatesJSON: String

  /// Makes facts.
  public init(
    id: String, namespace: String, type: String, scheduleID: String, occurrenceKey: String, timeZone: String,
    user: UserSnapshot?, definitionJSON: String, local: CivilFields, due: Timestamp, isTest: Bool = false,
    templatesJSON: String = ""
  ) {
    self.id = id
    self.namespace = namespace
    self.type = type
    self.scheduleID = scheduleID
    self.occurrenceKey = occurrenceKey
    self.timeZone = timeZone
    self.user = user
    self.definitionJSON = definitionJSON
    self.local = local
    self.due = due
    self.isTest = isTest
    self.templatesJSON = templatesJSON
  }
}

/// One attempt of one event to one sink, as the sink is handed it.
public struct Delivery: Sendable {
  /// Names it among what is under way; the completion carries it back.
  public var id: UInt64
  /// The same on every attempt; no `.` in it.
  public var idempotencyKey: String
  /// The address, when the host resolved one; else empty.
  public var endpoint: String
  /// What the last attempt asked to be given back.
  public var carry: String
  /// 1 for the first.
  public var attempt: Int32
  /// How long it may take from now.
  public var timeLimit: TimeSpan
  /// When the first attempt began.
  public var firstAttemptAt: Timestamp
  /// How long after its due time this attempt began; never negative.
  public var lateness: TimeSpan
  /// The event.
  public var event: EventFacts
  /// What it says.
  public var message: Message

  /// Makes a delivery.
  public init(
    id: UInt64, idempotencyKey: String, endpoint: String, carry: String, attempt: Int32, timeLimit: TimeSpan,
    firstAttemptAt: Timestamp, lateness: TimeSpan, event: EventFacts, message: Message
  ) {
    self.id = id
    self.idempotencyKey = idempotencyKey
    self.endpoint = endpoint
    self.carry = carry
    self.attempt = attempt
    self.timeLimit = timeLimit
    self.firstAttemptAt = firstAttemptAt
    self.lateness = lateness
    self.event = event
    self.message = message
  }
}

/// How a sink says that an attempt ended.
public struct DeliveryResult: Hashable, Sendable {
  /// The sink's word for it.
  public enum Verdict: String, Hashable, Sendable, CaseIterable {
    /// The other side took it.
    case delivered
    /// May work later.
    case retry
    /// Will never work.
    case permanent
    /// Refused for its rate: later, uses up no attempt.
    case throttled
    /// Cancelled before anything was sent.
    case cancelled
    /// This address is gone for good.
    case endpointDisabled
    /// The whole sink is gone.
    case sinkDisabled
    /// Sent, and no answer.
    case unknown
  }

  /// The delivery's `id`.
  public var id: UInt64
  /// The sink's word.
  public var verdict: Verdict
  /// The wait that the other side named.
  public var retryAfter: TimeSpan?
  /// Stable and short: `http-503`.
  public var code: String
  /// For people.
  public var detail: String
  /// The other side's id for it.
  public var externalID: String
  /// To be given back with the next attempt.
  public var carry: String

  /// Makes a result.
  public init(
    id: UInt64, verdict: Verdict, retryAfter: TimeSpan? = nil, code: String = "", detail: String = "",
    externalID: String = "", carry: String = ""
  ) {
    self.id = id
    self.verdict = verdict
    self.retryAfter = retryAfter
    self.code = code
    self.detail = detail
    self.externalID = externalID
    self.carry = carry
  }
}
