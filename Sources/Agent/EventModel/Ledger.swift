/// How one attempt, or a delivery that never began, ended.
public enum Outcome: String, Hashable, Sendable, Codable, CaseIterable {
  /// The other side took it.
  case delivered
  /// Failed; another attempt follows.
  case retry
  /// Not now (throttled, no capacity at the endpoint); the same attempt follows later.
  case deferred
  /// Merged into another event.
  case merged
  /// Used up its attempts, or failed for good; kept whole as a dead letter.
  case dead
  /// A person cancelled it (`SkipReason.requested`), or the planner took it back (`SkipReason.withdrawn`).
  case cancelled
  /// Its queue's expiry passed.
  case expired
  /// Not sent, for a reason (`SkipReason`).
  case skipped
  /// Replaced by a row with another due time or queue.
  case moved

  /// Whether nothing follows for this event and sink.
  public var isFinal: Bool {
    switch self {
    case .retry, .deferred, .moved: false
    case .delivered, .merged, .dead, .cancelled, .expired, .skipped: true
    }
  }
}

/// The states shown to people, derived from the ledger.
public enum EventState: String, Hashable, Sendable, Codable, CaseIterable {
  /// Waits for its time, or for a retry.
  case pending
  /// An agent owns it.
  case processing
  /// Every sink has it.
  case completed
  /// At least one sink has a dead letter.
  case failed
  /// Cancelled.
  case cancelled
  /// Expired.
  case expired
  /// Skipped or merged.
  case skipped
}

/// What an event says. Plain text always, HTML where it helps.
public struct Message: Hashable, Sendable, Codable {
  /// One line.
  public var title: String
  /// May have several lines.
  public var text: String
  /// Complete and safe HTML; may be empty.
  public var html: String
  /// Of `data`; empty when there is none.
  public var contentType: String
  /// For machines; may be empty.
  public var data: String

  /// Makes a message.
  public init(title: String, text: String, html: String = "", contentType: String = "", data: String = "") {
    self.title = title
    self.text = text
    self.html = html
    self.contentType = contentType
    self.data = data
  }
}

/// An agent's lease: the right to own buckets, until it runs out.
public struct AgentLease: Hashable, Sendable {
  /// The store's number of the agent.
  public var agent: Int64
  /// Its identity, from its state directory or configuration.
  public var name: String
  /// Grows with every start of that identity; a bucket's owner is (agent, epoch).
  public var epoch: Int64
  /// Until when, by the store's clock.
  public var until: Timestamp

  /// Makes a lease.
  public init(agent: Int64, name: String, epoch: Int64, until: Timestamp) {
    self.agent = agent
    self.name = name
    self.epoch = epoch
    self.until = until
  }
}

/// A bucket that an agent took.
public struct ClaimedBucket: Hashable, Sendable {
  /// The bucket.
  public var id: BucketID
  /// The minute its events are due in.
  public var minute: Timestamp
  /// Its queue.
  public var queue: String
  /// How many event rows it was made with.
  public var count: Int32
  /// The routing that its first owner stamped on it.
  public var routingRevision: Int64
  /// Whether it may hold closing receipts already: a later owner, or rows cancelled before anybody took it.
  public var isPartial: Bool

  /// Makes a claimed bucket.
  public init(
    id: BucketID, minute: Timestamp, queue: String, count: Int32, routingRevision: Int64, isPartial: Bool
  ) {
    self.id = id
    self.minute = minute
    self.queue = queue
    self.count = count
    self.routingRevision = routingRevision
    self.isPartial = isPartial
  }
}

