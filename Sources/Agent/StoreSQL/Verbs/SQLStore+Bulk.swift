public import EventModel
public import Store

extension SQLStore {
  /// The most rows that one step changes.
  public static var maximumRowsPerStep: Int { Session.rowsPerUpkeep }

  /// See ``BulkStore``.
  public func moveEvents(
    _ filter: MoveFilter, to queue: String, reason: String, after cursor: String, limit: Int, actor: Actor,
    now: Timestamp
  ) async throws(StoreError) -> BulkStep {
    let step = try await write(.change, rows: limit) {
      try $0.moveEvents(filter, to: queue, reason: reason, after: cursor, limit: limit, actor: actor, now: now)
    }
    if step.matched > 0 { wakeOthers() }
    return step
  }

  /// See ``BulkStore``.
  public func purge(
    queue: String, dueBefore: Timestamp?, reason: String, after cursor: String, limit: Int, actor: Actor,
    now: Timestamp
  ) async throws(StoreError) -> BulkStep {
    let step = try await write(.change, rows: limit) {
      try $0.purge(
        queue: queue, dueBefore: dueBefore, reason: reason, after: cursor, limit: limit, actor: actor, now: now)
    }
    if !step.commands.isEmpty { wakeOthers() }
    return step
  }

  /// See ``BulkStore``.
  public func commandCounts(_ ids: [Int64]) async throws(StoreError) -> CommandCounts {
    try await read(.fresh) { try $0.commandCounts(ids) }
  }
}
