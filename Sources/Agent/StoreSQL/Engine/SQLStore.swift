public import Store

/// Who goes first where writers wait for one another. A renewal is one row, and late it costs the agent all of its buckets.
public enum WritePriority: Int, CaseIterable, Sendable {
  /// A lease.
  case lease
  /// Receipts.
  case record
  /// Claims, and what people ask of single events.
  case claim
  /// The planner.
  case plan
  /// Everything else.
  case change
}

/// How fresh a read must be.
public enum Freshness: Sendable {
  /// It sees every transaction that was acknowledged before it began.
  case fresh
  /// It may lag behind: lists, history and statistics, for people. A backend with a replica reads there.
  case mayLag
}

/// A store over SQL. A backend supplies transactions; the verbs are written once, here, over ``Session``. A backend may
/// bring a verb of its own where the common one is not the fastest it can do.
public protocol SQLStore: Store {
  /// One transaction. What `body` throws undoes what it did; it may be run again after a passing fault, so it must have no
  /// other effects.
  /// - Parameter rows: about how many rows it writes.
  func write<Value: Sendable>(
    _ priority: WritePriority, rows: Int, _ body: @escaping @Sendable (Session) throws -> Value
  ) async throws(StoreError) -> Value

  /// One snapshot.
  func read<Value: Sendable>(
    _ freshness: Freshness, _ body: @escaping @Sendable (Session) throws -> Value
  ) async throws(StoreError) -> Value

  /// Told after a verb left something that another process of the store should look at; returns at once. What wakes them
  /// is a hint: see `Store.wakeUps()`.
  func wakeOthers()
}

extension SQLStore {
  /// Nobody: the store has one process.
  public func wakeOthers() {}
}