/// An event row as its owner loads it, with all that sending needs. Its strings are shared where rows share them.
public struct LoadedEvent: Sendable {
  /// The row.
  public var ref: EventRef
  /// What it is.
  public var identity: EventIdentity
  /// The namespace.
  public var namespace: String
  /// The event type's name.
  public var eventType: String
  /// The schedule's id as people know it.
  public var scheduleID: String
  /// The schedule's definition, JSON.
  public var definitionJSON: String
  /// The zone its local time is in.
  public var timeZone: String
  /// The person, if there is one.
  public var user: UserSnapshot?
  /// The queue.
  public var queue: String
  /// When the occurrence is due.
  public var dueAt: Timestamp
  /// When this row may start: the due time, or a retry's time.
  public var runAt: Timestamp
  /// 1 for the first.
  public var attempt: Int32
  /// How often this attempt was deferred.
  public var hop: Int32
  /// The only sink this row is for; `.all` for what the routing names.
  public var sink: SinkNumber
  /// Sinks of a fan-out that have a receipt already.
  public var settledSinks: [SinkNumber]
  /// The message as it was first sent; nil before the first retry.
  public var rendered: Message?
  /// What the sink asked to be given back.
  public var carry: String
  /// When the first attempt began; nil before it.
  public var firstAttemptAt: Timestamp?
  /// What to do if it was missed.
  public var catchUp: CatchUp
  /// Whether a newer first attempt of the same schedule was due already when this was loaded; only asked for missed ones.
  public var isSuperseded: Bool
  /// Whether its schedule is paused or deleted, or its user paused: then it is skipped.
  public var isPaused: Bool
  /// Whether it is sent as a test.
  public var isTest: Bool
  /// What its queue's expiry counts from instead of `dueAt`: when a dead letter was replayed; nil otherwise. Such a row is
  /// never missed either.
  public var expiresFrom: Timestamp?

  /// Makes a loaded event.
  public init(
    ref: EventRef, identity: EventIdentity, namespace: String, eventType: String, scheduleID: String,
    definitionJSON: String, timeZone: String, user: UserSnapshot?, queue: String, dueAt: Timestamp, runAt: Timestamp,
    attempt: Int32, hop: Int32, sink: SinkNumber, settledSinks: [SinkNumber] = [], rendered: Message? = nil,
    carry: String = "", firstAttemptAt: Timestamp? = nil, catchUp: CatchUp, isSuperseded: Bool = false,
    isPaused: Bool = false, isTest: Bool = false, expiresFrom: Timestamp? = nil
  ) {
    self.ref = ref
    self.identity = identity
    self.namespace = namespace
    self.eventType = eventType
    self.scheduleID = scheduleID
    self.definitionJSON = definitionJSON
    self.timeZone = timeZone
    self.user = user
    self.queue = queue
    self.dueAt = dueAt
    self.runAt = runAt
    self.attempt = attempt
    self.hop = hop
    self.sink = sink
    self.settledSinks = settledSinks
    self.rendered = rendered
    self.carry = carry
    self.firstAttemptAt = firstAttemptAt
    self.catchUp = catchUp
    self.isSuperseded = isSuperseded
    self.isPaused = isPaused
    self.isTest = isTest
    self.expiresFrom = expiresFrom
  }
}

/// The row that follows a receipt: the next attempt, the same attempt later, or the event at another time.
public struct FollowUp: Hashable, Sendable {
  /// When it may start.
  public var runAt: Timestamp
  /// When the occurrence is due; changes only in a move.
  public var dueAt: Timestamp
  /// The queue.
  public var queue: String
  /// The attempt's number.
  public var attempt: Int32
  /// How often this attempt was deferred.
  public var hop: Int32
  /// The only sink it is for; `.all` only in a move of a row that was for all.
  public var sink: SinkNumber
  /// The message as it was first sent.
  public var rendered: Message?
  /// What the sink asked to be given back.
  public var carry: String
  /// When the first attempt began.
  public var firstAttemptAt: Timestamp?
  /// As in `LoadedEvent`.
  public var expiresFrom: Timestamp?

