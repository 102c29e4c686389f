public import EventModel

/// Which pending events to move; all that is named must fit.
public struct MoveFilter: Hashable, Sendable {
  /// The namespace.
  public var namespace: String
  /// Only of this queue.
  public var fromQueue: String?
  /// Only of this event type.
  public var eventType: String?
  /// Only of this schedule.
  public var scheduleID: String?
  /// Only of this user.
  public var userID: String?
  /// Due at or after this.
  public var dueFrom: Timestamp?
  /// Due before this.
  public var dueBefore: Timestamp?

  /// Makes a filter.
  public init(
    namespace: String, fromQueue: String? = nil, eventType: String? = nil, scheduleID: String? = nil,
    userID: String? = nil, dueFrom: Timestamp? = nil, dueBefore: Timestamp? = nil
  ) {
    self.namespace = namespace
    self.fromQueue = fromQueue
    self.eventType = eventType
    self.scheduleID = scheduleID
    self.userID = userID
    self.dueFrom = dueFrom
    self.dueBefore = dueBefore
  }
}

/// What one step of a long change did.
public struct BulkStep: Hashable, Sendable {
  /// Event rows that fit: those changed, asked about and refused.
  public var matched: Int
  /// Changed, durably.
  public var changed: Int
  /// Commands to the agents that own rows, one for each: see ``BulkStore/commandCounts(_:)``.
  public var commands: [Int64]
  /// Too late for them.
  public var refused: Int
  /// Where the next step goes on; empty: this was the last one.
  public var next: String

  /// Makes an answer.
  public init(matched: Int = 0, changed: Int = 0, commands: [Int64] = [], refused: Int = 0, next: String = "") {
    self.matched = matched
    self.changed = changed
    self.commands = commands
    self.refused = refused
    self.next = next
  }
}

/// How commands stand.
public struct CommandCounts: Hashable, Sendable {
  /// Not answered yet.
  public var open: Int
  /// Done as asked.
  public var done: Int
  /// Too late.
  public var tooLate: Int

  /// Makes counts.
  public init(open: Int = 0, done: Int = 0, tooLate: Int = 0) {
    self.open = open
    self.done = done
    self.tooLate = tooLate
  }
}

/// Changes of many events, step by step: each step is a transaction of its own with an audit record of its own, so that the
/// caller tells its progress, and can stop, between two. What was planned after the first step may be left out.
public protocol BulkStore: Sendable {
  /// The most rows that one step changes.
  static var maximumRowsPerStep: Int { get }

  /// Moves the next pending rows that fit to another queue, as ``ResourceStore/move(_:dueAt:queue:actor:now:)`` does; their
  /// due times stay. Rows that are in that queue already do not fit. Schedules keep their own queue: what is planned later
  /// goes there.
  /// - Parameters:
  ///   - cursor: `BulkStep.next` of the step before; empty for the first.
  ///   - limit: the most rows that this step changes, 1 to ``maximumRowsPerStep``.
  /// - Throws: `.invalid` for an unknown queue.
  func moveEvents(
    _ filter: MoveFilter, to queue: String, reason: String, after cursor: String, limit: Int, actor: Actor,
    now: Timestamp
  ) async throws(StoreError) -> BulkStep

  /// Cancels the next pending rows of a queue, as ``ResourceStore/cancel(_:reason:actor:now:)`` does, in all namespaces. What
  /// is being sent goes on.
  /// - Parameter dueBefore: only those due before it; nil: all.
  /// - Throws: `.notFound` for an unknown queue.
  func purge(
    queue: String, dueBefore: Timestamp?, reason: String, after cursor: String, limit: Int, actor: Actor,
    now: Timestamp
  ) async throws(StoreError) -> BulkStep

  /// How some commands of ``BulkStep/commands`` stand. Those that are gone count as too late.
  func commandCounts(_ ids: [Int64]) async throws(StoreError) -> CommandCounts
}
