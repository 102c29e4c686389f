public import EventModel

/// What an owner learns with every renewal of its lease.
public struct Renewal: Sendable {
  /// The lease with its new end.
  public var lease: AgentLease
  /// Commands about rows of buckets it owns that it has not answered; repeated until it does.
  public var commands: [Command]
  /// Grows with every change of a queue, and with a stop or its end.
  public var queueRevision: Int64
  /// Grows with every change of a sink, subscription or template.
  public var routingRevision: Int64
  /// Grows with every change of who may do what: see ``AccessStore/accessList(besides:)``.
  public var accessRevision: Int64
  /// Agents whose lease holds, this one among them: rates are the fleet's, and divided by it.
  public var liveAgents: Int
  /// How many of them stand before this one, by the store's numbers of agents: its place in the fleet, from 0.
  public var rank: Int

  /// Makes an answer.
  public init(
    lease: AgentLease, commands: [Command], queueRevision: Int64, routingRevision: Int64, accessRevision: Int64,
    liveAgents: Int, rank: Int
  ) {
    self.lease = lease
    self.commands = commands
    self.queueRevision = queueRevision
    self.routingRevision = routingRevision
    self.accessRevision = accessRevision
    self.liveAgents = liveAgents
    self.rank = rank
  }
}

/// An agent as others see it.
public struct AgentRecord: Hashable, Sendable {
  /// Where it stands.
  public enum State: Hashable, Sendable {
    /// Its lease holds.
    case live
    /// Its lease ran out: it crashed, hangs, or is cut off. Others take its buckets.
    case lost
    /// It released its lease and left.
    case left
  }

  /// Its identity.
  public var name: String
  /// How often it was started.
  public var epoch: Int64
  /// Until when its lease runs.
  public var leaseUntil: Timestamp
  /// The program's version.
  public var version: String
  /// When this epoch began.
  public var startedAt: Timestamp
  /// The shards it takes first.
  public var prefers: ShardPreference
  /// Whether its lease was neither released nor ended by another agent. One that ran out a moment ago is live until
  /// somebody ends it: see ``state(now:)``.
  public var isLive: Bool
  /// When it released its lease; nil when it did not.
  public var releasedAt: Timestamp?
  /// Open buckets it owns, and the event rows they were made with.
  public var ownedBuckets: Int
  /// Event rows of those buckets, settled ones included.
  public var ownedEvents: Int

  /// Makes a record.
  public init(
    name: String, epoch: Int64, leaseUntil: Timestamp, version: String, startedAt: Timestamp,
    prefers: ShardPreference = .none, isLive: Bool = true, releasedAt: Timestamp? = nil, ownedBuckets: Int,
    ownedEvents: Int
  ) {
    self.name = name
    self.epoch = epoch
    self.leaseUntil = leaseUntil
    self.version = version
    self.startedAt = startedAt
    self.prefers = prefers
    self.isLive = isLive
    self.releasedAt = releasedAt
    self.ownedBuckets = ownedBuckets
    self.ownedEvents = ownedEvents
  }

  /// Where it stands by now.
  public func state(now: Timestamp) -> State {
    if releasedAt != nil { return .left }
    return isLive && leaseUntil >= now ? .live : .lost
  }
}

/// One lease per agent.
public protocol LeaseStore: Sendable {
  /// The store's own clock; the pipeline corrects its clock by it.
  func clock() async throws(StoreError) -> Timestamp

  /// Starts a new epoch of the agent `name`. Open buckets that an earlier epoch of this name owned are its own again at
  /// once: they are handed out by the next claims, before all others, as partial ones.
  /// - Parameter prefers: the shards it takes first; others see them, and leave those to it until shortly before they are
  ///   due.
  func openAgent(
    name: String, version: String, prefers: ShardPreference, leaseFor: TimeSpan, now: Timestamp
  ) async throws(StoreError) -> AgentLease

  /// Extends the lease and says what the owner must know.
  /// - Throws: `.fenced` when the lease has run out or a newer epoch exists; then it owns nothing any more.
  func renew(_ lease: AgentLease, leaseFor: TimeSpan, now: Timestamp) async throws(StoreError) -> Renewal

  /// Ends the lease; buckets still owned become free at once.
  func release(_ lease: AgentLease, now: Timestamp) async throws(StoreError)

  /// Every agent ever seen, by name.
  func agents() async throws(StoreError) -> [AgentRecord]
}

extension LeaseStore {
  /// Starts a new epoch of an agent that prefers no shard.
  public func openAgent(
    name: String, version: String, leaseFor: TimeSpan, now: Timestamp
  ) async throws(StoreError) -> AgentLease {
    try await openAgent(name: name, version: version, prefers: .none, leaseFor: leaseFor, now: now)
  }
}
