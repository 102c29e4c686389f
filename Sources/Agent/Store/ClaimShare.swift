public import EventModel

/// How the agents of a fleet share the buckets of a queue. Pure; both backends claim by it.
///
/// Only what is claimed ahead of its time is shared out. Of the buckets whose minute is still to come an agent takes, in
/// this order:
///
/// | the bucket's minute is | whose |
/// |---|---|
/// | over ``reservedUntil`` ahead | shards that another live agent prefers, and this one does not, are left to that agent |
/// | over ``sharedUntil`` ahead | as many events as bring the agent to its fair share: see ``allowance(open:held:)`` |
/// | nearer, or past | anybody's, limited by capacity alone |
///
/// So three agents share one zone's 09:00 evenly, whoever prefers it; and nothing waits for an agent that is slow, full,
/// drained or silent: before it is due, what that agent left is anybody's.
public struct ClaimShare: Hashable, Sendable {
  /// Until this long before their minute, buckets are left to the agents that prefer their shard.
  public static let reservedUntil = TimeSpan.seconds(15)
  /// Until this long before its minute, each agent takes no more than its fair share of a queue's minute.
  public static let sharedUntil = TimeSpan.seconds(5)

  /// What the claimer prefers.
  public let prefers: ShardPreference
  /// What the other live agents prefer, all together.
  public let others: ShardPreference
  /// Agents whose lease holds, the claimer among them; at least 1.
  public let liveAgents: Int

  /// Makes the share of a claimer among live agents.
  /// - Parameter others: what each other live agent prefers.
  public init(prefers: ShardPreference, others: [ShardPreference]) {
    self.prefers = prefers
    self.others = others.reduce(.none) { $0.union($1) }
    liveAgents = others.count + 1
  }

  /// Whether the claimer has the store to itself: then nothing is shared out.
  public var isAlone: Bool { liveAgents == 1 }

  /// How many more events of one queue the claimer may take of those that are shared out. Buckets are taken whole while
  /// this is over 0, so that an agent may pass its share by less than one bucket, and all shares together leave none.
  /// - Parameters:
  ///   - open: events of the queue's open buckets whose minute is over ``sharedUntil`` ahead, and may be claimed; whoever
  ///     owns them, and the free ones.
  ///   - held: those of them that the claimer owns.
  public func allowance(open: Int, held: Int) -> Int {
    max((max(open, 0) + liveAgents - 1) / liveAgents - max(held, 0), 0)
  }

  /// What may be done with a free bucket.
  public enum Verdict: Hashable, Sendable {
    /// Taken, if there is capacity.
    case free
    /// Taken, if there is capacity and the fair share is not used up.
    case shared
    /// Left to an agent that prefers it.
    case reserved
  }

  /// What may be done with a free bucket of a shard and minute.
  public func verdict(minute: Timestamp, shard: Shard, now: Timestamp) -> Verdict {
    if isAlone || minute <= now + Self.sharedUntil { return .free }
    return minute > now + Self.reservedUntil && order(shard) == 2 ? .reserved : .shared
  }

  /// The order within a minute: 0 for what the claimer prefers, 1 for what nobody does, 2 for what only others do.
  public func order(_ shard: Shard) -> Int {
    if prefers.matches(shard) { return 0 }
    return others.matches(shard) ? 2 : 1
  }

  /// Whether the order of shards matters: whether anybody prefers one.
  public var hasOrder: Bool { !prefers.isEmpty || !others.isEmpty }
}
