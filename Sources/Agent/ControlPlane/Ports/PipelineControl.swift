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

/// One queue's load in this agent.
public struct QueueLoad: Hashable, Sendable {
  /// The queue.
  public var queue: String
  /// Events in memory.
  public var loaded: Int
  /// Sends under way.
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
  public var preferredShards: [Shard]
  /// How long it runs.
  public var uptime: TimeSpan

  /// Makes a status.
  public init(
    agent: String, epoch: Int64, notReadyReasons: [String] = [], isDraining: Bool = false, loaded: Int = 0,
    inFlight: Int = 0, unrecorded: Int = 0, queues: [QueueLoad] = [], preferredShards: [Shard] = [],
    uptime: TimeSpan = .zero
  ) {
    self.agent = agent
    self.epoch = epoch
    self.notReadyReasons = notReadyReasons
    self.isDraining = isDraining
    self.loaded = loaded
    self.inFlight = inFlight
    self.unrecorded = unrecorded
    self.queues = queues
    self.preferredShards = preferredShards
    self.uptime = uptime
  }
}

/// What the control plane asks of this agent's pipeline.
public protocol PipelineControl: Sendable {
  /// Puts a one-off into the ledger; durable when answered. Calls at the same time share a transaction.
  func submit(_ oneOff: OneOff) async throws(StoreError) -> Submission

  /// Says that schedules changed: plan soon. Cheap, and may be called often.
  func kickPlanner()

  /// The state now.
  func status() async -> PipelineStatus

  /// Stops claiming, finishes what is in flight within `bound`, gives back the rest; returns when done. It claims
  /// again after ``resume()``. Calling it while it drains waits for the same end.
  func drain(within bound: TimeSpan) async throws(StoreError)

  /// Claims again.
  func resume() async throws(StoreError)

  /// Computes occurrences from `from` on and before `until`: the earliest `limit` of all queries together, in order.
  /// Schedules that cannot be computed yield nothing (their `planError` says why).
  func upcoming(_ queries: [UpcomingQuery], from: Timestamp, until: Timestamp, limit: Int) async -> [UpcomingOccurrence]
}
