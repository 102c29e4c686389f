package import EventModel
package import Store

/// What the backends do differently, for the SQL and the rules that are written once.
package protocol SQLDialect: Sendable {
  /// A member of a JSON column, as text: `json_extract(filter, '$.user')`.
  func member(_ name: String, of column: String) -> String

  /// A table of one integer column `value`, whose rows are the elements of the JSON array that the next parameter holds.
  var integers: String { get }

  /// Ends a `SELECT` whose rows, those of one table of it if one is named, are locked until the transaction ends; empty
  /// where a transaction has the whole store.
  func forUpdate(of table: String?) -> String

  /// Whether ``BucketRow/settled`` leaves out what owners recorded, so that receipts have to be asked as well.
  var settledNeedsReceipts: Bool { get }

  /// An SQL expression for the number of a new bucket whose rows may start in the minute `?`; `nil`: the table numbers it.
  var newBucketID: String? { get }

  /// An SQL expression for the number of a new receipt; nil: the session counts.
  var newReceiptID: String? { get }

  /// Where a bucket's number stands in the order in which buckets were made: an SQL expression over a column.
  func order(ofBucket column: String) -> String

  /// How rows that are watched stand in the order of their commits; nil where their numbers alone do.
  var commitOrder: TransactionOrder? { get }

  /// Locks what hangs on schedules until the transaction ends, so that what is read of their events next is the present
  /// state and stays so: their plans, in the order of their numbers, then the open buckets with rows of theirs.
  func lock(_ schedules: [ScheduleNumber], in session: Session) throws

  /// Locks an agent's open buckets that somebody asks something about.
  func lock(bucketsOf agent: Int64, in session: Session) throws

  /// Keeps queues from being deleted or made while rows are put into them.
  func holdQueues(in session: Session) throws

  /// Waits until nobody puts rows into queues, and keeps them from it.
  func lockQueues(in session: Session) throws

  /// Waits until no other change from outside is under way, and keeps others from it.
  func lockChanges(in session: Session) throws

  /// The name of the agent that uses the store: whose chain its audit records stand in.
  var chain: String { get }

  /// The number of a new audit record.
  func nextAudit(in session: Session) throws -> Int64

  /// Told of an audit record once it is written: every change from outside writes one, as its last row.
  func wrote(audit number: Int64, hash: String, now: Timestamp, in session: Session) throws

  /// Ends a `SELECT` whose rows others may read, but not change, until the transaction ends.
  var forShare: String { get }

  // What follows has a common form, row by row; a backend that does it for all rows at once brings its own.

  /// Inserts buckets; answers their numbers, in order.
  func insert(_ buckets: [BucketDraft], now: Timestamp, in session: Session) throws -> [BucketID]
  /// Inserts event rows.
  func insert(_ events: [EventRow], in session: Session) throws
  /// Inserts receipts.
  /// - Throws: `.failedPrecondition` when a row has a receipt of that sink already.
  func insert(_ receipts: [ReceiptRow], in session: Session) throws
  /// Rows of the ledger, those that there are.
  func rows(_ refs: [EventRef], in session: Session) throws -> [LedgerRow]
  /// Those of some buckets that the lease owns, kept so until the transaction ends.
  func buckets(_ ids: [BucketID], ownedBy lease: AgentLease, in session: Session) throws -> [BucketRow]
  /// Gives free buckets to an agent: those of them that nobody else took meanwhile. The first claim stamps the routing.
  func take(
    _ buckets: [BucketID], _ lease: AgentLease, routing: Int64, now: Timestamp, in session: Session
  ) throws -> Set<BucketID>
  /// Keeps the plans of some schedules from changing until the transaction ends.
  func lock(plansOf schedules: [ScheduleNumber], in session: Session) throws
  /// Writes where series stand, where nobody changed them since the plans were made; answers what stood there.
  func advance(_ plans: [SchedulePlan], in session: Session) throws -> [ScheduleNumber: PlanGuard]
  /// Ends series that have no next occurrence, unless they only rest.
  func end(_ schedules: [ScheduleNumber], in session: Session) throws
  /// What one-offs refer to and may meet.
  func lookUp(_ oneOffs: [OneOff], in session: Session) throws -> OneOffLookup
  /// Makes the schedules of one-offs, which have ended already; answers their numbers, in order.
  func make(_ oneOffs: [NewOneOff], now: Timestamp, in session: Session) throws -> [ScheduleNumber]
  /// Those of some new events whose keys may not be planned (again).
  func blocked(_ events: [PlannedKey], in session: Session) throws -> Set<EventIdentity>
}

extension SQLDialect {
  /// The same for the only table of a `SELECT`.
  package var forUpdate: String { forUpdate(of: nil) }

  /// Nothing.
  package func wrote(audit number: Int64, hash: String, now: Timestamp, in session: Session) {}
}

/// Rows that several transactions number at the same time are committed in another order than that of their numbers.
/// Watchers read them by transaction and number, and nothing of transactions that are not over yet.
package struct TransactionOrder: Sendable {
  /// The column of `bucket`, `receipt` and `domain_event` that has the number of the transaction that wrote the row, a
  /// 64-bit integer that grows in the order in which transactions began.
  package var column: String
  /// An SQL expression for the oldest transaction that is not over: all before it are.
  package var oldestOpen: String

  /// Makes an order.
  package init(column: String, oldestOpen: String) {
    self.column = column
    self.oldestOpen = oldestOpen
  }
}
