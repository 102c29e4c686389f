public import EventModel

/// A schedule that the planner must look at.
public struct PlanningItem: Sendable {
  /// The schedule.
  public var schedule: ScheduleNumber
  /// Its namespace.
  public var namespace: String
  /// Its id as people know it.
  public var id: String
  /// The event type's name.
  public var eventType: String
  /// The definition, JSON.
  public var definitionJSON: String
  /// The person, if it has one.
  public var user: UserSnapshot?
  /// The zone that counts: the schedule's, else the user's, else `UTC`.
  public var timeZone: String
  /// What to do with a local time that the zone skips.
  public var gap: GapRule
  /// What to do with a local time that the zone has twice.
  public var fold: FoldRule
  /// The queue that counts: the schedule's, else the event type's.
  public var queue: String
  /// What to do with missed occurrences.
  public var catchUp: CatchUp
  /// False when the schedule or its user is paused or deleted: then there is nothing to plan, only to withdraw.
  public var isActive: Bool
  /// Occurrences before this are not planned: the moment of creation, or of the last resume.
  public var startAt: Timestamp
  /// Whether a series of one occurrence counts though its moment was before `startAt`: nothing was planned yet and nobody
  /// paused it, so that it is late, and not part of a pause.
  public var takesPast: Bool
  /// Where the series stands; nil when nothing was planned yet.
  public var cursor: OccurrenceCursor?
  /// Whether what is pending must be planned anew: definition, user or zone rules changed. Then `pending` is filled.
  public var isReplan: Bool
  /// First rows of occurrences that are planned and not settled, when `isReplan`.
  public var pending: [PendingOccurrence]
  /// Keys among recent occurrences that have a final receipt other than a withdrawal; when `isReplan`. At most 1,000, the
  /// newest.
  public var settledKeys: [String]
  /// Counts every change of the row, by people or by the planner; a plan holds only while it matches.
  public var planRevision: Int64
  /// What people said about single occurrences; a change of them asks for a re-plan.
  public var exceptions: [OccurrenceException]

  /// An occurrence that is planned and not settled.
  public struct PendingOccurrence: Hashable, Sendable {
    /// The occurrence key.
    public var key: String
    /// When it is due as planned.
    public var dueAt: Timestamp
    /// The queue it was planned into.
    public var queue: String
    /// Whether an agent owns its bucket: then it is changed through a command.
    public var isOwned: Bool

    /// Makes a pending occurrence.
    public init(key: String, dueAt: Timestamp, queue: String, isOwned: Bool) {
      self.key = key
      self.dueAt = dueAt
      self.queue = queue
      self.isOwned = isOwned
    }
  }

  /// Makes an item.
  public init(
    schedule: ScheduleNumber, namespace: String, id: String, eventType: String, definitionJSON: String,
    user: UserSnapshot?, timeZone: String, gap: GapRule, fold: FoldRule, queue: String, catchUp: CatchUp,
    isActive: Bool, startAt: Timestamp, takesPast: Bool = false, cursor: OccurrenceCursor?, isReplan: Bool,
    pending: [PendingOccurrence], settledKeys: [String], planRevision: Int64, exceptions: [OccurrenceException] = []
  ) {
    self.schedule = schedule
    self.namespace = namespace
    self.id = id
    self.eventType = eventType
    self.definitionJSON = definitionJSON
    self.user = user
    self.timeZone = timeZone
    self.gap = gap
    self.fold = fold
    self.queue = queue
    self.catchUp = catchUp
    self.isActive = isActive
    self.startAt = startAt
    self.takesPast = takesPast
    self.cursor = cursor
    self.isReplan = isReplan
    self.pending = pending
    self.settledKeys = settledKeys
    self.planRevision = planRevision
    self.exceptions = exceptions
  }
}

/// An event to be inserted.
public struct PlannedEvent: Hashable, Sendable {
  /// The occurrence key.
  public var key: String
  /// When it is due.
  public var dueAt: Timestamp
  /// When it may start: `max(dueAt, now)`.
  public var runAt: Timestamp
  /// The zone that its local time is in.
  public var timeZone: String
  /// The queue.
  public var queue: String
  /// Set when it is closed at once, because it was missed and its catch-up policy does not send it.
  public var closedAs: Closed?

  /// How a planned event is closed at once.
  public struct Closed: Hashable, Sendable {
    /// `.skipped` or `.merged`.
    public var outcome: Outcome
    /// A `SkipReason`, or `catch-up-merge`.
    public var code: String
    /// For people.
    public var detail: String

    /// Makes it.
    public init(outcome: Outcome, code: String, detail: String) {
      self.outcome = outcome
      self.code = code
      self.detail = detail
    }
  }

  /// Makes a planned event.
  public init(
    key: String, dueAt: Timestamp, runAt: Timestamp, timeZone: String, queue: String, closedAs: Closed? = nil
  ) {
    self.key = key
    self.dueAt = dueAt
    self.runAt = runAt
    self.timeZone = timeZone
    self.queue = queue
    self.closedAs = closedAs
  }
}

/// What the planner decided about one schedule.
public struct SchedulePlan: Sendable {
  /// The schedule.
  public var schedule: ScheduleNumber
  /// Holds only while the row still has this `planRevision`.
  public var planRevision: Int64
  /// Where the series stands after this plan; nil: leave as it is.
  public var cursor: OccurrenceCursor?
  /// When the planner must look again: the due time of the first occurrence beyond the horizon; nil: the series is over.
  public var nextDue: Timestamp?
  /// Key of that occurrence; empty when there is none.
  public var nextKey: String
  /// New events. The store leaves out a key that already has a row that is pending or finally settled; a key that was only
  /// withdrawn, or skipped because of a pause, is planned again.
  public var events: [PlannedEvent]
  /// Pending occurrences to withdraw, by key (re-plan only): closed as cancelled, with the code `SkipReason.withdrawn`.
  /// Owned ones get a command. A re-plan that does not name a key takes back what was asked of its owner before.
  public var withdrawals: [String]
  /// Pending occurrences whose due time or queue changes (re-plan only). Owned ones get a command; those of which a sink
  /// has an outcome already stay as they are.
  public var moves: [Move]
  /// Why it could not be planned; empty when it was. A schedule with an error is looked at again at `nextDue`.
  public var error: String

