/// What a person said about one occurrence of a schedule: not this one, or this one at another time.
public struct OccurrenceException: Hashable, Sendable, Codable {
  /// What becomes of the occurrence.
  public enum Action: Hashable, Sendable, Codable {
    /// It is not sent: planned, it is closed as skipped with the code `SkipReason.requested`.
    case skip
    /// It is at another local time of the schedule's zone. It keeps its key, and so its event its id.
    case move(to: CivilFields)
  }

  /// The occurrence's key within its schedule.
  public var key: String
  /// What becomes of it.
  public var action: Action
  /// Why, for people; may be empty.
  public var reason: String
  /// When it was said; ignored in a draft.
  public var createdAt: Timestamp

  /// Makes an exception.
  public init(key: String, action: Action, reason: String = "", createdAt: Timestamp = Timestamp(microseconds: 0)) {
    self.key = key
    self.action = action
    self.reason = reason
    self.createdAt = createdAt
  }

  /// Most exceptions of one schedule.
  public static let maximumPerSchedule = 100
  /// Longest reason, in bytes.
  public static let maximumReasonBytes = 500
  /// How long after it was said an exception is kept: longer than occurrences can be asked for ahead, so that it is past.
  public static let keptFor = TimeSpan.hours(500 * 24)

  /// Checks key and reason; not the time, which CivilTime knows.
  /// - Throws: `ModelError` with all violations at once.
  public func check() throws(ModelError) {
    var faults = Faults()
    faults.keep { () throws(ModelError) in try Names.checkKey(key, field: "occurrence_key") }
    if reason.utf8.count > Self.maximumReasonBytes {
      faults.found.append(.init(field: "reason", message: "must be at most \(Self.maximumReasonBytes) bytes"))
    }
    try faults.check()
  }
}

/// That every agent of a store starts nothing more, until a person resumes all.
public struct StopOrder: Hashable, Sendable {
  /// Since when.
  public var at: Timestamp
  /// Who ordered it.
  public var actor: String
  /// Why; may be empty.
  public var reason: String

  /// Makes an order.
  public init(at: Timestamp, actor: String, reason: String) {
    self.at = at
    self.actor = actor
    self.reason = reason
  }
}
