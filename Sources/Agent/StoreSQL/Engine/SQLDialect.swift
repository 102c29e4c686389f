public import EventModel

/// What the backends do differently, for the SQL and the rules that are written once.
public protocol SQLDialect: Sendable {
  /// A member of a JSON column, as text: `json_extract(filter, '$.user')`.
  func member(_ name: String, of column: String) -> String

  /// A table of one integer column `value`, whose rows are the elements of the JSON array that the next parameter holds.
  var integers: String { get }

  /// Ends a `SELECT` whose rows are locked until the transaction ends; empty where a transaction has the whole store.
  var forUpdate: String { get }

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
}

/// Rows that several transactions number at the same time are committed in another order than that of their numbers.
/// Watchers read them by transaction and number, and nothing of transactions that are not over yet.
public struct TransactionOrder: Sendable {
  /// The column of `bucket`, `receipt` and `domain_event` that has the number of the transaction that wrote the row, a
  /// 64-bit integer that grows in the order in which transactions began.
  public var column: String
  /// An SQL expression for the oldest transaction that is not over: all before it are.
  public var oldestOpen: String

  /// Makes an order.
  public init(column: String, oldestOpen: String) {
    self.column = column
    self.oldestOpen = oldestOpen
  }
}
