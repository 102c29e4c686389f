public import EventModel

/// What a re-plan of some schedules would change.
public struct ReplanPreview: Sendable {
  /// One pending occurrence, or what is to be said of its schedule.
  public struct Change: Hashable, Sendable {
    /// The schedule's id.
    public var scheduleID: String
    /// The person's id; nil for a broadcast.
    public var userID: String?
    /// The event type's name.
    public var eventType: String
    /// The zone that counts now.
    public var timeZone: String
    /// The occurrence key; empty when it is about the schedule.
    public var key: String
    /// When it is due as it is planned; nil when it is about the schedule.
    public var oldDue: Timestamp?
    /// When it would be due; nil when it would not take place any more.
    public var newDue: Timestamp?
    /// The queue that it would be in; empty when it would be in none.
    public var queue: String
    /// Why the schedule cannot be planned, or how many more there are; empty when it is about an occurrence.
    public var problem: String

    /// Makes a change.
    public init(
      scheduleID: String, userID: String? = nil, eventType: String, timeZone: String, key: String = "",
      oldDue: Timestamp? = nil, newDue: Timestamp? = nil, queue: String = "", problem: String = ""
    ) {
      self.scheduleID = scheduleID
      self.userID = userID
      self.eventType = eventType
      self.timeZone = timeZone
      self.key = key
      self.oldDue = oldDue
      self.newDue = newDue
      self.queue = queue
      self.problem = problem
    }
  }

  /// Schedules looked at.
  public var schedules: Int
  /// What would change; a bounded number for each schedule.
  public var changes: [Change]
  /// The token of the next page of schedules; empty when this is the last.
  public var next: String

  /// Makes a preview.
  public init(schedules: Int, changes: [Change], next: String) {
    self.schedules = schedules
    self.changes = changes
    self.next = next
  }
}
