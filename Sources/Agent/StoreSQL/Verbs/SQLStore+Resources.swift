public import EventModel
public import Store

extension SQLStore {
  /// The most changes that one `commit` takes.
  public static var maximumChangesPerTransaction: Int { Session.changesPerTransaction }

  /// See ``ResourceStore``.
  public func commit(
    _ changes: [Change], actor: Actor, dryRun: Bool, now: Timestamp
  ) async throws(StoreError) -> [ChangeResult] {
    try await write(.change, rows: changes.count) {
      try $0.commit(changes, actor: actor, dryRun: dryRun, now: now)
    }
  }

  /// See ``ResourceStore``.
  public func commitEach(
    _ changes: [Change], actor: Actor, dryRun: Bool, now: Timestamp
  ) async throws(StoreError) -> [Result<ChangeResult, StoreError>] {
    try await write(.change, rows: changes.count) {
      try $0.commitEach(changes, actor: actor, dryRun: dryRun, now: now)
    }
  }
  /// See ``CreationStore``.
  public func create(
    _ change: Change, request: RequestID, actor: Actor, dryRun: Bool, now: Timestamp
  ) async throws(StoreError) -> Creation {
    let creation = try await write(.change, rows: 1) {
      try $0.create(change, request: request, actor: actor, dryRun: dryRun, now: now)
    }
    if !dryRun, !creation.isRepeated { wakeOthers() }
    return creation
  }
}
