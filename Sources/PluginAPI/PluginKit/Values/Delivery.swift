/// Names one delivery while it is under way. Opaque.
public struct Ticket: Sendable, Hashable, RawRepresentable {
  /// The host's number; never 0.
  public let rawValue: UInt64

  /// A ticket by its number.
  public init(rawValue: UInt64) { self.rawValue = rawValue }
}

/// One event to be taken to one endpoint. A copy: a sink may keep it.
public struct Delivery: Sendable, Hashable {
  /// Names it to ``Host/complete(_:)``.
  public var ticket: Ticket
  /// 1 for the first attempt.
  public var attempt: Int
  /// The same on every attempt of this delivery, different for every other one. Hand it to the other side.
  public var idempotencyKey: String
  /// The address, resolved by the host; empty when the instance's configuration has the only one.
  public var endpoint: String
  /// What the last attempt's result asked to be given back.
  public var carry: String
  /// Complete by then: nanoseconds of `CLOCK_MONOTONIC`.
  public var deadlineMonotonicNanoseconds: Int64
  /// When the first attempt began: nanoseconds since 1970-01-01T00:00:00Z.
  public var firstAttemptNanoseconds: Int64
  /// How long after its due time this attempt began; never negative.
  public var lateNanoseconds: Int64
  /// The event.
  public var event: Event
  /// What it says.
  public var message: Message

  /// A delivery.
  public init(
    ticket: Ticket, attempt: Int = 1, idempotencyKey: String, endpoint: String = "", carry: String = "",
    deadlineMonotonicNanoseconds: Int64, firstAttemptNanoseconds: Int64, lateNanoseconds: Int64 = 0, event: Event,
    message: Message
  ) {
    self.ticket = ticket
    self.attempt = attempt
    self.idempotencyKey = idempotencyKey
    self.endpoint = endpoint
    self.carry = carry
    self.deadlineMonotonicNanoseconds = deadlineMonotonicNanoseconds
    self.firstAttemptNanoseconds = firstAttemptNanoseconds
    self.lateNanoseconds = lateNanoseconds
    self.event = event
    self.message = message
  }
}