  /// A pending occurrence at another time or in another queue.
  public struct Move: Hashable, Sendable {
    /// The occurrence key.
    public var key: String
    /// When it is due now.
    public var dueAt: Timestamp
    /// When it may start.
    public var runAt: Timestamp
    /// Its queue now.
    public var queue: String
    /// The zone that its local time is in.
    public var timeZone: String

    /// Makes a move.
    public init(key: String, dueAt: Timestamp, runAt: Timestamp, queue: String, timeZone: String) {
      self.key = key
      self.dueAt = dueAt
      self.runAt = runAt
      self.queue = queue
      self.timeZone = timeZone
    }
  }

  /// Makes a plan.
  public init(
    schedule: ScheduleNumber, planRevision: Int64, cursor: OccurrenceCursor?, nextDue: Timestamp?, nextKey: String = "",
    events: [PlannedEvent] = [], withdrawals: [String] = [], moves: [Move] = [], error: String = ""
  ) {
    self.schedule = schedule
    self.planRevision = planRevision
    self.cursor = cursor
    self.nextDue = nextDue
    self.nextKey = nextKey
    self.events = events
    self.withdrawals = withdrawals
    self.moves = moves
    self.error = error
  }
}

/// What became of a batch of plans.
public struct PlanAnswer: Sendable {
  /// How many schedules were advanced.
  public var planned: Int
  /// How many event rows were inserted.
  public var events: Int
  /// Schedules that had changed meanwhile; nothing of their plans was kept.
  public var conflicts: [ScheduleNumber]

  /// Makes an answer.
  public init(planned: Int, events: Int, conflicts: [ScheduleNumber]) {
    self.planned = planned
    self.events = events
    self.conflicts = conflicts
  }
}

/// A single event that somebody asks for now or at an instant: an ended schedule and its one event, made together.
public struct OneOff: Sendable {
  /// The schedule that carries its definition; its state becomes `.ended`.
  public var schedule: Schedule
  /// Its one event.
  public var event: PlannedEvent
  /// Unique within (namespace, event type): asking again with the same key answers the same event.
  public var idempotencyKey: String
  /// Name of the only sink it goes to; nil: what the routing names. An unknown one is refused.
  public var sink: String?

  /// Makes a one-off.
  public init(schedule: Schedule, event: PlannedEvent, idempotencyKey: String, sink: String? = nil) {
    self.schedule = schedule
    self.event = event
    self.idempotencyKey = idempotencyKey
    self.sink = sink
  }
}

/// What became of a one-off.
public enum Submission: Hashable, Sendable {
  /// It is in the ledger.
  case created(EventIdentity)
  /// An event with this idempotency key is there already.
  case existing(EventIdentity)
  /// It names something that does not exist, or breaks a rule; nothing of it was kept.
  case refused(ModelError)
}

/// What became of a batch of one-offs, and the buckets that the caller owns by it.
public struct SubmissionAnswer: Sendable {
  /// One for each, in order.
  public var submissions: [Submission]
  /// New buckets that were made already owned by the caller's lease.
  public var owned: [ClaimedBucket]

  /// Makes an answer.
  public init(submissions: [Submission], owned: [ClaimedBucket]) {
    self.submissions = submissions
    self.owned = owned
  }
}

/// Planning: schedules become events, each occurrence once only.
public protocol PlanningStore: Sendable {
  /// The most schedules that one `commitPlan` takes.
  static var maximumPlansPerTransaction: Int { get }

  /// Schedules that must be looked at: next occurrence due before `horizon`, or new, or to be planned anew. At most
  /// `limit`: first those that fall to `share`, the earliest first; and only where these are fewer, others that have been
  /// waiting to be planned for over ``PlanningShare/patience``.
  func schedulesToPlan(
    dueBefore horizon: Timestamp, limit: Int, share: PlanningShare, now: Timestamp
  ) async throws(StoreError) -> [PlanningItem]

  /// Advances schedules and inserts their events, all in one transaction; makes new buckets of at most
  /// `LedgerLimits.eventsPerBucket` events. A schedule whose `planRevision` no longer matches is left out.
  func commitPlan(_ plans: [SchedulePlan], now: Timestamp) async throws(StoreError) -> PlanAnswer

  /// Asks for a re-plan of every active schedule whose zone is one of these, because their rules changed. Answers how many.
  func markForReplan(timeZones: Set<String>, now: Timestamp) async throws(StoreError) -> Int

  /// Makes one-offs, durably. Events that may start within `LedgerLimits.claimAhead` are made already owned by `owner`,
  /// if one is given (and its lease holds), so that they skip the claim.
  func submit(_ oneOffs: [OneOff], owner: AgentLease?, now: Timestamp) async throws(StoreError) -> SubmissionAnswer
}

extension PlanningStore {
  /// Schedules that must be looked at, by whomever.
  public func schedulesToPlan(dueBefore horizon: Timestamp, limit: Int) async throws(StoreError) -> [PlanningItem] {
    // The whole needs no instant: nothing is left to others.
    try await schedulesToPlan(dueBefore: horizon, limit: limit, share: .whole, now: horizon)
  }
}
