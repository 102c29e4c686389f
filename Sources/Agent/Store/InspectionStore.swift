public import EventModel

/// A page of a listing: what comes after a token, at most `size`.
public struct PageRequest: Hashable, Sendable {
  /// The largest page.
  public static let maximumSize = 1_000

  /// How many at most, 1 to `maximumSize`.
  public var size: Int
  /// `Page.next` of the page before; empty for the first.
  public var token: String

  /// Makes a request.
  public init(size: Int, token: String = "") {
    self.size = size
    self.token = token
  }
}

/// One page of a listing.
public struct Page<Item: Sendable>: Sendable {
  /// The items.
  public var items: [Item]
  /// The token of the next page; empty when this is the last.
  public var next: String

  /// Makes a page.
  public init(items: [Item], next: String) {
    self.items = items
    self.next = next
  }
}

/// Which schedules to list.
public struct ScheduleFilter: Hashable, Sendable {
  /// Only this user's.
  public var userID: String?
  /// Only of this event type.
  public var eventType: String?
  /// Only in this state; nil: all but deleted.
  public var state: Schedule.State?

  /// Makes a filter.
  public init(userID: String? = nil, eventType: String? = nil, state: Schedule.State? = nil) {
    self.userID = userID
    self.eventType = eventType
    self.state = state
  }
}

/// Which events to list.
public struct EventFilter: Hashable, Sendable {
  /// Only in one of these states; empty: all.
  public var states: Set<EventState>
  /// Only this user's.
  public var userID: String?
  /// Only of this schedule.
  public var scheduleID: String?
  /// Only of this event type.
  public var eventType: String?
  /// Due at or after this.
  public var dueFrom: Timestamp?
  /// Due before this.
  public var dueBefore: Timestamp?

  /// Makes a filter.
  public init(
    states: Set<EventState> = [], userID: String? = nil, scheduleID: String? = nil, eventType: String? = nil,
    dueFrom: Timestamp? = nil, dueBefore: Timestamp? = nil
  ) {
    self.states = states
    self.userID = userID
    self.scheduleID = scheduleID
    self.eventType = eventType
    self.dueFrom = dueFrom
    self.dueBefore = dueBefore
  }
}

/// An event as people see it.
public struct EventSummary: Hashable, Sendable {
  /// What it is.
  public var identity: EventIdentity
  /// The namespace.
  public var namespace: String
  /// The schedule's id.
  public var scheduleID: String
  /// The person's id; nil for a broadcast.
  public var userID: String?
  /// The event type's name.
  public var eventType: String
  /// The queue.
  public var queue: String
  /// When it is due.
  public var dueAt: Timestamp
  /// The zone its local time is in.
  public var timeZone: String
  /// Derived from the ledger.
  public var state: EventState
  /// The highest attempt so far.
  public var attempt: Int32
  /// When it came to its final state; nil before.
  public var settledAt: Timestamp?
  /// Whether it is a test run.
  public var isTest: Bool

  /// Makes a summary.
  public init(
    identity: EventIdentity, namespace: String, scheduleID: String, userID: String?, eventType: String, queue: String,
    dueAt: Timestamp, timeZone: String, state: EventState, attempt: Int32, settledAt: Timestamp?, isTest: Bool = false
  ) {
    self.identity = identity
    self.namespace = namespace
    self.scheduleID = scheduleID
    self.userID = userID
    self.eventType = eventType
    self.queue = queue
    self.dueAt = dueAt
    self.timeZone = timeZone
    self.state = state
    self.attempt = attempt
    self.settledAt = settledAt
    self.isTest = isTest
  }
}

/// One step of an event's history.
public struct EventStep: Hashable, Sendable {
  /// What happened.
  public enum Kind: Hashable, Sendable {
    /// A row was written: planned, a retry, a deferral, a move.
    case row(attempt: Int32, hop: Int32, runAt: Timestamp, dueAt: Timestamp, queue: String)
    /// An agent took its bucket.
    case claimed(agent: String, epoch: Int64)
    /// A receipt.
    case receipt(
      outcome: Outcome, code: String, detail: String, externalID: String, attempt: Int32, hop: Int32,
      startedAt: Timestamp?)
  }

  /// When.
  public var at: Timestamp
  /// What happened.
  public var kind: Kind
  /// The sink's name; empty when all or none.
  public var sink: String

