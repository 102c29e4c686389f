/// A named priority queue and its limits. All of them can change while it runs, within 2 s on every agent.
public struct Queue: Hashable, Sendable, Codable {
  /// The name, as in `Names.checkName`.
  public var name: String
  /// Which queue goes first: a higher number first. Claims weigh it so that none starves.
  public var priority: Int32
  /// Sends in flight per agent that are kept for this queue.
  public var reserve: Int32
  /// Its share of what is not reserved.
  public var weight: Int32
  /// The most events that one call of a sink takes.
  public var batch: Int32
  /// Sends per second over the whole fleet; nil: unlimited.
  public var ratePerSecond: Double?
  /// How long one attempt may take.
  public var sendDeadline: TimeSpan
  /// When failed attempts are tried again.
  public var retry: RetryPolicy
  /// How long after its due time an undelivered event is closed as expired.
  public var expiresAfter: TimeSpan
  /// Nothing starts while paused; expiry goes on.
  public var paused: Bool
  /// Names of the only sinks that this queue's events may go to; empty: all.
  public var allowedSinks: [String]
  /// Counts changes; the etag is made of it.
  public var revision: Int64

  /// Makes a queue.
  public init(
    name: String, priority: Int32, reserve: Int32, weight: Int32, batch: Int32, ratePerSecond: Double? = nil,
    sendDeadline: TimeSpan, retry: RetryPolicy, expiresAfter: TimeSpan, paused: Bool = false,
    allowedSinks: [String] = [], revision: Int64 = 1
  ) {
    self.name = name
    self.priority = priority
    self.reserve = reserve
    self.weight = weight
    self.batch = batch
    self.ratePerSecond = ratePerSecond
    self.sendDeadline = sendDeadline
    self.retry = retry
    self.expiresAfter = expiresAfter
    self.paused = paused
    self.allowedSinks = allowedSinks
    self.revision = revision
  }
}

extension Queue {
  /// The most sends that one agent has in flight over all queues.
  public static let maximumInFlight: Int32 = 4_000

  /// Birthdays and marked events.
  public static let critical = Queue(
    name: "critical", priority: 400, reserve: 2_000, weight: 8, batch: 5, sendDeadline: .seconds(30),
    retry: RetryPolicy(attempts: 3, base: .seconds(5), cap: .minutes(10)), expiresAfter: .hours(24))
  /// Anniversaries.
  public static let high = Queue(
    name: "high", priority: 300, reserve: 500, weight: 4, batch: 10, sendDeadline: .seconds(30),
    retry: RetryPolicy(attempts: 3, base: .seconds(10), cap: .minutes(15)), expiresAfter: .hours(48))
  /// Reminders.
  public static let normal = Queue(
    name: "normal", priority: 200, reserve: 500, weight: 2, batch: 10, sendDeadline: .seconds(60),
    retry: RetryPolicy(attempts: 5, base: .seconds(15), cap: .minutes(30)), expiresAfter: .hours(72))
  /// Notifications and bulk.
  public static let low = Queue(
    name: "low", priority: 100, reserve: 0, weight: 1, batch: 20, sendDeadline: .seconds(120),
    retry: RetryPolicy(attempts: 5, base: .seconds(30), cap: .hours(1)), expiresAfter: .hours(7 * 24))

  /// The queues that a new store has.
  public static let standard: [Queue] = [.critical, .high, .normal, .low]

  /// The queue of an event type whose schedule names none.
  public static func standardName(eventType: String) -> String {
    switch eventType {
    case "birthday": critical.name
    case "anniversary": high.name
    case "reminder": normal.name
    case DomainEvent.Kind.userCreated.rawValue, DomainEvent.Kind.userZoneChanged.rawValue,
      DomainEvent.Kind.userDateChanged.rawValue, DomainEvent.Kind.eventFailed.rawValue,
      DomainEvent.Kind.deadLetterCreated.rawValue, DomainEvent.Kind.sinkCircuitOpened.rawValue,
      DomainEvent.Kind.sinkDisabled.rawValue, DigestRules.eventType:
      normal.name
    default: low.name
    }
  }

  /// Checks every limit.
  /// - Throws: `ModelError` with all violations at once.
  public func check() throws(ModelError) {
    var violations: [ModelError.Violation] = []
    func require(_ condition: Bool, _ field: String, _ message: String) {
      if !condition { violations.append(.init(field: field, message: message)) }
    }
    do { try Names.checkName(name, field: "name") } catch { violations += error.violations }
    require((1...1_000).contains(priority), "priority", "must be 1 to 1000")
    require((0...Self.maximumInFlight).contains(reserve), "reserve", "must be 0 to \(Self.maximumInFlight)")
    require((1...1_000).contains(weight), "weight", "must be 1 to 1000")
    require((1...1_000).contains(batch), "batch", "must be 1 to 1000")
    if let rate = ratePerSecond {
      require(rate > 0 && rate <= 1_000_000, "rate_per_second", "must be over 0 and at most 1000000")
    }
    require(
      sendDeadline >= .milliseconds(100) && sendDeadline <= .minutes(15), "send_deadline",
      "must be 0.1 s to 15 min")
    require((1...100).contains(retry.attempts), "retry.attempts", "must be 1 to 100")
    require(
      retry.base >= .milliseconds(50) && retry.base <= .hours(24), "retry.base", "must be 0.05 s to 24 h")
    require(retry.cap >= retry.base && retry.cap <= .hours(24), "retry.cap", "must be retry.base to 24 h")
    require(
      expiresAfter >= .seconds(1) && expiresAfter <= .hours(60 * 24), "expires_after", "must be 1 s to 60 days")
    guard violations.isEmpty else { throw ModelError(violations: violations) }
  }
}
