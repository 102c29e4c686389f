public import EventModel

/// A record of a change: who, what, when, from what to what.
public struct AuditEntry: Hashable, Sendable {
  /// The agent in whose chain it stands.
  public var agent: String
  /// Its number there, from 1.
  public var number: Int64
  /// When.
  public var at: Timestamp
  /// Who: see ``Actor``.
  public var actor: String
  /// `queue.put`, `user.delete`, `stop-all`, `batch`.
  public var action: String
  /// What: `default/user#17`, `critical`; empty for all, or for a batch.
  public var resource: String
  /// Of how many changes.
  public var count: Int
  /// Why, as a person said; empty once the person whom it is about was erased.
  public var reason: String
  /// JSON of the fields that changed, as they were; personal and secret values as keyed hashes. Empty: it did not exist, or
  /// nothing is kept of it.
  public var before: String
  /// The same as they are. Empty: it is gone, or nothing is kept of it.
  public var after: String
  /// Its hash, hexadecimal.
  public var hash: String
  /// The hash of the record before it in the chain, hexadecimal.
  public var previousHash: String

  /// Makes an entry.
  public init(
    agent: String, number: Int64, at: Timestamp, actor: String, action: String, resource: String, count: Int,
    reason: String, before: String, after: String, hash: String, previousHash: String
  ) {
    self.agent = agent
    self.number = number
    self.at = at
    self.actor = actor
    self.action = action
    self.resource = resource
    self.count = count
    self.reason = reason
    self.before = before
    self.after = after
    self.hash = hash
    self.previousHash = previousHash
  }
}

/// Which records to list; all that is named must fit.
public struct AuditFilter: Hashable, Sendable {
  /// At or after this.
  public var from: Timestamp?
  /// Before this.
  public var before: Timestamp?
  /// Exactly this actor.
  public var actor: String?
  /// Exactly this action; or, if it ends with a dot, all that begin with it: `queue.`.
  public var action: String?
  /// Exactly this resource.
  public var resource: String?

  /// Makes a filter.
  public init(
    from: Timestamp? = nil, before: Timestamp? = nil, actor: String? = nil, action: String? = nil,
    resource: String? = nil
  ) {
    self.from = from
    self.before = before
    self.actor = actor
    self.action = action
    self.resource = resource
  }
}

/// What became of reckoning one agent's chain again.
public struct AuditChain: Hashable, Sendable {
  /// The agent; `earlier` has the records from before there were chains, and empty what stands in none.
  public var agent: String
  /// Records read.
  public var records: Int
  /// The number of the first record that does not fit; nil: all do.
  public var brokenAt: Int64?
  /// What is wrong with it, in a sentence; empty: nothing.
  public var problem: String
  /// The hash of the last record, hexadecimal; empty: there is none. Kept elsewhere, it shows by comparison what a person
  /// who can write to the whole store did.
  public var lastHash: String

  /// Makes an answer.
  public init(agent: String, records: Int, brokenAt: Int64? = nil, problem: String = "", lastHash: String) {
    self.agent = agent
    self.records = records
    self.brokenAt = brokenAt
    self.problem = problem
    self.lastHash = lastHash
  }
}

/// The audit. It is written by the verbs that change something, in their transactions, and never changed; only erasing a
/// person empties the words and values that are about it.
public protocol AuditStore: Sendable {
  /// Records, the newest first. A page may come short, or empty, before the end: `Page.next` tells.
  func auditRecords(filter: AuditFilter, page: PageRequest) async throws(StoreError) -> Page<AuditEntry>

  /// Reckons every chain again, by agent. Reads the whole audit in small parts, so that it may take long and holds nobody
  /// up; stops when its task is cancelled (`.unavailable`).
  func verifyAudit() async throws(StoreError) -> [AuditChain]
}
