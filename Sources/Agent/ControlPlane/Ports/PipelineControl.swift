public import EventModel
public import Store

/// A schedule whose coming occurrences are asked for.
public struct UpcomingQuery: Sendable {
  /// The schedule.
  public var schedule: Schedule
  /// Its person, if it has one.
  public var user: User?
  /// The zone that counts: the schedule's, else the user's, else `UTC`.
  public var timeZone: String

  /// Makes a query.
  public init(schedule: Schedule, user: User?, timeZone: String) {
    self.schedule = schedule
    self.user = user
    self.timeZone = timeZone
  }
}

/// A coming occurrence, computed and not stored.
public struct UpcomingOccurrence: Hashable, Sendable {
  /// Place of its schedule in the query.
  public var index: Int
  /// The occurrence key.
  public var key: String
  /// When it is due.
  public var dueAt: Timestamp

  /// Makes an occurrence.
  public init(index: Int, key: String, dueAt: Timestamp) {
    self.index = index
    self.key = key
    self.dueAt = dueAt
  }
}

/// What a schedule will say: which occurrences, at which sinks, in whose words.
public struct PreviewQuery: Sendable {
  /// The schedule, stored or not; its exceptions count.
  public var schedule: Schedule
  /// Its person, if it has one; its locale is the one to word for.
  public var user: User?
  /// Only this occurrence, within 400 days; nil: the next `count`.
  public var occurrenceKey: String?
  /// How many occurrences, 1 to 20.
  public var count: Int
  /// Names of the sinks to word for; empty: once, for no sink in particular.
  public var sinks: [String]
  /// Tried instead of the stored templates.
  public var template: MessageTemplate?

  /// Makes a query.
  public init(
    schedule: Schedule, user: User?, occurrenceKey: String? = nil, count: Int = 1, sinks: [String] = [],
    template: MessageTemplate? = nil
  ) {
    self.schedule = schedule
    self.user = user
    self.occurrenceKey = occurrenceKey
    self.count = count
    self.sinks = sinks
    self.template = template
  }
}

/// One occurrence in words.
public struct PreviewedOccurrence: Sendable {
  /// The occurrence key.
  public var key: String
  /// When it is due.
  public var dueAt: Timestamp
  /// The zone that counts for it.
  public var timeZone: String
  /// One for each sink of the query, in order; one with an empty name when it names none.
  public var messages: [PreviewedMessage]

  /// Makes it.
  public init(key: String, dueAt: Timestamp, timeZone: String, messages: [PreviewedMessage]) {
    self.key = key
    self.dueAt = dueAt
    self.timeZone = timeZone
    self.messages = messages
  }
}

/// What one occurrence says at one sink.
public struct PreviewedMessage: Sendable {
  /// The sink's name; empty: no sink in particular.
  public var sink: String
  /// The message; nil when it cannot be rendered.
  public var message: Message?
  /// Why it cannot be rendered; empty when it can.
  public var problem: String
  /// Where its words come from.
  public var wording: Wording

  /// Makes it.
  public init(sink: String, message: Message?, problem: String = "", wording: Wording) {
    self.sink = sink
    self.message = message
    self.problem = problem
    self.wording = wording
  }
}

/// One queue's load in this agent.
public struct QueueLoad: Hashable, Sendable {
  /// The queue.
  public var queue: String
  /// Events in memory.
  public var loaded: Int
  /// Sends under way, slow ones included.
  public var inFlight: Int
  /// Delivered since the start.
  public var delivered: Int
  /// Attempts that failed since the start.
  public var failed: Int

  /// Makes a load.
  public init(queue: String, loaded: Int, inFlight: Int, delivered: Int, failed: Int) {
    self.queue = queue
    self.loaded = loaded
    self.inFlight = inFlight
    self.delivered = delivered
    self.failed = failed
  }
}

/// What keeps a sink from being used.
public struct SinkTrouble: Hashable, Sendable {
  /// The sink's namespace.
  public var namespace: String
  /// Its name.
  public var sink: String
  /// Why nothing is sent to it, in a sentence.
  public var reason: String
  /// Whether sending is tried again by itself, as with an open circuit.
  public var heals: Bool