  /// Makes a step.
  public init(at: Timestamp, kind: Kind, sink: String) {
    self.at = at
    self.kind = kind
    self.sink = sink
  }
}

/// A queue's load, from its buckets.
public struct QueueDepth: Hashable, Sendable {
  /// The queue.
  public var queue: String
  /// Events of open buckets that are due by now, settled ones included.
  public var due: Int
  /// Events of open buckets in all.
  public var open: Int
  /// The earliest minute of an open bucket that is due; nil when none is.
  public var oldestDue: Timestamp?

  /// Makes a depth.
  public init(queue: String, due: Int, open: Int, oldestDue: Timestamp?) {
    self.queue = queue
    self.due = due
    self.open = open
    self.oldestDue = oldestDue
  }
}

/// A delivery that used up its attempts or failed for good.
public struct DeadLetter: Hashable, Sendable {
  /// Its number.
  public var id: Int64
  /// The event.
  public var identity: EventIdentity
  /// The namespace.
  public var namespace: String
  /// The schedule's id.
  public var scheduleID: String
  /// The person's id; nil for a broadcast.
  public var userID: String?
  /// The event type's name.
  public var eventType: String
  /// The sink's name.
  public var sink: String
  /// When it was due.
  public var dueAt: Timestamp
  /// When it died.
  public var diedAt: Timestamp
  /// Attempts made.
  public var attempts: Int32
  /// The last outcome's code.
  public var code: String
  /// The last outcome's detail.
  public var detail: String
  /// The message, whole.
  public var message: Message

  /// Makes a dead letter.
  public init(
    id: Int64, identity: EventIdentity, namespace: String, scheduleID: String, userID: String? = nil,
    eventType: String, sink: String, dueAt: Timestamp, diedAt: Timestamp, attempts: Int32, code: String, detail: String,
    message: Message
  ) {
    self.id = id
    self.identity = identity
    self.namespace = namespace
    self.scheduleID = scheduleID
    self.userID = userID
    self.eventType = eventType
    self.sink = sink
    self.dueAt = dueAt
    self.diedAt = diedAt
    self.attempts = attempts
    self.code = code
    self.detail = detail
    self.message = message
  }
}

/// Which dead letters to list.
public struct DeadLetterFilter: Hashable, Sendable {
  /// Only of this sink, by name.
  public var sink: String?
  /// Only with this code.
  public var code: String?
  /// Only of this user.
  public var userID: String?
  /// Died at or after this.
  public var diedFrom: Timestamp?
  /// Died before this.
  public var diedBefore: Timestamp?

  /// Makes a filter.
  public init(
    sink: String? = nil, code: String? = nil, userID: String? = nil, diedFrom: Timestamp? = nil,
    diedBefore: Timestamp? = nil
  ) {
    self.sink = sink
    self.code = code
    self.userID = userID
    self.diedFrom = diedFrom
    self.diedBefore = diedBefore
  }
}

/// A message that is kept for a pending retry.
public struct StoredMessage: Hashable, Sendable {
  /// The event.
  public var identity: EventIdentity
  /// The sink's name.
  public var sink: String
  /// The message.
  public var message: Message

  /// Makes it.
  public init(identity: EventIdentity, sink: String, message: Message) {
    self.identity = identity
    self.sink = sink
    self.message = message
  }
}

/// A receipt as a watcher sees it.
public struct WatchedReceipt: Hashable, Sendable {
  /// The event.
  public var identity: EventIdentity
  /// The namespace.
  public var namespace: String
  /// The sink's name; empty when none.
  public var sink: String
  /// How it ended.
  public var outcome: Outcome
  /// Stable and short.
  public var code: String
  /// When.
  public var doneAt: Timestamp

  /// Makes a watched receipt.
  public init(
    identity: EventIdentity, namespace: String, sink: String, outcome: Outcome, code: String, doneAt: Timestamp
  ) {
    self.identity = identity
    self.namespace = namespace
    self.sink = sink
    self.outcome = outcome
    self.code = code
    self.doneAt = doneAt
  }
}

/// The ledger's sums over a period, by which "nothing lost" is proven.
public struct LedgerCheck: Hashable, Sendable {
  /// Event rows.
  public var rows: Int
  /// Rows with exactly one closing receipt.
  public var closedOnce: Int
  /// Rows whose bucket is closed, and that have no closing receipt: lost. Must be 0.
  public var lost: Int
  /// Rows with more than one closing receipt. Must be 0.
  public var closedTwice: Int
  /// Rows still open in an open bucket.
  public var open: Int
  /// Receipts by outcome.
  public var outcomes: [Outcome: Int]

