import EventModel
import Store

/// Where the agent's lease stands. Pure.
struct LeaseState: Hashable, Sendable {
  /// What the keeper has to do next.
  enum Step: Hashable, Sendable {
    /// Begin a new epoch.
    case open
    /// Extend this lease.
    case renew(AgentLease)
  }

  /// What follows from an answer of the store.
  enum Effect: Hashable, Sendable {
    /// Sends may start as of a renewal that began then.
    case fresh(began: TimeSpan)
    /// The lease is lost: nothing is owned any more.
    case lost
    /// Nothing changes; try again.
    case unchanged
  }

  /// The lease, while it is held.
  private(set) var lease: AgentLease?
  /// It was given up for good: the agent ends.
  private(set) var isReleased = false

  /// What to do next; nil when the lease was released.
  var step: Step? {
    if isReleased { return nil }
    return lease.map { .renew($0) } ?? .open
  }

  /// Which of the fleet's schedules are this agent's to plan; nil before the first renewal.
  private(set) var planningShare: PlanningShare?

  /// Takes the agent's place among the live ones, as a renewal told it. Answers how many there were before; 1 when nobody
  /// had told.
  mutating func placed(rank: Int, among liveAgents: Int) -> Int {
    defer { planningShare = PlanningShare(index: rank, of: liveAgents) }
    return planningShare?.count ?? 1
  }

  /// The store granted or extended a lease, asked for at `began`.
  mutating func granted(_ lease: AgentLease, began: TimeSpan) -> Effect {
    guard !isReleased else { return .unchanged }
    self.lease = lease
    return .fresh(began: began)
  }

  /// The store refused or failed. Only a fence ends the lease; a fault leaves it to run out.
  mutating func failed(_ code: StoreError.Code) -> Effect {
    guard code == .fenced, lease != nil else { return .unchanged }
    lease = nil
    return .lost
  }

  /// The agent ends; answers the lease to release.
  mutating func release() -> AgentLease? {
    defer {
      lease = nil
      isReleased = true
    }
    return lease
  }
}
