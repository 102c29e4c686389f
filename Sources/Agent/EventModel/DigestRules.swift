/// How a subscription gathers events into one message: those of one person (of all events without one, where there is no
/// person), for a time or up to a count, whichever comes first.
public struct DigestRules: Hashable, Sendable, Codable {
  /// How long after the first event the digest is sent.
  public var window: TimeSpan
  /// With so many events it is sent at once.
  public var maximumEvents: Int32

  /// The host's own event type, whose events are digests. Nobody can schedule it.
  public static let eventType = "digest"

  /// The most events that one digest can have.
  public static let mostEvents: Int32 = 100
  /// So many, unless something else is said.
  public static let standardEvents: Int32 = 50

  /// Makes rules.
  public init(window: TimeSpan, maximumEvents: Int32 = Self.standardEvents) {
    self.window = window
    self.maximumEvents = maximumEvents
  }

  func check(_ faults: inout Faults) {
    faults.require(
      window >= .seconds(1) && window <= .hours(24 * 7), "digest.window", "must be 1 s to 7 days")
    faults.require(
      (2...Self.mostEvents).contains(maximumEvents), "digest.max_events", "must be 2 to \(Self.mostEvents)")
  }
}