  /// Makes a check.
  public init(rows: Int, closedOnce: Int, lost: Int, closedTwice: Int, open: Int, outcomes: [Outcome: Int]) {
    self.rows = rows
    self.closedOnce = closedOnce
    self.lost = lost
    self.closedTwice = closedTwice
    self.open = open
    self.outcomes = outcomes
  }
}

/// Reading, for people and for the control plane. Listings are ordered by id unless said otherwise.
public protocol InspectionStore: Sendable {
  /// - Throws: `.notFound`.
  func user(namespace: String, id: String) async throws(StoreError) -> User
  /// Users of a namespace.
  func users(namespace: String, page: PageRequest) async throws(StoreError) -> Page<User>
  /// - Throws: `.notFound`.
  func schedule(namespace: String, id: String) async throws(StoreError) -> Schedule
  /// Schedules of a namespace.
  func schedules(namespace: String, filter: ScheduleFilter, page: PageRequest) async throws(StoreError) -> Page<
    Schedule
  >
  /// - Throws: `.notFound`.
  func sink(namespace: String, name: String) async throws(StoreError) -> Sink
  /// Sinks of a namespace.
  func sinks(namespace: String, page: PageRequest) async throws(StoreError) -> Page<Sink>
  /// Users' addresses that a sink gave up, by user.
  /// - Throws: `.notFound`.
  func goneEndpoints(namespace: String, sink: String, page: PageRequest) async throws(StoreError) -> Page<GoneEndpoint>
  /// - Throws: `.notFound`.
  func subscription(namespace: String, id: String) async throws(StoreError) -> Subscription
  /// Subscriptions of a namespace.
  func subscriptions(namespace: String, page: PageRequest) async throws(StoreError) -> Page<Subscription>
  /// All queues, the highest priority first.
  func queues() async throws(StoreError) -> [Queue]
  /// Load of every queue.
  func queueDepths(now: Timestamp) async throws(StoreError) -> [QueueDepth]
  /// Load of every shard that has open buckets, and who owns them; by zone group and slot.
  func shards(now: Timestamp) async throws(StoreError) -> [ShardRecord]

  /// - Throws: `.notFound`.
  func event(namespace: String, identity: EventIdentity) async throws(StoreError) -> EventSummary
  /// Events of a namespace, by due time.
  func events(namespace: String, filter: EventFilter, page: PageRequest) async throws(StoreError) -> Page<EventSummary>
  /// Every step of an event, oldest first.
  /// - Throws: `.notFound`.
  func history(namespace: String, identity: EventIdentity) async throws(StoreError) -> [EventStep]

  /// Dead letters of a namespace, the newest first.
  func deadLetters(namespace: String, filter: DeadLetterFilter, page: PageRequest) async throws(StoreError) -> Page<
    DeadLetter
  >
  /// - Throws: `.notFound`.
  func deadLetter(namespace: String, id: Int64) async throws(StoreError) -> DeadLetter

  /// Messages kept for a user's pending retries, by event.
  func storedMessages(namespace: String, user: String, page: PageRequest) async throws(StoreError) -> Page<
    StoredMessage
  >

  /// - Throws: `.notFound`.
  func template(namespace: String, id: String) async throws(StoreError) -> MessageTemplate
  /// Templates of a namespace; `eventType` nil: of all.
  func templates(namespace: String, eventType: String?, page: PageRequest) async throws(StoreError) -> Page<
    MessageTemplate
  >
  /// Every template of all namespaces, for the pipeline.
  func allTemplates() async throws(StoreError) -> [MessageTemplate]

  /// The stop in force; nil when nothing is stopped.
  func stopOrder() async throws(StoreError) -> StopOrder?

  /// Receipts after a cursor, in the order they were committed; no late commit is skipped. An empty cursor begins at the
  /// oldest, `latest` at the end. `Page.next` is the cursor to go on from, also when there is nothing new.
  func watch(namespace: String, after cursor: String, limit: Int) async throws(StoreError) -> Page<WatchedReceipt>

  /// The ledger's sums for rows that may start within a period.
  func check(from: Timestamp, to: Timestamp) async throws(StoreError) -> LedgerCheck
}