  /// Makes it.
  public init(namespace: String, sink: String, reason: String, heals: Bool) {
    self.namespace = namespace
    self.sink = sink
    self.reason = reason
    self.heals = heals
  }
}

/// The state of this agent's pipeline.
public struct PipelineStatus: Hashable, Sendable {
  /// The agent's identity.
  public var agent: String
  /// Its epoch.
  public var epoch: Int64
  /// Why it is not ready; empty when it is.
  public var notReadyReasons: [String]
  /// Whether it is draining or drained: it claims nothing.
  public var isDraining: Bool
  /// Events in memory.
  public var loaded: Int
  /// Sends under way.
  public var inFlight: Int
  /// Outcomes that wait for the store.
  public var unrecorded: Int
  /// By queue.
  public var queues: [QueueLoad]
  /// Shards it takes first.
  public var prefers: ShardPreference
  /// How long it runs.
  public var uptime: TimeSpan
  /// How far ahead events are planned.
  public var horizon: TimeSpan
  /// How far the store's clock is ahead of this machine's.
  public var clockOffset: TimeSpan
  /// Sinks that nothing is sent to.
  public var troubles: [SinkTrouble]
  /// Every sink.
  public var sinks: [SinkLoad]

  /// Makes a status.
  public init(
    agent: String, epoch: Int64, notReadyReasons: [String] = [], isDraining: Bool = false, loaded: Int = 0,
    inFlight: Int = 0, unrecorded: Int = 0, queues: [QueueLoad] = [], prefers: ShardPreference = .none,
    uptime: TimeSpan = .zero, horizon: TimeSpan = .hours(2), clockOffset: TimeSpan = .zero,
    troubles: [SinkTrouble] = [], sinks: [SinkLoad] = []
  ) {
    self.agent = agent
    self.epoch = epoch
    self.notReadyReasons = notReadyReasons
    self.isDraining = isDraining
    self.loaded = loaded
    self.inFlight = inFlight
    self.unrecorded = unrecorded
    self.queues = queues
    self.prefers = prefers
    self.uptime = uptime
    self.horizon = horizon
    self.clockOffset = clockOffset
    self.troubles = troubles
    self.sinks = sinks
  }
}

/// What the control plane asks of this agent's pipeline.
public protocol PipelineControl: Sendable {
  /// Puts a one-off into the ledger; durable when answered. Calls at the same time share a transaction.
  func submit(_ oneOff: OneOff) async throws(StoreError) -> Submission

  /// Says that schedules changed: plan soon. Cheap, and may be called often.
  func kickPlanner()

  /// Says that an import begins: until ``importEnded()`` the planner leaves most of the machine to it. Several may run.
  func importBegan()

  /// Says that an import has ended, however it did.
  func importEnded()

  /// The state now.
  func status() async -> PipelineStatus

  /// Stops claiming, finishes what is in flight within `bound`, gives back the rest; returns when done. It claims
  /// again after ``resume()``. Calling it while it drains waits for the same end.
  func drain(within bound: TimeSpan) async throws(StoreError)

  /// Claims again.
  func resume() async throws(StoreError)

  /// What coming occurrences say. Nothing is stored, nothing is sent.
  /// - Throws: `.invalid` for a schedule that cannot be computed, with the reason; `.notFound` for an occurrence that is
  ///   not among the coming ones; `.unavailable` when the event type is.
  func preview(_ query: PreviewQuery, from: Timestamp) async throws(StoreError) -> [PreviewedOccurrence]

  /// What a re-plan of a page of schedules would change now. Nothing is stored.
  func previewReplan(
    namespace: String, filter: ReplanFilter, page: PageRequest
  ) async throws(StoreError) -> ReplanPreview

  /// Reads queues, sinks, templates and the stop order again; when it returns, this agent acts by them, and no send starts
  /// that they forbid.
  func refreshSettings() async throws(StoreError)

  /// Computes occurrences from `from` on and before `until`: the earliest `limit` of all queries together, in order.
  /// Schedules that cannot be computed yield nothing (their `planError` says why).
  func upcoming(_ queries: [UpcomingQuery], from: Timestamp, until: Timestamp, limit: Int) async -> [UpcomingOccurrence]
}
