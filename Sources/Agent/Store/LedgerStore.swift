public import EventModel

/// The ledger's fixed numbers.
public enum LedgerLimits {
  /// The most events in one bucket.
  public static let eventsPerBucket = 2_000
  /// How long before its minute a bucket may be claimed.
  public static let claimAhead = TimeSpan.seconds(60)
  /// The most receipts that one `record` takes.
  public static let receiptsPerTransaction = 5_000
  /// The most schedules that one `commitPlan` takes.
  public static let plansPerTransaction = 5_000
  /// The most one-offs that one `submit` takes.
  public static let oneOffsPerTransaction = 5_000
}

/// How much an agent can take on, by queue.
public struct ClaimRequest: Sendable {
  /// The claimer.
  public var lease: AgentLease
  /// Queues to claim from, in the order to serve them, with the most events to take. A bucket is taken whole, so that one
  /// claim may pass its number by less than one bucket; a queue that is not named, or paused, gives nothing.
  public var capacity: [(queue: String, events: Int)]
  /// Shards to take first.
  public var prefers: ShardPreference

  /// Makes a request.
  public init(lease: AgentLease, capacity: [(queue: String, events: Int)], prefers: ShardPreference = .none) {
    self.lease = lease
    self.capacity = capacity
    self.prefers = prefers
  }
}

/// What became of a batch of receipts.
public struct RecordAnswer: Sendable {
  /// Buckets that the caller no longer owns: nothing of their receipts was kept.
  public var fenced: Set<BucketID>
  /// When the earliest follow-up row may start; nil when there was none.
  public var earliestFollowUp: Timestamp?

  /// Makes an answer.
  public init(fenced: Set<BucketID>, earliestFollowUp: Timestamp?) {
    self.fenced = fenced
    self.earliestFollowUp = earliestFollowUp
  }
}

/// The hot path: claim, load, record.
public protocol LedgerStore: Sendable {
  /// Takes open buckets with `minute ≤ now + claimAhead` that nobody owns, or whose owner's lease has ended; earliest
  /// minute first. Two claimers never get the same bucket. The first claim stamps the routing revision. Several live agents
  /// share what is claimed ahead of its time by ``ClaimShare``.
  func claim(_ request: ClaimRequest, now: Timestamp) async throws(StoreError) -> [ClaimedBucket]

  /// Every open bucket that the lease owns, by minute: what an owner asks after an answer that it did not get, since it may
  /// own more than it knows, or less. All of them count as partial.
  /// - Throws: `.fenced` when the lease has ended.
  func owned(by lease: AgentLease, now: Timestamp) async throws(StoreError) -> [ClaimedBucket]

  /// The rows of an owned bucket that have no closing receipt, in order of `runAt`. Load and recovery are the same.
  /// - Throws: `.fenced` when the caller does not own it.
  func load(_ bucket: BucketID, lease: AgentLease, now: Timestamp) async throws(StoreError) -> [LoadedEvent]

  /// Appends receipts and their follow-up rows and dead letters, and closes a bucket with its last row's closing receipt,
  /// in one transaction. Receipts of buckets that the caller does not own are left out and named in the answer.
  /// Recording the same (row, sink) twice is an error of the caller: `.failedPrecondition`, and nothing is kept.
  func record(_ receipts: [Receipt], lease: AgentLease, now: Timestamp) async throws(StoreError) -> RecordAnswer

  /// Gives owned buckets back, open: at shutdown, when their queue is paused, or when the agent took too much.
  func giveBack(_ buckets: [BucketID], lease: AgentLease, now: Timestamp) async throws(StoreError)

  /// When the earliest open, unowned, unpaused bucket may be claimed by anybody; nil when there is none. For the claimer's
  /// wake-up. Which agent may take it is ``ClaimShare``'s matter.
  func nextClaimable(now: Timestamp) async throws(StoreError) -> Timestamp?

  /// The routing as it stood at a revision; `nil` asks for the newest.
  func routing(revision: Int64?) async throws(StoreError) -> Routing

  /// Every sink, the deleted ones left out, of all namespaces.
  func allSinks() async throws(StoreError) -> [Sink]

  /// Says that a sink is gone for good: it is disabled.
  func disableSink(_ sink: SinkNumber, reason: String, now: Timestamp) async throws(StoreError)

  /// Says that addresses of users are gone: their sinks send nothing to them any more. Those of sinks or users that were
  /// deleted meanwhile are passed over.
  func giveUp(_ endpoints: [GoneEndpoint], now: Timestamp) async throws(StoreError)

  /// Every address that a sink gave up, of all namespaces.
  func goneEndpoints() async throws(StoreError) -> [GoneEndpoint]

  /// Notes that something happened at a sink, for those who watch: once for a kind, sink and minute.
  func note(_ kind: DomainEvent.Kind, sink: SinkNumber, detail: String, now: Timestamp) async throws(StoreError)

  /// Makes an event of each digest whose time has come, at most `limit` of them; answers how many. Two callers never make
  /// two of one.
  func closeDigests(limit: Int, now: Timestamp) async throws(StoreError) -> Int

  /// The events in a digest, by its own schedule, in the order of their due times. What was erased meanwhile is not there.
  func digestItems(of digest: ScheduleNumber) async throws(StoreError) -> [LoadedEvent]
}