  /// Makes a follow-up.
  public init(
    runAt: Timestamp, dueAt: Timestamp, queue: String, attempt: Int32, hop: Int32, sink: SinkNumber,
    rendered: Message? = nil, carry: String = "", firstAttemptAt: Timestamp? = nil, expiresFrom: Timestamp? = nil
  ) {
    self.runAt = runAt
    self.dueAt = dueAt
    self.queue = queue
    self.attempt = attempt
    self.hop = hop
    self.sink = sink
    self.rendered = rendered
    self.carry = carry
    self.firstAttemptAt = firstAttemptAt
    self.expiresFrom = expiresFrom
  }
}

/// The durable record of how an attempt ended.
public struct Receipt: Hashable, Sendable {
  /// The row it belongs to.
  public var ref: EventRef
  /// What the event is.
  public var identity: EventIdentity
  /// The sink; `.all` when no sink was involved (skipped, cancelled, moved, expired before routing).
  public var sink: SinkNumber
  /// The attempt's number.
  public var attempt: Int32
  /// How often that attempt had been deferred.
  public var hop: Int32
  /// How it ended.
  public var outcome: Outcome
  /// Whether it is the row's last receipt. Every row has exactly one that closes.
  public var closes: Bool
  /// Stable and short: `http-503`, or a `SkipReason`.
  public var code: String
  /// For people.
  public var detail: String
  /// The other side's id for it; empty when none.
  public var externalID: String
  /// When the send began; nil when none did.
  public var startedAt: Timestamp?
  /// When the outcome was known.
  public var doneAt: Timestamp
  /// The row that follows, written in the same transaction.
  public var followUp: FollowUp?
  /// The message, kept whole with a dead letter; set exactly when `outcome` is `.dead`.
  public var deadMessage: Message?
  /// The command that this receipt answers, if one asked for it.
  public var command: Int64?
  /// Whose digest the event goes into, in the same transaction; only with `.merged`.
  public var digest: DigestPlace?

  /// Makes a receipt.
  public init(
    ref: EventRef, identity: EventIdentity, sink: SinkNumber, attempt: Int32, hop: Int32, outcome: Outcome,
    closes: Bool, code: String = "", detail: String = "", externalID: String = "", startedAt: Timestamp? = nil,
    doneAt: Timestamp, followUp: FollowUp? = nil, deadMessage: Message? = nil, command: Int64? = nil,
    digest: DigestPlace? = nil
  ) {
    self.ref = ref
    self.identity = identity
    self.sink = sink
    self.attempt = attempt
    self.hop = hop
    self.outcome = outcome
    self.closes = closes
    self.code = code
    self.detail = detail
    self.externalID = externalID
    self.startedAt = startedAt
    self.doneAt = doneAt
    self.followUp = followUp
    self.deadMessage = deadMessage
    self.command = command
    self.digest = digest
  }
}

/// The digest that an event goes into: that of its person, for a subscription.
public struct DigestPlace: Hashable, Sendable {
  /// The subscription's id.
  public var subscription: String
  /// How it gathers.
  public var rules: DigestRules

  /// Makes a place.
  public init(subscription: String, rules: DigestRules) {
    self.subscription = subscription
    self.rules = rules
  }
}

/// What somebody asks the owner of an event row to do.
public struct Command: Hashable, Sendable {
  /// What is asked.
  public enum Kind: Hashable, Sendable {
    /// Close it as cancelled, with the code `SkipReason.requested`: a person wants it.
    case cancel(reason: String)
    /// Close it as cancelled, with the code `SkipReason.withdrawn`: the planner no longer wants it. Too late once the row
    /// has any outcome, as it may be planned again.
    case withdraw(reason: String)
    /// Close it as moved; it follows at another due time or in another queue. Too late once the row has any outcome:
    /// what follows would go to its sinks again.
    case move(dueAt: Timestamp, queue: String)
  }

  /// The store's number of it.
  public var id: Int64
  /// The row.
  public var ref: EventRef
  /// What is asked.
  public var kind: Kind

  /// Makes a command.
  public init(id: Int64, ref: EventRef, kind: Kind) {
    self.id = id
    self.ref = ref
    self.kind = kind
  }
}
