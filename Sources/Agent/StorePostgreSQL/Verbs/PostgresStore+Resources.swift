public import EventModel
public import Store
import StoreSQL

extension PostgresStore {
  /// See ``ResourceStore``. Each transaction waits once for the disk, and once for its turn among the fleet's changes.
  public static var maximumChangesPerTransaction: Int { 5_000 }

  /// See ``ResourceStore``. Puts of users and schedules go in bulk.
  public func commit(
    _ changes: [Change], actor: Actor, dryRun: Bool, now: Timestamp
  ) async throws(StoreError) -> [ChangeResult] {
    let most = Self.maximumChangesPerTransaction
    let batch = BulkBatch(changes)
    defer { if !dryRun { wakeOthers() } }
    return try await write(.change, rows: changes.count) { session in
      guard let batch else {
        return try session.commit(changes, actor: actor, dryRun: dryRun, now: now, most: most)
      }
      return try session.bulk(batch, actor: actor, dryRun: dryRun, now: now, most: most) { bulk in
        let done = try bulk.all()
        return (done, done.map(\.result))
      }
    }
  }

  /// See ``ResourceStore``. Puts of users and schedules go in bulk.
  public func commitEach(
    _ changes: [Change], actor: Actor, dryRun: Bool, now: Timestamp
  ) async throws(StoreError) -> [Result<ChangeResult, StoreError>] {
    let most = Self.maximumChangesPerTransaction
    let batch = BulkBatch(changes)
    defer { if !dryRun { wakeOthers() } }
    return try await write(.change, rows: changes.count) { session in
      guard let batch else {
        return try session.commitEach(changes, actor: actor, dryRun: dryRun, now: now, most: most)
      }
      return try session.bulk(batch, actor: actor, dryRun: dryRun, now: now, most: most) { bulk in
        let results = try bulk.each()
        return (results.compactMap { try? $0.get() }, results.map { $0.map(\.result) })
      }
    }
  }
}

extension Session {
  /// A batch and its audit record; a dry run undoes both.
  fileprivate func bulk<Value>(
    _ batch: BulkBatch, actor: Actor, dryRun: Bool, now: Timestamp, most: Int,
    _ body: (inout BulkCommit) throws -> (done: [Applied], answer: Value)
  ) throws -> Value {
    try Self.checkCount(batch.changes, most: most)
    return try trial(dryRun) {
      try dialect.lockChanges(in: self)
      var bulk = try BulkCommit(batch, actor: actor, now: now, in: self)
      let (done, answer) = try body(&bulk)
      try audit(actor, done, now: now)
      return answer
    }
  }
}
